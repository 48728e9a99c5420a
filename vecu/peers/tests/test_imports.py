"""From a spreadsheet to people: every refused line says why; all or nothing; once."""

from __future__ import annotations

import io
import time
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vecu.core import journal, spreadsheet
from vecu.core.errors import Denied, Refused
from vecu.core.models import DataKey, JournalEntry
from vecu.peers import actions, exports, roster, tasks
from vecu.peers.models import Clearance, ImportDraft, LivedExperience, Peer
from vecu.people.models import Membership, Person
from vecu.people.tests.factories import MembershipFactory, PersonFactory, SiteFactory

HEADER = [column.fr for column in roster.COLUMNS]
EXAMPLE = {column.code: column.example for column in roster.COLUMNS}


def file_of(*lines: dict[str, str], header: list[str] | None = None) -> io.BytesIO:
    rows = [[{**dict.fromkeys(EXAMPLE, ""), **line}[column.code] for column in roster.COLUMNS] for line in lines]
    return io.BytesIO(spreadsheet.write_csv(header or HEADER, rows))


def parsed(*lines: dict[str, str]) -> roster.Roster:
    return roster.parse(spreadsheet.read_table(file_of(*lines)))


def a_line(**cells: str) -> dict[str, str]:
    return {"given_name": "Marc", "experiences": "sep", **cells}


def refusal(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        act(*args, **kwargs)
    assert caught.value.sentence
    return caught.value.code


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("write", [spreadsheet.write_xlsx, spreadsheet.write_ods])
def test_the_model_can_be_read_as_it_is(write: Any, language: str) -> None:
    with translation.override(language):
        found = roster.parse(spreadsheet.read_table(io.BytesIO(write(*roster.template_sheets()))))
    assert not found.problems and not found.ignored
    (line,) = found.people
    assert line["experiences"] == [
        ("cancer_sein", 2011, 2014),
        ("chimiotherapie", 2011, 2011),
        ("reprise_travail", None, None),
    ]
    assert (line["departement"], line["channels"], line["territories"]) == ("44", ["phone", "video"], ["44", "49"])
    assert (line["started_on"], line["languages"], line["max_pairs"]) == ("2023-09-01", ["fr", "pt"], 3)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"given_name": ""}, "no_given_name"),
        ({"given_name": "x" * 81}, "too_long"),
        ({"experiences": ""}, "no_experience"),
        ({"experiences": "rhume"}, "experience"),
        ({"experiences": "sein"}, "near"),
        ({"experiences": "sep ; sep"}, "experience_twice"),
        ({"experiences": "sep (2999)"}, "experience_years"),
        ({"experiences": "sep (2014-2011)"}, "experience_years"),
        ({"birth_year": "1990", "experiences": "sep (1980)"}, "experience_years"),
        ({"birth_year": "66"}, "year"),
        ({"birth_year": "2999"}, "year"),
        ({"gender": "licorne"}, "gender"),
        ({"phone": "appelez-moi"}, "phone"),
        ({"email": "marc chez courrier"}, "email"),
        ({"email": "a@b.example\r\nBcc: x@y.example"}, "email"),
        ({"departement": "Nantes"}, "departement"),
        ({"languages": "elfique"}, "language"),
        ({"kind": "médecin"}, "choice"),
        ({"relation": "patron"}, "choice"),
        ({"channels": "pigeon"}, "choice"),
        ({"territories": "44 ; 999"}, "departement"),
        ({"started_on": "31/02/2024"}, "date"),
        ({"started_on": "01/01/0000"}, "date"),
        ({"started_on": "31/12/9999"}, "date"),
        ({"started_on": "01/01/2050"}, "date_to_come"),
        ({"max_pairs": "-1"}, "number"),
        ({"max_pairs": "9" * 30}, "number"),
        ({"max_pairs": "NaN"}, "number"),
        ({"charter_on": "hier"}, "date"),
        ({"insurance_on": "01/02/2026", "insurance_until": "01/01/2026"}, "insurance"),
    ],
)
def test_each_refused_line_says_why(cells: dict[str, str], code: str) -> None:
    found = parsed(a_line(given_name="Léa"), a_line(**cells))
    assert code in [one.code for one in found.problems]
    assert {one.line for one in found.problems} == {3} and len(found.people) == 1
    for one in found.problems:
        for language in ("fr", "en"):
            with translation.override(language):
                assert one.sentence and "%(" not in one.sentence and roster.BY_CODE[one.column].title
    again = roster.Roster.from_json(found.as_json())
    assert again.problems == found.problems and again.refused == [3]


