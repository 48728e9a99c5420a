"""Nothing is left of whoever asked to be erased, and a copy of one's data says nothing of anybody else."""

from __future__ import annotations

import base64
import copy
import html
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from tests.access.requests import log
from tests.access.world import Side, World, make_peer, make_world
from tests.cast import PEOPLE, actor_of
from vecu.accompaniment.actions import closing, evaluations, proposals, requests, triage
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.enums import CallOutcome, RequestSource
from vecu.accompaniment.models import Evaluation, Pair, SupportRequest
from vecu.core import vault
from vecu.core.crypto import ERASED, EncryptedField
from vecu.core.tables import DataKey
from vecu.impact import figures, masking
from vecu.impact.periods import period_of
from vecu.messaging.actions import lines, messages, threads
from vecu.messaging.enums import ThreadState
from vecu.messaging.erasures import GONE
from vecu.messaging.models import Notice, Participant, Thread
from vecu.people import actions as people
from vecu.people import erasures, terms
from vecu.people.actor import Actor, system
from vecu.people.enums import ConsentChannel, ConsentPurpose, Role
from vecu.people.models import DataCopy, Membership, Person
from vecu.safeguarding.actions import alerts, reports, talks
from vecu.safeguarding.enums import AlertKind, AlertOutcome, ReportOutcome, ReportReason
from vecu.safeguarding.models import Alert, Report, TalkRequest

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

# Zélie asks for a peer and is one: everything that this house can hold is held about her.
NAME = ("Zélie-Anaïs", "Quintrec-Moraval")
PHONE, MAIL, TOWN = "01 99 00 77 31", "zelie.quintrec@courrier.example", "Kerzoualic-sur-Aven"
HANDLE = "Ginkgo outremer 424242"
TOLD = "Depuis mon diagnostic je dors dans la serre aux agapanthes."
WORD = "Un mot de Zélie au bout du compte : merci, grande échelle."
ALERT, REPORT, TALK = "Je suis au phare de Porz-Even.", "Il parle de mes oliviers.", "J’ai la gorge en carton-pâte."
LIMITS, PRESENTATION = "Pas de conversation sur les ambulances jaunes.", "Je cultive des agapanthes et j’écoute."
OF_ZELIE = [*NAME, HANDLE, PHONE, MAIL, TOWN, TOLD, WORD, ALERT, REPORT, TALK, LIMITS, PRESENTATION]
WRITTEN = "Bonjour, ici la dame aux agapanthes bleues."  # received by Hélène: hers too, until the stated date
TO_ZELIE = "Bonjour Madame, je vous lis depuis mon balcon."
NOT_FOR_ZELIE = "Un secret confié à Nadia, aux cerfs-volants."


class Story:
    """Zélie, followed by Hélène, and following someone herself."""

    def __init__(self, world: World) -> None:
        self.side: Side = world.here
        self.person = people.create_person(
            actor=system(self.side.organisation.pk),
            organisation=self.side.organisation,
            role=Role.BENEFICIARY,
            given_name=NAME[0],
            family_name=NAME[1],
            email=MAIL,
            has_account=True,
            phone=PHONE,
            town=TOWN,
            departement="29",
            birth_year=1971,
            languages=["fr"],
        )
        Membership.objects.create(
            person=self.person,
            organisation=self.side.organisation,
            role=Role.PEER,
            started_on=timezone.localdate() - 800 * DAY,
        )
        self.person.handle = HANDLE
        self.person.save()
        people.record_consent(
            self.person,
            ConsentPurpose.EVALUATION,
            actor=self.side.claire,
            organisation=self.side.organisation,
            channel=ConsentChannel.ORAL,
        )
        self._as_a_person()
        self._as_a_peer()
        self._in_danger()

    @property
    def actor(self) -> Actor:
        return actor_of(self.person, self.side.organisation)

    def _as_a_person(self) -> None:
        """One meeting over with its questions answered, one going on with messages."""
        self.over = self._pair(days=90)
        closing.close_pair(self.over, actor=self.side.claire, closing="need_met", now=timezone.now() - 7 * DAY)
        own = Evaluation.objects.get(pair=self.over, person=self.person)
        evaluations.answer(own, actor=self.actor, first=5, second=4, word=WORD)
        self.pair = self._pair(days=12)
        log(self.side, self.pair, 10)
        for actor, body in ((self.actor, WRITTEN), (self.side.helene, TO_ZELIE)):
            self.message = messages.send_message(self.pair.thread, actor=actor, body=body)

    def _pair(self, days: int) -> Pair:
        now = timezone.now()
        request, _code = requests.receive_request(
            self.side["programme"],
            actor=self.actor,
            source=RequestSource.ONLINE,
            asker=Asker(given_name=NAME[0], phone=PHONE, departement="29", birth_year=1971, town=TOWN),
            told=Told(
                role="patient",
                needs={"conditions": ["sep"], "stage": "living_with", "age_group": "adult"},
                wishes={"matters": ["travail"], "channels": ["phone", "writing"]},
                own_words=TOLD,
            ),
            has_agreed=True,
            now=now - (days + 3) * DAY,
        )
        at = now - (days + 2) * DAY
        triage.log_call(request, actor=self.side.claire, outcome=CallOutcome.REACHED, now=at)
        triage.open_request(request, actor=self.side.claire, channel=ConsentChannel.ONLINE, now=at)
        proposal = proposals.propose(
            request, self.side["peer"], actor=self.side.claire, choice_reason="story", now=now - days * DAY
        )
        return proposals.accept(proposal, actor=self.side.helene, now=now - days * DAY)

    def _as_a_peer(self) -> None:
        self.peer = make_peer(self.side, self.person)
        self.peer.presentation = PRESENTATION
        self.peer.save()
        self.peer.passports.create(
            organisation=self.side.organisation, activity="accompaniment", version=1, own_words=LIMITS
        )
        self.talk = talks.ask_to_talk(
            actor=self.actor, person_id=self.person.pk, organisation_id=self.side.organisation.pk, words=TALK
        )

    def _in_danger(self) -> None:
        """An alert closed, and a report answered."""
        alert = alerts.open_alert(
            self.side.organisation, actor=self.actor, kind=AlertKind.HELP_NOW, subject=self.person, where=ALERT
        )
        alerts.take_alert(alert, actor=self.side.claire)
        alerts.close_alert(alert, actor=self.side.claire, outcome=AlertOutcome.values[0], note="Vue.")
        lines.report_message(self.message, actor=self.actor, reason=ReportReason.MEDICAL, words=REPORT)
        self.alert, self.report = alert, Report.objects.get(message_key=self.message.pk)
        reports.take_report(self.report, actor=self.side.claire)
        reports.answer_report(self.report, actor=self.side.claire, outcome=ReportOutcome.REMINDER, answer="C’est vu.")


