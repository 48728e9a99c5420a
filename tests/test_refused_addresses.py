"""An address refused for good: nothing unasked leaves for it any more, and coordinators learn it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, make_cast, sign_in
from vecu.core import jobs, mail
from vecu.core.tests.mail_server import Server, serving
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.people.models import Person, User

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
REFUSED = "550 no such person"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def smtp(settings: Any) -> Iterator[Server]:
    with serving(settings) as server:
        yield server


def bounce(server: Server, person: Person, cast: Cast) -> None:
    """A letter to this person is refused; the coordinator's own letter then leaves."""
    server.rcpt = REFUSED
    notices.tell(person, NoticeKind.MESSAGE, organisation=cast.committee)
    assert jobs.run_due(limit=1) == 1
    server.rcpt = "250 OK"
    jobs.run_due()


def told() -> set[Any]:
    return set(Notice.objects.filter(kind=NoticeKind.MAIL_REFUSED).values_list("person_id", flat=True))


def test_it_works(cast: Cast, smtp: Server, client: Client) -> None:
    bounce(smtp, cast.nadia, cast)
    assert told() == {cast.claire.pk}
    (letter,) = smtp.received
    assert cast.claire.user.email.encode() in letter and cast.nadia.user.email.encode() not in letter
    page = sign_in(client, cast.claire, cast.committee).get(reverse("member_detail", args=[cast.nadia.pk]))
    assert "adresse e-mail de cette personne ne marche plus" in page.content.decode()


def test_notices_are_kept_but_no_letter_leaves(cast: Cast, smtp: Server) -> None:
    bounce(smtp, cast.nadia, cast)
    later = timezone.now() + timedelta(hours=2)
    nadia = Person.objects.get(pk=cast.nadia.pk)
    notice = notices.tell(nadia, NoticeKind.EVALUATION, organisation=cast.committee, now=later)
    assert notice is not None and notice.mailed_at is None
    jobs.run_due()
    assert len(smtp.received) == 1


def test_a_code_received_there_starts_letters_again(cast: Cast, smtp: Server, client: Client) -> None:
    bounce(smtp, cast.nadia, cast)
    client.post(reverse("account_request_login_code"), {"email": cast.nadia.user.email})
    jobs.run_due()
    code = next(line for line in smtp.received[-1].decode().split() if line.isdigit() and len(line) == 6)
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert User.objects.get(pk=cast.nadia.user_id).mail_refused_at is None


def test_someone_who_coordinates_is_not_told_of_their_own(cast: Cast, smtp: Server) -> None:
    bounce(smtp, cast.claire, cast)
    assert told() == set()
    assert User.objects.get(pk=cast.claire.user_id).mail_refused_at is not None


def test_an_address_of_nobody_changes_nothing(cast: Cast, smtp: Server) -> None:
    """A ward's, or an invitation's: the letter is about someone whose own address works."""
    smtp.rcpt = REFUSED
    mail.post("secretariat@hopital.example", "Vous avez une information", "Bonjour", about=cast.nadia.pk)
    jobs.run_due()
    assert told() == set() and not User.objects.exclude(mail_refused_at=None).exists()