@pytest.mark.parametrize(
    ("column", "typed", "value"),
    [
        ("birth_year", "12/05/1966", 1966),
        ("birth_year", "1966-05-12", 1966),
        ("phone", "199001020", "0199001020"),
        ("departement", "1", "01"),
        ("gender", "Mme", "woman"),
        ("kind", "aidante", "relative"),
        ("relation", "mère", "parent"),
        ("channels", "Tél, Visio", ["phone", "video"]),
        ("languages", "Français, arabe", ["fr", "ar"]),
        ("languages", "", ["fr"]),
        ("started_on", "2019", "2019-01-01"),
        ("experiences", "Sclérose en plaques (SEP) depuis rien", None),
        ("experiences", "sclerose en plaques (sep) 2014-", [("sep", 2014, None)]),
        ("experiences", "Cancer du sein 2011 à 2014 | fatigue", [("cancer_sein", 2011, 2014), ("fatigue", None, None)]),
    ],
)
def test_the_habits_of_people_are_understood(column: str, typed: str, value: Any) -> None:
    found = parsed(a_line(**{column: typed}))
    if value is None:
        assert found.problems
    else:
        assert found.people[0][column] == value


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(list(EXAMPLE)), st.text(st.characters(codec="utf-8"), max_size=30), max_size=6))
def test_whatever_is_typed_gives_people_or_sentences(cells: dict[str, str]) -> None:
    found = parsed(a_line(**cells), a_line(given_name="Zoé"))
    assert len(found.people) + len(found.refused) == found.total
    assert all(one.sentence for one in found.problems)


def test_the_titles_must_be_ours() -> None:
    read = spreadsheet.read_table
    with pytest.raises(Refused) as caught:
        roster.parse(read(io.BytesIO(b"a;b\n1;2\n")))
    assert caught.value.code == "no_column" and "Prénom" in caught.value.sentence
    with pytest.raises(Refused) as caught:
        roster.parse(read(io.BytesIO("Prénom;First name;Vécu\na;b;c\n".encode())))
    assert caught.value.code == "column_twice"
    found = roster.parse(read(io.BytesIO("PRENOM;vecu;Couleur préférée\nMarc;sep;bleu\n".encode())))
    assert found.ignored == ["Couleur préférée"] and len(found.people) == 1


def test_the_same_person_twice_in_the_file() -> None:
    twins = a_line(family_name="Ollivier", birth_year="1959")
    found = parsed(twins, twins, a_line(family_name="OLLIVIER", birth_year="1980"))
    assert [(one.line, one.code, one.params) for one in found.problems] == [(3, "same_line", {"line": 2})]
    found = parsed(a_line(email="m@courrier.example"), a_line(given_name="Léa", email="M@courrier.example"))
    assert [one.code for one in found.problems] == ["same_address"]


def draft_of(world: SimpleNamespace, *lines: dict[str, str], **kwargs: Any) -> ImportDraft:
    return actions.read_import(
        file_of(*lines), actor=world.claire, organisation=world.here, file_name="pairs.csv", **kwargs
    )