@pytest.fixture(scope="module")
def told(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Story]:
    """The story as it was lived, made once for a worker.

    A handle is drawn within an organisation: by chance somebody elsewhere bears the same as one of the cast, and it is
    then rightly found after the erasure. Those of the cast are left out of the draw.
    """
    drawn, of_the_cast = terms.drawn, {person[2] for person in PEOPLE}
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as chance:
        chance.setattr(terms, "drawn", lambda: [handle for handle in drawn() if handle not in of_the_cast])
        yield Story(make_world())
        transaction.set_rollback(True)


@pytest.fixture
def story(told: Story, db: None) -> Iterator[Story]:
    """The same for each test, in the database and at hand; what the test does is taken back."""
    vault.forget()
    yield copy.deepcopy(told)
    vault.forget()


def forms_of(text: str) -> list[bytes]:
    """A string as it could lie somewhere: as text, wide, escaped, in base64 or in hexadecimal."""
    plain = text.encode()
    shifts = [base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4] for shift in range(3)]
    escaped = json.dumps(text)[1:-1].encode()
    found = [plain, text.lower().encode(), escaped, text.encode("utf-16-le"), plain.hex().encode(), *shifts]
    return [form for form in found if len(form) >= 4]


def dumped() -> bytes:
    """The whole database: every cell of every table, as text or as the bytes that lie there."""
    return b"".join(_cells())


def _cells() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  (our own tables)
            for row in cursor.fetchall():
                for cell in row:
                    is_raw = isinstance(cell, bytes | memoryview)
                    yield bytes(cell) if is_raw else str(cell).encode("utf-8", "surrogatepass")
                    yield b"\n"


def opened() -> str:
    """Everything sealed that a key still opens: what whoever holds the key file could read."""
    vault.forget()
    found = []
    for model in apps.get_models():
        fields = [field for field in model._meta.fields if isinstance(field, EncryptedField)]
        for row in model._default_manager.all() if fields else ():
            values = [getattr(row, field.attname) for field in fields]
            found += [str(value) for value in values if value is not ERASED]
    return "\n".join(found)


def erase(story: Story) -> None:
    people.erase_person(Person.objects.get(pk=story.person.pk), actor=system())


# What is there today, not what happened: someone who left is not there.
OF_TODAY = {"peers", "load_median", "load_full", "never_called", "waiting"}


def counts(side: Side) -> dict[str, Any]:
    summary = figures.report([side.organisation], period_of("12"))
    numbers = {figure.definition.code: (figure.value, figure.n) for figure in summary.figures}
    told = {str(table.title): (table.rows, table.n) for table in summary.tables if table.title != "closing"}
    return {name: value for name, value in {**numbers, **told}.items() if name not in OF_TODAY}


