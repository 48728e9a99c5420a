"""The sealed contact: opened by two in an immediate danger, or by one who answers for it; told afterwards."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.accompaniment.actions import requests, triage
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.enums import RequestSource
from vecu.accompaniment.models import SupportRequest
from vecu.accompaniment.tests.factories_pairs import World as Asking
from vecu.accompaniment.views.follow import FOLLOWED_KEY
from vecu.core import jobs, journal, retention
from vecu.core.errors import Denied, Refused
from vecu.core.tables import DataKey
from vecu.messaging.models import Notice
from vecu.people import actions as people_actions
from vecu.people.actor import PUBLIC, system
from vecu.people.models import Person
from vecu.safeguarding.actions import alerts, reviews, sealed
from vecu.safeguarding.enums import AlertKind, AlertOutcome, Danger, OpeningState, ReviewKind
from vecu.safeguarding.models import Alert, AlertReview, SealedContact, SealedOpening

pytestmark = pytest.mark.django_db
WHY = "Ne répond plus, a dit adieu par écrit."
SECRETS = ("Bréhal-sur-Mer", "01 99 00 77 77", "Odile, ma sœur", "01 99 00 88 88")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def contact(cast: Cast) -> SealedContact:
    town, phone, relative, relative_phone = SECRETS
    return sealed.write_contact(
        cast.nadia, actor=actor_of(cast.nadia), town=town, phone=phone, relative=relative, relative_phone=relative_phone
    )


def raised(cast: Cast, danger: Danger = Danger.YES, now: datetime | None = None) -> Alert:
    return alerts.open_alert(
        cast.committee,
        actor=actor_of(cast.helene),
        kind=AlertKind.WORRY,
        subject=cast.nadia,
        danger=danger,
        now=now,
    )


def entered(person: Person) -> CheckedClient:
    return sign_in(CheckedClient(), person)  # type: ignore[no-any-return]


# -- written by the person


def test_it_works(cast: Cast) -> None:
    client = entered(cast.nadia)
    assert client.get(reverse("sealed_contact")).status_code == 200
    data = dict(zip(sealed.FIELDS, SECRETS, strict=True))
    assert client.post(reverse("sealed_contact"), data).status_code == 303
    page = client.get(reverse("sealed_contact")).content.decode()
    assert all(secret in page for secret in SECRETS)
    assert reverse("sealed_contact") in client.get(reverse("own_data")).content.decode()
    assert client.post(reverse("sealed_contact"), {**data, "town": "Valmont"}).status_code == 303
    assert SealedContact.objects.get().town == "Valmont"
    assert client.post(reverse("sealed_contact_erase")).status_code == 303
    assert not SealedContact.objects.exists()
    assert DataKey.objects.filter(purpose="safeguarding.sealed", destroyed_at=None).count() == 0


def test_nothing_written_is_explained_and_nothing_kept(cast: Cast) -> None:
    answer = entered(cast.nadia).post(reverse("sealed_contact"), {"town": "  "})
    assert answer.status_code == 422 and "au moins une" in answer.content.decode()
    assert not SealedContact.objects.exists()


def test_nobody_else_writes_or_erases_it(cast: Cast, contact: SealedContact) -> None:
    for actor in (actor_of(cast.claire), actor_of(cast.helene), system(cast.committee.pk)):
        with pytest.raises(Denied):
            sealed.write_contact(cast.nadia, actor=actor, town="Ailleurs")
        with pytest.raises(Denied):
            sealed.erase_contact(cast.nadia, actor=actor)


def test_nobody_has_a_standing_right_to_see_it(cast: Cast, contact: SealedContact) -> None:
    for name, person in cast.people.items():
        seen = SealedContact.objects.visible_to(actor_of(person)).exists()
        assert seen == (name == "nadia"), name


def test_with_the_code_of_a_request_and_without_an_account() -> None:
    """Offered beside the request; what was sealed is never shown to whoever holds the code."""
    world = Asking()
    asked, code = requests.receive_request(
        world.programme,
        actor=PUBLIC,
        source=RequestSource.ONLINE,
        asker=Asker(given_name="Lucette", phone="01 99 00 61 61"),
        told=Told(),
        has_agreed=False,
    )
    client, url = CheckedClient(), reverse("ask_danger")
    assert client.get(url)["Location"] == reverse("ask_follow"), "no code was typed"
    client.post(reverse("ask_follow"), {"code": code})
    assert url in client.get(reverse("ask_follow")).content.decode()
    assert client.post(url, {"town": ""}).status_code == 422
    assert client.post(url, dict(zip(sealed.FIELDS, SECRETS, strict=True))).status_code == 303
    assert SealedContact.objects.get().person_id == asked.person_id
    for name in ("ask_danger", "ask_follow"):
        page = client.get(reverse(name)).content.decode()
        assert not any(secret in page for secret in SECRETS), name
    client.post(url, {"erase": "1"})
    assert not SealedContact.objects.exists()
    client.post(url, {"town": "Valmont"})
    triage.erase_request(asked)
    assert not SealedContact.objects.exists(), "it goes with the last request of someone without an account"


def test_whoever_has_an_account_signs_in() -> None:
    world = Asking()
    sent = {"request": str(world.request.pk), "at": int(time.time())}
    client = CheckedClient()
    session = client.session
    session[FOLLOWED_KEY] = sent
    session.save()
    SupportRequest.objects.filter(pk=world.request.pk).update(receipt_index="known")
    assert client.get(reverse("ask_danger"))["Location"] == reverse("sealed_contact")


def test_it_follows_someone_into_their_own_file_and_the_newer_is_kept(cast: Cast, contact: SealedContact) -> None:
    helene, nadia = cast.helene, cast.nadia
    sealed.move_contact(nadia.pk, helene.pk)
    assert SealedContact.objects.get().person_id == helene.pk
    newer = sealed.write_contact(nadia, actor=actor_of(nadia), town="Valmont", now=timezone.now() + timedelta(hours=1))
    sealed.move_contact(nadia.pk, helene.pk)
    assert SealedContact.objects.get().pk == newer.pk and SealedContact.objects.get().town == "Valmont"
    assert DataKey.objects.get(pk=contact.vault_id).destroyed_at is not None
    sealed.move_contact(nadia.pk, cast.marc.pk)
    assert SealedContact.objects.get().person_id == helene.pk


# -- opened by two


def test_it_opens_only_when_immediate_danger_is_ticked(cast: Cast, contact: SealedContact) -> None:
    alert, claire = raised(cast, Danger.UNSURE), actor_of(cast.claire)
    with pytest.raises(Refused, match="no_danger"):
        sealed.ask_opening(alert, actor=claire, reason=WHY)
    alerts.mark_danger(alert, actor=claire)
    with pytest.raises(Refused, match="already_marked"):
        alerts.mark_danger(alert, actor=claire)
    with pytest.raises(Refused, match="no_reason"):
        sealed.ask_opening(alert, actor=claire, reason="urgent")
    with pytest.raises(Denied):
        sealed.ask_opening(alert, actor=actor_of(cast.helene), reason=WHY)
    with pytest.raises(Denied):
        sealed.ask_opening(alert, actor=actor_of(cast.youssef), reason=WHY)
    assert sealed.ask_opening(alert, actor=claire, reason=WHY).state == OpeningState.ASKED
    with pytest.raises(Refused, match="already_asked"):
        sealed.ask_opening(alert, actor=actor_of(cast.solene), reason=WHY)


def test_nothing_sealed_is_said(cast: Cast) -> None:
    with pytest.raises(Refused, match="nothing_sealed"):
        sealed.ask_opening(raised(cast), actor=actor_of(cast.claire), reason=WHY)


def test_a_second_person_agrees_and_both_read_it(cast: Cast, contact: SealedContact) -> None:
    claire, solene = actor_of(cast.claire), actor_of(cast.solene)
    opening = sealed.ask_opening(raised(cast), actor=claire, reason=WHY)
    assert set(Notice.objects.filter(about=opening.pk).values_list("person_id", flat=True)) == {cast.solene.pk}
    with pytest.raises(Refused, match="not_open"):
        sealed.read_contact(opening, actor=claire)
    with pytest.raises(Refused, match="second_needed"):
        sealed.agree_opening(opening, actor=claire)
    sealed.agree_opening(opening, actor=solene)
    for actor in (claire, solene):
        assert sealed.read_contact(opening, actor=actor).phone == SECRETS[1]
    readings = [entry for entry in journal.for_subject(cast.nadia.pk) if entry.verb == "sealed.read"]
    assert {entry.actor_id for entry in readings} == {cast.claire.pk, cast.solene.pk}
    assert all(WHY not in entry.reason for entry in readings), "the words of the reason stay sealed with the alert"
    assert not AlertReview.objects.filter(kind=ReviewKind.ALONE).exists()


def test_a_refusal_keeps_it_sealed(cast: Cast, contact: SealedContact) -> None:
    opening = sealed.ask_opening(raised(cast), actor=actor_of(cast.claire), reason=WHY)
    sealed.refuse_opening(opening, actor=actor_of(cast.solene))
    with pytest.raises(Refused, match="stale"):
        sealed.agree_opening(opening, actor=actor_of(cast.solene))
    with pytest.raises(Refused, match="not_open"):
        sealed.read_contact(opening, actor=actor_of(cast.claire))


def test_it_is_read_for_four_hours_and_while_the_alert_stands(cast: Cast, contact: SealedContact) -> None:
    claire, now = actor_of(cast.claire), timezone.now()
    alert = raised(cast)
    opening = sealed.ask_opening(alert, actor=claire, reason=WHY, is_alone=True, now=now)
    assert sealed.is_readable(opening, actor=claire, now=now + timedelta(hours=3, minutes=59))
    assert not sealed.is_readable(opening, actor=claire, now=now + timedelta(hours=4))
    alerts.take_alert(alert, actor=claire)
    alerts.close_alert(alert, actor=claire, outcome=AlertOutcome.EMERGENCY_CALLED)
    with pytest.raises(Refused, match="not_open"):
        sealed.read_contact(SealedOpening.objects.get(), actor=claire, now=now)


# -- opened alone


def test_one_alone_opens_it_in_an_imminent_peril_and_it_is_looked_at_the_next_day(
    cast: Cast, contact: SealedContact
) -> None:
    claire, solene, now = actor_of(cast.claire), actor_of(cast.solene), timezone.now()
    opening = sealed.ask_opening(raised(cast), actor=claire, reason=WHY, is_alone=True, now=now)
    assert sealed.read_contact(opening, actor=claire).town == SECRETS[0]
    with pytest.raises(Refused, match="not_open"):
        sealed.read_contact(opening, actor=solene)
    assert set(Notice.objects.filter(about=opening.pk).values_list("person_id", flat=True)) == {cast.solene.pk}
    review = AlertReview.objects.get(kind=ReviewKind.ALONE)
    assert review.due_at == now + timedelta(hours=24)
    with pytest.raises(Refused, match="own_opening"):
        reviews.record_review(review, actor=claire, note="Tout va bien.")
    reviews.record_review(review, actor=solene, note="Le péril était là.")
    assert review.done_by_id == cast.solene.pk


# -- told afterwards


def told(cast: Cast) -> int:
    return Notice.objects.filter(person=cast.nadia, kind="data_read", url_name="sealed_contact").count()


def test_the_person_is_told_once_the_alert_is_closed(cast: Cast, contact: SealedContact) -> None:
    alert, claire = raised(cast), actor_of(cast.claire)
    sealed.ask_opening(alert, actor=claire, reason=WHY, is_alone=True)
    alerts.take_alert(alert, actor=claire)
    assert told(cast) == 0, "not in the middle of a crisis"
    assert WHY not in entered(cast.nadia).get(reverse("sealed_contact")).content.decode()
    alerts.close_alert(alert, actor=claire, outcome=AlertOutcome.PERSON_SAFE)
    assert told(cast) == 1
    page = entered(cast.nadia).get(reverse("sealed_contact")).content.decode()
    assert WHY in page and "Claire" not in page.split("<main")[1].split("</main")[0]


def test_the_person_is_told_after_a_week_even_if_the_alert_drags_on(cast: Cast, contact: SealedContact) -> None:
    now = timezone.now()
    sealed.ask_opening(raised(cast), actor=actor_of(cast.claire), reason=WHY, is_alone=True, now=now)
    assert sealed.tell_late(now + timedelta(days=6)) == 0
    assert sealed.tell_late(now + timedelta(days=7)) == 1
    assert sealed.tell_late(now + timedelta(days=8)) == 0
    assert told(cast) == 1


# -- its end


def test_it_goes_after_two_years_and_with_the_person(cast: Cast, contact: SealedContact) -> None:
    retention.apply(timezone.now() + timedelta(days=729))
    assert SealedContact.objects.exists()
    retention.apply(timezone.now() + timedelta(days=731))
    assert not SealedContact.objects.exists()
    again = sealed.write_contact(cast.nadia, actor=actor_of(cast.nadia), town="Valmont")
    people_actions.erase_person(cast.nadia, actor=system())
    assert not SealedContact.objects.exists()
    assert DataKey.objects.get(pk=again.vault_id).destroyed_at is not None


# -- from the pages


def test_the_page_of_the_alert_leads_two_people_to_it(cast: Cast, contact: SealedContact) -> None:
    alert, claire, solene = raised(cast), entered(cast.claire), entered(cast.solene)
    detail = reverse("alert_detail", args=[alert.pk])
    page = claire.get(detail).content.decode()
    assert "Appelez le 15" in page and not any(secret in page for secret in SECRETS)
    ask = reverse("opening_ask", args=[alert.pk])
    wrong = claire.post(ask, {"reason": ""})
    assert wrong.status_code == 422
    assert claire.post(ask, {"reason": WHY}).status_code == 303
    opening = SealedOpening.objects.get()
    answer, read = (reverse(name, args=[opening.pk]) for name in ("opening_answer", "opening_read"))
    assert claire.get(read).status_code == 409 and claire.post(answer, {"answer": "yes"}).status_code == 409
    assert WHY in solene.get(detail).content.decode()
    assert solene.post(answer, {"answer": "yes"})["Location"] == read
    for client in (claire, solene):
        page = client.get(read).content.decode()
        assert all(secret in page for secret in SECRETS)
    for person in (cast.helene, cast.nadia, cast.delphine, cast.bertrand):
        assert entered(person).get(read).status_code == 403
    assert entered(cast.youssef).get(read).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        assert entered(cast.claire).get(read).status_code == 409


def test_what_is_told_on_the_phone_becomes_an_alert_about_someone_named() -> None:
    """From the request or the pair: without a subject, nothing sealed could be opened."""
    world = Asking()
    pair = world.pair()
    claire = entered(world.cast.claire)
    link = f"{reverse('alert_open')}?personne={world.cast.nadia.pk}"
    for name, key in (("request_detail", world.request.pk), ("pair_detail", pair.pk)):
        assert link in claire.get(reverse(name, args=[key])).content.decode(), name
    assert claire.post(link, {"kind": "no_sign", "danger": "yes"}).status_code == 303
    assert Alert.objects.get().subject_id == world.cast.nadia.pk


def test_alone_it_opens_at_once(cast: Cast, contact: SealedContact) -> None:
    alert, claire = raised(cast), entered(cast.claire)
    sent = claire.post(reverse("opening_ask", args=[alert.pk]), {"reason": WHY, "is_alone": "on"})
    assert SECRETS[1] in claire.get(sent["Location"]).content.decode()


def test_nothing_of_it_reaches_a_letter(cast: Cast, contact: SealedContact, mailoutbox: list[Any]) -> None:
    sealed.ask_opening(raised(cast), actor=actor_of(cast.claire), reason=WHY, is_alone=True)
    jobs.run_due(now=timezone.now() + timedelta(minutes=61))
    assert mailoutbox and not any(word in letter.body for letter in mailoutbox for word in (*SECRETS, WHY))