class TestReading:
    def test_nothing_is_added_before_confirming(self, world: SimpleNamespace) -> None:
        before = Person.objects.count()
        draft = draft_of(world, EXAMPLE)
        assert Person.objects.count() == before
        assert draft.expires_at > timezone.now() + timedelta(hours=23)
        stored = ImportDraft.objects.values_list("rows", flat=True).get(pk=draft.pk)
        assert b"Dubreuil" not in stored.data, "what waits is sealed"

    def test_people_already_here_are_seen(self, world: SimpleNamespace) -> None:
        PersonFactory(given_name="Léa", family_name="Roux", birth_year=1970)
        elsewhere = PersonFactory(given_name="Paul", family_name="Noir", birth_year=1970)
        MembershipFactory(person=elsewhere, organisation=world.elsewhere)
        address = world.people["helene"].user.email
        found = draft_of(
            world,
            a_line(given_name="Hélène", family_name="dubreuil"),
            a_line(given_name="Hélène", family_name="Dubreuil", birth_year="1990"),
            a_line(given_name="Léa", family_name="Roux"),
            a_line(given_name="Paul", family_name="Noir"),
            a_line(given_name="Zoé", email=address),
        ).rows
        assert [(one["line"], one["code"]) for one in found["problems"]] == [(2, "known"), (6, "known_address")]

    def test_a_place_of_care_is_one_of_the_organisations_sites(self, world: SimpleNamespace) -> None:
        SiteFactory(organisation=world.elsewhere, name="Clinique des Tilleuls")
        named = a_line(given_name="Ana", care_site=world.site.name.upper())
        found = draft_of(world, named, a_line(given_name="Léo", care_site="Clinique des Tilleuls")).rows
        assert [person["care_site"] for person in found["people"]] == [str(world.site.pk)]
        (problem,) = roster.Roster.from_json(found).problems
        assert (problem.line, problem.column) == (3, "care_site")
        assert world.site.name in problem.sentence and "Tilleuls" in problem.sentence

    def test_without_a_site_the_sentence_says_so(self, world: SimpleNamespace) -> None:
        youssef = actions.read_import(
            file_of(a_line(care_site="CHU")), actor=world.youssef, organisation=world.elsewhere, file_name="pairs.csv"
        )
        assert [one["code"] for one in youssef.rows["problems"]] == ["no_site"]

    def test_a_second_reading_erases_the_first(self, world: SimpleNamespace) -> None:
        first = draft_of(world, EXAMPLE)
        draft_of(world, EXAMPLE)
        assert not ImportDraft.objects.filter(pk=first.pk).exists()
        assert DataKey.objects.get(pk=first.vault_id).destroyed_at is not None

    def test_titles_alone_are_refused(self, world: SimpleNamespace) -> None:
        assert refusal(draft_of, world) == "no_line"

    def test_only_ones_own_organisation(self, world: SimpleNamespace) -> None:
        with pytest.raises(Denied):
            actions.read_import(file_of(EXAMPLE), actor=world.youssef, organisation=world.here, file_name="x")
        with pytest.raises(Denied):
            actions.read_import(file_of(EXAMPLE), actor=world.herself, organisation=world.here, file_name="x")

    def test_the_clock_erases_what_nobody_confirmed(self, world: SimpleNamespace) -> None:
        draft = draft_of(world, EXAMPLE)
        tasks.purge_imports(timezone.now() + timedelta(hours=23))
        assert ImportDraft.objects.filter(pk=draft.pk).exists()
        tasks.purge_imports(timezone.now() + timedelta(hours=25))
        assert not ImportDraft.objects.filter(pk=draft.pk).exists()
        assert DataKey.objects.get(pk=draft.vault_id).destroyed_at is not None

    def test_five_thousand_lines_half_wrong_are_read_quickly(self, world: SimpleNamespace) -> None:
        lines = [a_line(given_name=f"Prénom {n}", experiences="sep (2014)" if n % 2 else "rhume") for n in range(5000)]
        started = time.process_time()
        draft = draft_of(world, *lines)
        assert time.process_time() - started < 8
        assert len(roster.Roster.from_json(draft.rows).refused) == 2500
        assert refusal(actions.confirm_import, draft, actor=world.claire) == "problems"
        assert not Peer.objects.exclude(pk=world.helene.pk).exists()


