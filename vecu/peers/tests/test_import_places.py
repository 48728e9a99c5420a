"""Sites, trainings and conventions in the spreadsheet of people: all or nothing, said line by line."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.core import spreadsheet
from vecu.core.errors import Refused
from vecu.peers import actions, readiness, roster
from vecu.peers.models import Clearance, ImportDraft, Peer, SiteAgreement
from vecu.people.models import Site

pytestmark = pytest.mark.django_db
CODES = [column.code for column in roster.COLUMNS]
HEADER = [column.fr for column in roster.COLUMNS]
NEW = {"site": "Clinique du Parc", "site_town": "Saumur", "site_departement": "49"}
SIGNED = {"agreement_on": "01/01/2026", "agreement_until": "31/12/2030"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def read(cast: Cast, *lines: dict[str, str]) -> ImportDraft:
    usual = {**dict.fromkeys(CODES, ""), "experiences": "Stomie"}
    rows = [[{**usual, "given_name": f"Personne {n}", **line}[code] for code in CODES] for n, line in enumerate(lines)]
    file = io.BytesIO(spreadsheet.write_csv(HEADER, rows))
    return actions.read_import(file, actor=actor_of(cast.claire), organisation=cast.committee, file_name="a.csv")


def problems(draft: ImportDraft) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in roster.Roster.from_json(draft.rows).problems]


def test_one_file_brings_people_sites_trainings_and_conventions(cast: Cast) -> None:
    proofs = {"charter_on": "01/02/2026", "confidentiality_on": "01/02/2026", "insurance_on": "01/02/2026"}
    trained = {**proofs, "training_on": "01/02/2026", "training_until": "31/12/2030"}
    site = {"site": "clinique du parc"}
    draft = read(
        cast, {**NEW, **SIGNED, **trained}, {**site, "care_site": "Clinique du Parc"}, {"site": cast.ward.name}
    )
    assert problems(draft) == []
    peers = actions.confirm_import(draft, actor=actor_of(cast.claire))
    made = Site.objects.get(name="Clinique du Parc")
    assert (made.town, made.departement, made.organisation) == ("Saumur", "49", cast.committee)
    agreement = SiteAgreement.objects.get(site=made)
    assert (agreement.starts_on, agreement.ends_on) == (date(2026, 1, 1), date(2030, 12, 31))
    assert Clearance.objects.get(kind="training").expires_on == date(2030, 12, 31)
    assert peers[1].care_site_id == made.pk
    assert readiness.readiness(peers[0], made).is_ready


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"site": "Clinique du Parc"}, (2, "site", "site_unknown")),
        ({"site": "Clinique du Parc", "site_town": "Saumur"}, (2, "site", "site_unknown")),
        ({**NEW, "agreement_on": "31/12/2030", "agreement_until": "01/01/2026"}, (2, "agreement_until", "agreement")),
        ({**NEW, "agreement_until": "01/01/2026"}, (2, "agreement_on", "agreement_undated")),
        (SIGNED, (2, "site", "agreement_nowhere")),
        ({**NEW, "agreement_on": "bientôt"}, (2, "agreement_on", "date")),
        ({**NEW, "site_departement": "999"}, (2, "site_departement", "departement")),
        ({"training_on": "01/02/2026", "training_until": "01/02/2020"}, (2, "training_until", "training")),
    ],
)
def test_a_bad_line_is_named_and_changes_nothing(cast: Cast, line: dict[str, str], expected: tuple[Any, ...]) -> None:
    sites = Site.objects.count()
    draft = read(cast, line, {})
    assert problems(draft) == [expected]
    assert roster.Roster.from_json(draft.rows).problems[0].sentence
    with pytest.raises(Refused):
        actions.confirm_import(draft, actor=actor_of(cast.claire))
    assert (Peer.objects.count(), Site.objects.count(), SiteAgreement.objects.count()) == (0, sites, 0)


def test_two_lines_that_differ_about_one_site(cast: Cast) -> None:
    draft = read(cast, {**NEW, **SIGNED}, {"site": "Clinique du Parc", "agreement_on": "05/05/2026"})
    assert problems(draft) == [(3, "agreement_on", "site_differs")]


def test_a_convention_already_there_is_not_written_twice(cast: Cast) -> None:
    claire = actor_of(cast.claire)
    actions.record_agreement(cast.ward, actor=claire, starts_on=date(2026, 1, 1), ends_on=date(2030, 12, 31))
    actions.confirm_import(read(cast, {"site": cast.ward.name, **SIGNED}), actor=claire)
    assert SiteAgreement.objects.count() == 1


def test_fifty_people_in_one_go_through_the_pages(client: Any, cast: Cast) -> None:
    sign_in(client, cast.claire)
    assert client.get("/demarrer/").status_code == 200
    draft = read(cast, *({**NEW, **SIGNED} for _number in range(50)))
    page = client.get(f"/pairs/importer/{draft.pk}/").content.decode()
    assert "Clinique du Parc" in page and "50 personnes" in page
    assert client.post(f"/pairs/importer/{draft.pk}/confirmer/").status_code == 303
    assert Peer.objects.count() == 50
    page = client.get("/demarrer/").content.decode()
    assert "(50)" in page and "Fait" in page


def test_role_without_right_gets_403(client: Any, cast: Cast) -> None:
    sign_in(client, cast.solene)
    assert client.get("/demarrer/").status_code == 403
