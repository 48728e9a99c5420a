"""An address refused for good: nothing unasked leaves for it any more, and coordinators learn it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.accompaniment.actions import programmes, triage
from vecu.accompaniment.models import SupportRequest
from vecu.accompaniment.tests.factories_pairs import World as Asking
from vecu.core import jobs, mail
from vecu.core.tests.mail_server import Server, serving
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.people import actions
from vecu.people.enums import Role
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


def refuse(server: Server, address: str) -> None:
    server.rcpt = REFUSED
    mail.post(address, "Vous avez une information", "Bonjour")
    assert jobs.run_due(limit=1) == 1
    server.rcpt = "250 OK"
    jobs.run_due()


def returned_line(client: Client, person: Person) -> str:
    """The link of the line on the first screen."""
    page = sign_in(client, person).get(reverse("today")).content.decode()
    assert "Courriels revenus" in page
    notice = Notice.objects.get(person=person, kind=NoticeKind.MAIL_REFUSED)
    return str(client.post(reverse("notice_open"), {"notice": str(notice.pk)})["Location"])


def test_an_invitation_that_comes_back_is_told_to_the_team(cast: Cast, smtp: Server, client: Client) -> None:
    actions.invite("mistaken@courrier.example", Role.PEER, actor=actor_of(cast.claire), organisation=cast.committee)
    smtp.rcpt = REFUSED
    assert jobs.run_due(limit=2) == 2  # the invitation makes its letter, the letter comes back
    smtp.rcpt = "250 OK"
    jobs.run_due()
    assert told() == {cast.claire.pk}
    assert not any(b"mistaken" in letter for letter in smtp.received)
    assert returned_line(client, cast.claire) == reverse("member_list")
    page = client.get(reverse("member_list")).content.decode()
    assert "Non remise" in page.split("mistaken@courrier.example")[1]
    assert "Courriels revenus" not in client.get(reverse("today")).content.decode()


def test_a_ward_that_cannot_be_written_to_is_told_to_the_team(smtp: Server, client: Client) -> None:
    world = Asking()
    door = programmes.open_door(
        world.programme, actor=world.claire, site=world.cast.ward, ward="Oncologie", reply_to="service@hopital.example"
    )
    request = world.ask(door=door)
    refuse(smtp, "service@hopital.example")
    assert told() == {world.cast.claire.pk}
    assert returned_line(client, world.cast.claire) == reverse("programme_detail", args=[world.programme.pk])
    for name, key in (("programme_detail", world.programme.pk), ("request_detail", request.pk)):
        assert "refuse nos messages" in client.get(reverse(name, args=[key])).content.decode(), name
    smtp.received.clear()
    triage.tell_ward(SupportRequest.objects.get(pk=request.pk), "contact_made")
    jobs.run_due()
    assert not smtp.received, "nothing more leaves for it"
    door.refresh_from_db()
    programmes.change_door(
        door, actor=world.claire, site=door.site, ward="Oncologie", reply_to="secretariat@hopital.example"
    )
    assert "refuse nos messages" not in client.get(reverse("request_detail", args=[request.pk])).content.decode()
    triage.tell_ward(SupportRequest.objects.get(pk=request.pk), "contact_made")
    jobs.run_due()
    assert b"secretariat@hopital.example" in smtp.received[0]


def test_an_address_of_nobody_changes_nothing(cast: Cast, smtp: Server) -> None:
    """A ward's, or an invitation's: the letter is about someone whose own address works."""
    smtp.rcpt = REFUSED
    mail.post("secretariat@hopital.example", "Vous avez une information", "Bonjour", about=cast.nadia.pk)
    jobs.run_due()
    assert told() == set() and not User.objects.exclude(mail_refused_at=None).exists()