class TestConfirming:
    def test_it_works(self, world: SimpleNamespace) -> None:
        relative = a_line(
            given_name="Zoé", kind="Proche", relation="fille", insurance_until="31/12/2049", care_site=world.site.name
        )
        (helene, zoe) = actions.confirm_import(
            draft_of(world, {**EXAMPLE, "given_name": "Irène"}, relative), actor=world.claire
        )
        helene = Peer.objects.select_related("person").get(pk=helene.pk)
        assert (helene.person.given_name, helene.person.family_name) == ("Irène", "Dubreuil")
        assert helene.presentation == "J’ai repris le travail après un an."
        assert list(LivedExperience.objects.filter(peer=helene).order_by("code").values_list("code", "year_to")) == [
            ("cancer_sein", 2014),
            ("chimiotherapie", 2011),
            ("reprise_travail", None),
        ]
        assert set(Clearance.objects.filter(peer=helene).values_list("kind", flat=True)) == {
            "charter",
            "confidentiality",
            "training",
            "insurance",
        }
        assert (zoe.kind, zoe.relation, zoe.max_pairs) == ("relative", "child", 3)
        assert (zoe.care_site_id, helene.care_site_id) == (world.site.pk, None)
        assert Membership.objects.filter(person=helene.person, role="peer").count() == 1
        assert JournalEntry.objects.filter(verb="person.create", subject_id=helene.person_id).exists()
        assert not ImportDraft.objects.exists()

    def test_a_long_list_is_added_in_few_statements(self, world: SimpleNamespace) -> None:
        """Ten times more people, not ten times more statements: nobody else may write meanwhile."""
        asked = []
        for size in (20, 180):
            draft = draft_of(world, *(a_line(given_name=f"Prénom {size}-{n}") for n in range(size)))
            with CaptureQueriesContext(connection) as queries:
                actions.confirm_import(draft, actor=world.claire)
            asked.append(len(queries))
        assert asked[1] - asked[0] < 20, asked
        assert Peer.objects.filter(organisation=world.here).count() == 201
        names = {peer.person.given_name for peer in Peer.objects.select_related("person")}
        assert {"Prénom 20-0", "Prénom 180-179"} <= names
        assert journal.verify() == []

    def test_twice_is_once(self, world: SimpleNamespace) -> None:
        draft = draft_of(world, a_line())
        actions.confirm_import(draft, actor=world.claire)
        with pytest.raises(Denied):
            actions.confirm_import(draft, actor=world.claire)
        assert Peer.objects.filter(organisation=world.here).count() == 2

    def test_someone_added_meanwhile_stops_it_all(self, world: SimpleNamespace) -> None:
        draft = draft_of(world, a_line(given_name="Léa"), a_line(family_name="Ollivier"))
        MembershipFactory(person=PersonFactory(given_name="Marc", family_name="Ollivier"), organisation=world.here)
        assert refusal(actions.confirm_import, draft, actor=world.claire) == "problems"
        assert Peer.objects.filter(organisation=world.here).count() == 1
        assert ImportDraft.objects.filter(pk=draft.pk).exists(), "the refusal undoes everything, the preview stays"

    def test_hundreds_of_people_take_few_seconds(self, world: SimpleNamespace) -> None:
        draft = draft_of(world, *(a_line(given_name=f"Prénom {n}", family_name=f"Nom {n}") for n in range(300)))
        started = time.process_time()
        assert len(actions.confirm_import(draft, actor=world.claire)) == 300
        assert time.process_time() - started < 6

    def test_giving_up_erases(self, world: SimpleNamespace) -> None:
        draft = draft_of(world, a_line())
        with pytest.raises(Denied):
            actions.give_up_import(draft, actor=world.youssef)
        actions.give_up_import(draft, actor=world.claire)
        assert not ImportDraft.objects.exists()