class TestErased:
    def test_the_search_finds_what_is_there(self, story: Story) -> None:
        """Else the next test proves nothing."""
        assert any(form in dumped() for form in forms_of(MAIL))
        assert any(form in dumped() for form in forms_of(HANDLE))
        readable = opened()
        assert [text for text in (*OF_ZELIE, WRITTEN) if text not in readable] == [HANDLE]

    def test_nothing_is_left(self, story: Story) -> None:
        erase(story)
        database, readable = dumped(), opened()
        left = [text for text in (*OF_ZELIE, WRITTEN) for form in forms_of(text) if form in database]
        assert not left, "in the database as it is"
        assert not [text for text in OF_ZELIE if text in readable], "for whoever holds the keys"

    def test_figures_are_the_same(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(masking, "SMALLEST_GROUP", 1)  # a small world: every count is looked at
        before = counts(story.side)
        assert before["requests"][1] > 1
        assert before["alerts"][1] >= 1
        erase(story)
        after = counts(story.side)
        # The meeting still going on has ended: that is one more ended meeting, and nothing else has changed.
        assert {name for name in before if before[name] != after[name]} <= {"closing"}

    def test_what_was_received_stays_without_a_name_until_its_date(self, story: Story) -> None:
        erase(story)
        thread = Thread.objects.get(pk=story.pair.thread_id)
        assert thread.state == ThreadState.CLOSED
        assert Participant.objects.get(thread=thread, person=story.person).handle == GONE
        assert WRITTEN in opened()
        threads.erase_due(timezone.now() + 100 * DAY)
        assert WRITTEN not in opened()

    def test_rows_count_without_anybody(self, story: Story) -> None:
        erase(story)
        assert not SupportRequest.objects.filter(person=story.person).exists()
        assert not Pair.objects.filter(beneficiary=story.person).exists()
        assert not Notice.objects.filter(person=story.person).exists()
        assert not Alert.objects.filter(subject=story.person).exists()
        assert Evaluation.objects.get(pair=story.over, side="beneficiary").first == 5
        assert TalkRequest.objects.get(pk=story.talk.pk).state == "withdrawn"
        keys = [story.person.vault_id, story.peer.vault_id, story.pair.request.vault_id, story.report.vault_id]
        assert not DataKey.objects.filter(pk__in=keys, destroyed_at=None).exists()

    def test_an_open_alert_is_finished_first(self, story: Story) -> None:
        side = story.side
        alert = alerts.open_alert(
            side.organisation, actor=side.helene, kind=AlertKind.WORRY, subject=story.person, facts="À rappeler."
        )
        assert any("is still" in fate.what or "regarde encore" in fate.what for fate in erasures.preview(story.person))
        erase(story)
        alert.refresh_from_db()
        assert alert.subject_id == story.person.pk
        assert "À rappeler." in opened()

    def test_a_peer_leaves_and_the_people_followed_are_looked_for_again(self, story: Story) -> None:
        person, pair = story.side.peer_person, story.side["pair"]
        strings = [str(person.family_name), person.user.email, "Pas la nuit.", person.handle]
        people.erase_person(person, actor=system())
        database, readable = dumped(), opened()
        assert not [text for text in strings for form in forms_of(text) if form in database]
        other = "Pas la nuit."  # the other hospital's peer wrote the same words
        assert not [text for text in strings if text in readable and text != other]
        pair.refresh_from_db()
        assert (pair.state, pair.request.state) == ("closed", "open")
        assert pair.beneficiary_id == story.side.person.pk

    def test_what_stays_says_why(self, story: Story) -> None:
        fates = erasures.preview(story.person)
        assert len(fates) > 8
        assert all(fate.is_erased or fate.why for fate in fates)


class TestCopy:
    def copy(self, story: Story) -> str:
        """The two texts of the file; images are beside them."""
        people.make_copy(people.ask_copy(story.person, actor=story.actor).pk)
        pieces = people.take_copy(DataCopy.objects.get(person=story.person), actor=story.actor)
        with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as folder:
            texts = [name for name in folder.namelist() if "/" not in name]
            return "\n".join(html.unescape(folder.read(name).decode()) for name in texts)

    def test_everything_of_oneself_is_there(self, story: Story) -> None:
        said = self.copy(story)
        assert not [text for text in (*OF_ZELIE, WRITTEN, TO_ZELIE) if text not in said]

    def test_nothing_of_anybody_else_is_there(self, story: Story) -> None:
        side = story.side
        messages.send_message(side["pair"].thread, actor=side.helene, body=NOT_FOR_ZELIE)
        said = self.copy(story)
        others = Person.objects.exclude(pk=story.person.pk)
        strings = {
            str(getattr(person, name)) for person in others for name in ("family_name", "phone", "contact_email")
        }
        strings |= {NOT_FOR_ZELIE, "Hélène", "Nadia", "N’en peut plus.", "Pas la nuit.", "Après l’appel."}
        strings |= {"Je voudrais parler avec quelqu’un qui travaille encore."}
        assert not [text for text in strings if text and text in said]
