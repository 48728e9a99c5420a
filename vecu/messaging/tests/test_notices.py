"""Notices: everything once signed in, nothing by mail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from vecu.core import jobs
from vecu.messaging import actions
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.tests.factories import OrganisationFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

# Illness, ward, programme, role, person, place: nothing of it may be guessed from a letter.
FORBIDDEN = re.compile(
    r"cancer|maladi|illness|disease|scl[ée]rose|diab|oncolog|psy|soin|care\b|patient|pair\b|pairs\b|peer|t[ée]moin|ligue|hospital"
    r"|h[ôo]pital|chu\b|programme|service|ward|m[ée]dec|sant[ée]|health|traitement|treatment|rencontre|demande|request"
    r"|proposition|proposal|alert|danger|signal|report|[ée]change|exchange|[ée]valuation|H[ée]l[èe]ne|Nadia|Tilleul|Valmont"
    r"|suicid|parler|talk|donn[ée]es",
    re.IGNORECASE,
)


@pytest.fixture
def person() -> Person:
    return PersonFactory(given_name="Nadia", handle="Tilleul ambre", user=UserFactory(email="n.b@courrier.example"))


def told(person: Person, kind: NoticeKind = NoticeKind.MESSAGE, **kwargs: Any) -> Notice | None:
    kwargs.setdefault("organisation", OrganisationFactory(name="CHU de Valmont"))
    return actions.tell(person, kind, **kwargs)


class TestTell:
    def test_it_works(self, person: Person) -> None:
        key = uuid4()
        notice = told(person, url_name="exchange_detail", url_key=str(key), about=key)
        assert notice is not None and notice.mailed_at is not None
        assert jobs.run_due() == 1
        assert [letter.to for letter in mail.outbox] == [["n.b@courrier.example"]]

    def test_unread_is_not_told_twice(self, person: Person) -> None:
        organisation = OrganisationFactory()
        first = told(person, organisation=organisation)
        assert told(person, organisation=organisation) == first
        assert Notice.objects.count() == 1

    def test_stopped_person_is_told_nothing(self) -> None:
        assert told(PersonFactory(with_account=True, stopped=True)) is None
        assert not Notice.objects.exists() and jobs.run_due() == 0

    def test_letter_waiting_when_everything_stops_does_not_leave(self, person: Person) -> None:
        told(person)
        Person.objects.filter(pk=person.pk).update(stopped_at=timezone.now(), stop_reason="death")
        jobs.run_due()
        assert mail.outbox == []

    @pytest.mark.parametrize(
        "user", [{"has_shared_mailbox": True}, {"is_active": False}, None], ids=["shared", "inactive", "no account"]
    )
    def test_no_letter_where_it_must_not_go(self, user: dict[str, Any] | None) -> None:
        person = PersonFactory(user=UserFactory(**user) if user else None)
        notice = told(person)
        assert notice is not None and notice.mailed_at is None
        jobs.run_due()
        assert mail.outbox == []

    def test_one_letter_an_hour_for_the_same_kind(self, person: Person) -> None:
        now = timezone.now()
        for minutes, letters in ((0, 1), (30, 1), (59, 1), (61, 2)):
            told(person, url_key=str(minutes), now=now + timedelta(minutes=minutes))
            jobs.run_due(now=now + timedelta(hours=3))
            assert len(mail.outbox) == letters
        told(person, NoticeKind.EVALUATION, now=now + timedelta(minutes=62))
        jobs.run_due(now=now + timedelta(hours=3))
        assert len(mail.outbox) == 3

    def test_two_people_in_danger_are_two_letters(self, person: Person) -> None:
        for key in (uuid4(), uuid4()):
            told(person, NoticeKind.ALERT, url_name="alert_detail", url_key=str(key), about=key)
        jobs.run_due()
        assert len(mail.outbox) == 2

    def test_without_mail(self, person: Person) -> None:
        told(person, mail=False)
        assert jobs.run_due() == 0


class TestNeutrality:
    def letters(self, language: str) -> list[Any]:
        for kind in NoticeKind:
            person = PersonFactory(user=UserFactory(email="x.y@courrier.example", language=language))
            told(person, kind, url_name="exchange_detail", url_key=str(uuid4()))
            person.user.delete()
        jobs.run_due()
        return list(mail.outbox)

    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_every_kind_says_the_same_nothing(self, language: str) -> None:
        letters = self.letters(language)
        assert len(letters) == len(NoticeKind)
        said = {(letter.subject, letter.body, letter.from_email) for letter in letters}
        assert len(said) == 1, "the kind of notice can be told from its letter"
        for letter in letters:
            headers = letter.message()
            for name, value in headers.items():
                if name not in ("Message-ID", "Date"):
                    assert not FORBIDDEN.search(f"{name}: {value}"), (name, value)
            assert not FORBIDDEN.search(letter.body), letter.body
            assert letter.attachments == [] and not getattr(letter, "alternatives", [])

    def test_french_words(self) -> None:
        letter = self.letters("fr")[0]
        assert letter.subject == "Vous avez une information"
        assert (
            letter.body
            == "Une information vous attend. Pour la lire, connectez-vous ici\u00a0: http://127.0.0.1:8000/\n"
        )

    def test_link_leads_to_the_neutral_home_only(self) -> None:
        for letter in self.letters("en"):
            assert re.findall(r"https?://\S+", letter.body) == ["http://127.0.0.1:8000/"]


class TestReading:
    def actor(self, person: Person) -> Actor:
        return Actor(person.user_id, person.pk, None, frozenset(), is_signed_in=True)

    def test_it_works(self, person: Person) -> None:
        notice = told(person)
        assert notice is not None
        actions.read_notice(notice, actor=self.actor(person))
        assert Notice.objects.get().read_at is not None

    def test_seeing_the_thing_reads_its_notices(self, person: Person) -> None:
        key = uuid4()
        told(person, about=key)
        told(person, NoticeKind.TALK)
        assert actions.read_notices_about(key, person_id=person.pk) == 1
        assert [notice.kind for notice in Notice.objects.unread()] == [NoticeKind.TALK]

    def test_old_notices_go(self, person: Person) -> None:
        now = timezone.now()
        for read, created, _kept in (
            ages := [(100, 101, False), (10, 101, True), (None, 400, False), (None, 300, True)]
        ):
            notice = told(person, url_key=f"{read}-{created}", mail=False)
            Notice.objects.filter(pk=notice.pk).update(  # type: ignore[union-attr]
                created_at=now - timedelta(days=created),
                read_at=now - timedelta(days=read) if read else None,
            )
        assert actions.forget_old_notices(now) == 2
        assert Notice.objects.count() == sum(kept for _read, _created, kept in ages)