class TestPages:
    def upload(self, client: Any, content: bytes, name: str = "pairs.csv") -> Any:
        return client.post(reverse("peer_import"), {"file": SimpleUploadedFile(name, content)})

    def test_from_the_model_to_people(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("claire")
        assert client.get(reverse("peer_import")).status_code == 200
        template = client.get(reverse("peer_import_template", args=["xlsx"]))
        assert "attachment" in template.headers["Content-Disposition"]
        preview = self.upload(client, template.content).headers["Location"]
        page = client.get(preview).content.decode()
        assert "Quelqu’un de ce nom est déjà là" in page, "the example bears the name of someone already here"
        lines = file_of({**EXAMPLE, "given_name": "Irène"}).getvalue()
        preview = self.upload(client, lines).headers["Location"]
        assert "1 personne sera ajoutée" in client.get(preview).content.decode()
        done = client.post(f"{preview}confirmer/", follow=True).content.decode()
        assert "1 personne a été ajoutée" in done and "Irène" in done
        assert client.post(f"{preview}confirmer/").status_code == 404

    def test_refused_lines_are_shown_and_given_back(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("claire")
        wrong = file_of(a_line(experiences="sein"), a_line(given_name="=1+1", phone="<b>non</b>")).getvalue()
        preview = self.upload(client, wrong).headers["Location"]
        page = client.get(preview).content.decode()
        assert "Vouliez-vous écrire" in page and "2 lignes sur 2 sont refusées" in page and "<b>non</b>" not in page
        back = spreadsheet.read_table(io.BytesIO(client.get(f"{preview}a-corriger.xlsx").content))
        assert back.header[-2:] == ("Ligne", "Quoi corriger") and len(back.rows) == 2
        assert client.post(f"{preview}confirmer/").status_code == 409
        assert client.post(f"{preview}abandonner/").status_code == 303
        assert client.get(preview).status_code == 404

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("vide.csv", b""),
            ("photo.xlsx", b"\x89PNG\r\n\x1a\n"),
            ("page.csv", b"<html><script>1</script>"),
            ('a";\n.csv', b"a;b\n1;2"),
            ("bombe.xlsx", b"PK\x03\x04" + b"\0" * 50),
            ("vieux.xls", spreadsheet.OLD_EXCEL),
            ("gros.csv", b"x" * (spreadsheet.MAX_BYTES + 10)),
            ("eicar.csv", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"),
        ],
    )
    def test_what_is_no_list_gets_a_sentence(
        self, enter: Any, world: SimpleNamespace, name: str, content: bytes
    ) -> None:
        response = self.upload(enter("claire"), content, name)
        assert (response.status_code == 422 and b"field-error" in response.content) or b"alert" in response.content

    def test_nothing_sent_gets_a_sentence(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("claire")
        assert client.post(reverse("peer_import"), {}).status_code == 422
        assert client.post(reverse("peer_import"), {"file": "texte"}).status_code == 422
        assert client.get(reverse("peer_import_template", args=["exe"])).status_code == 404

    def test_the_preview_of_someone_else_is_not_found(self, enter: Any, world: SimpleNamespace) -> None:
        draft = draft_of(world, a_line())
        client = enter("youssef")
        for name in ("peer_import_preview", "peer_import_refused"):
            assert client.get(reverse(name, args=[draft.pk])).status_code == 404
        for name in ("peer_import_confirm", "peer_import_give_up"):
            assert client.post(reverse(name, args=[draft.pk])).status_code == 404
        assert ImportDraft.objects.filter(pk=draft.pk).exists()

    def test_days_of_the_export_are_those_of_the_wall(self, world: SimpleNamespace) -> None:
        """Half past midnight in Paris is still the day before in Greenwich."""
        late = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
        Peer.objects.update(last_pair_at=late, paused_at=late)
        line = exports.export_peers(world.here, actor=world.claire).rows[0]
        assert list(line).count(date(2026, 5, 4)) == 2 and date(2026, 5, 3) not in line

    def test_export_holds_no_formula_no_last_name_and_is_journaled(self, enter: Any, world: SimpleNamespace) -> None:
        Person.objects.filter(pk=world.helene.person_id).update(handle="=HYPERLINK(1)")
        client = enter("claire")
        answer = client.post(reverse("peer_export"), {"format": "csv"}).content.decode("utf-8-sig")
        assert "Hélène" in answer and "Dubreuil" not in answer and '"\'=HYPERLINK(1)"' in answer
        assert client.post(reverse("peer_export"), {"format": "xlsx"}).content.startswith(b"PK")
        assert client.get(reverse("peer_export")).status_code == 303
        assert JournalEntry.objects.filter(verb="peers.export").count() == 2
