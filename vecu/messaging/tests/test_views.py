"""Pages and fragments of exchanges and notices."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from vecu.core.models import LiveSignal
from vecu.core.tests.photos import photo
from vecu.messaging import actions
from vecu.messaging.enums import NoticeKind, ThreadState
from vecu.messaging.events import MessageReported
from vecu.messaging.models import Message, Notice, Participant, Thread
from vecu.messaging.tests.factories import Exchange, NoticeFactory, make_exchange, member
from vecu.people.enums import Role
from vecu.people.tests.factories import OrganisationFactory

SignIn = Callable[..., Any]

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }} {% debug %}",
    "'; DROP TABLE messaging_message; --",
    "javascript:alert(1)",
    "\u202egauche à droite",
    "=1+1",
    "a" * 3999,
    "👩🏽‍⚕️ é œ ẞ",
    "]]>--><!--",
]


def url(name: str, exchange: Exchange) -> str:
    return reverse(name, args=[exchange.thread.pk])


def send(client: Any, exchange: Exchange, htmx: bool = False, **data: Any) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(url("message_send", exchange), {"next": "/page/", **data}, headers=headers)


THREAD_PAGES = ["message_send", "message_list", "thread_settings", "thread_leave", "thread_block"]


class TestWhoMayOpen:
    @pytest.mark.parametrize("name", THREAD_PAGES)
    def test_the_two_may(self, exchange: Exchange, sign_in: SignIn, name: str) -> None:
        for person in (exchange.peer, exchange.person):
            assert sign_in(person).get(url(name, exchange), {"after": 0}).status_code == 200

    @pytest.mark.parametrize("name", THREAD_PAGES)
    def test_other_pair_gets_404(self, exchange: Exchange, sign_in: SignIn, name: str) -> None:
        other = make_exchange(exchange.organisation)
        assert sign_in(other.peer).get(url(name, exchange), {"after": 0}).status_code == 404

    @pytest.mark.parametrize("name", THREAD_PAGES)
    def test_other_organisation_gets_404(self, exchange: Exchange, sign_in: SignIn, name: str) -> None:
        assert sign_in(make_exchange().peer).get(url(name, exchange), {"after": 0}).status_code == 404

    @pytest.mark.parametrize("name", THREAD_PAGES)
    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PSYCHOLOGIST, Role.HEAD_OFFICE, Role.DATA_OFFICER])
    def test_role_without_right_gets_403(self, exchange: Exchange, sign_in: SignIn, name: str, role: Role) -> None:
        person = member(exchange.organisation, role)
        assert sign_in(person).get(url(name, exchange), {"after": 0}).status_code == 403

    @pytest.mark.parametrize("name", THREAD_PAGES)
    def test_coordinator_who_is_also_a_peer_gets_404(self, exchange: Exchange, sign_in: SignIn, name: str) -> None:
        from vecu.people.tests.factories import MembershipFactory

        person = member(exchange.organisation, Role.COORDINATOR)
        MembershipFactory(person=person, organisation=exchange.organisation, role=Role.PEER)
        assert sign_in(person).get(url(name, exchange), {"after": 0}).status_code == 404

    def test_messages_of_others_get_404(self, exchange: Exchange, sign_in: SignIn) -> None:
        message = actions.send_message(exchange.thread, actor=exchange.peer_actor, body="", image=photo())
        client = sign_in(make_exchange(exchange.organisation).peer)
        for name in ("message_image", "message_report"):
            assert client.get(reverse(name, args=[message.pk])).status_code == 404

    def test_visitor_signs_in_first(self, exchange: Exchange, site: None, client: Any) -> None:
        assert client.get(url("message_send", exchange)).status_code == 302


class TestSend:
    @pytest.mark.django_db
    def test_it_works(self, exchange: Exchange, sign_in: SignIn) -> None:
        response = send(sign_in(exchange.person), exchange, body="Bonjour, merci d’être là")
        assert response.status_code == 200
        assert "Bonjour, merci d’être là" in response.content.decode()
        assert Message.objects.get().body == "Bonjour, merci d’être là"

    def test_htmx_gets_the_thread(self, exchange: Exchange, sign_in: SignIn) -> None:
        response = send(sign_in(exchange.person), exchange, htmx=True, body="Bonjour")
        body = response.content.decode()
        assert response.status_code == 200 and "<html" not in body
        assert f'id="thread-{exchange.thread.pk}"' in body and "Bonjour" in body

    def test_same_form_twice_sends_once(self, exchange: Exchange, sign_in: SignIn) -> None:
        client, key = sign_in(exchange.person), str(uuid.uuid4())
        assert send(client, exchange, body="une fois", _once=key).status_code == 200
        assert send(client, exchange, body="une fois", _once=key).status_code == 409
        assert Message.objects.count() == 1

    def test_nothing_written_is_said(self, exchange: Exchange, sign_in: SignIn) -> None:
        response = send(sign_in(exchange.person), exchange, body="  ")
        assert response.status_code == 422
        assert "Écrivez quelques mots" in response.content.decode()

    def test_too_long_keeps_the_text(self, exchange: Exchange, sign_in: SignIn) -> None:
        text = "mot " * 1200
        response = send(sign_in(exchange.person), exchange, body=text)
        assert response.status_code == 422 and text.strip() in response.content.decode()

    @pytest.mark.parametrize("htmx", [False, True])
    def test_closed_meanwhile_is_said_and_the_text_kept(self, exchange: Exchange, sign_in: SignIn, htmx: bool) -> None:
        client = sign_in(exchange.person)
        actions.block(exchange.thread, actor=exchange.peer_actor)
        response = send(client, exchange, htmx=htmx, body="Une longue réponse <b>")
        text = response.content.decode()
        assert response.status_code == 409
        assert "Cet échange est fermé" in text and escape("Une longue réponse <b>") in text
        assert not Message.objects.exists()

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_strings_are_shown_as_text(self, exchange: Exchange, sign_in: SignIn, text: str) -> None:
        client = sign_in(exchange.person, kind=Client)  # the checked one takes « {{ » for an unrendered tag
        assert send(client, exchange, body=text, acknowledged="link").status_code == 200
        assert Message.objects.get().body == text
        page = client.get(url("message_list", exchange), {"after": 0})
        assert escape(text) in page.content.decode()
        assert "<script" not in page.content.decode() and "<img" not in page.content.decode()

    def test_null_character_is_refused_with_a_sentence(self, exchange: Exchange, sign_in: SignIn) -> None:
        assert send(sign_in(exchange.person), exchange, body="a\x00b").status_code == 422

    @pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "page"])
    def test_back_leads_nowhere_else(self, exchange: Exchange, sign_in: SignIn, to: str) -> None:
        client = sign_in(exchange.person)
        page = client.get(url("thread_block", exchange), {"next": to}).content.decode()
        assert not re.search(r'(?:href|value)="[^"]*(?:evil|javascript:)', page)
        answer = client.post(url("thread_block", exchange), {"next": to})
        assert answer.headers["Location"] == reverse("today")


class TestWarnings:
    TEXT = "Appelez-moi au 01 99 00 12 34, je prends 20 mg"

    def test_shown_first_and_nothing_is_kept(self, exchange: Exchange, sign_in: SignIn) -> None:
        client = sign_in(exchange.person)
        client.get(url("message_send", exchange))
        sessions = {row.pk: row.session_data for row in Session.objects.all()}
        response = send(client, exchange, body=self.TEXT)
        text = response.content.decode()
        assert response.status_code == 422
        assert "Envoyer quand même" in text and "Modifier" in text
        assert "01 99 00 12 34" in text and "20 mg" in text and self.TEXT in text
        assert not Message.objects.exists()
        assert {row.pk: row.session_data for row in Session.objects.all()} == sessions

    def test_sent_anyway(self, exchange: Exchange, sign_in: SignIn) -> None:
        client = sign_in(exchange.person)
        shown = send(client, exchange, body=self.TEXT).content.decode()
        [kinds] = re.findall(r'name="acknowledged" value="([^"]+)"', shown)
        assert send(client, exchange, body=self.TEXT, acknowledged=kinds).status_code == 200
        assert Message.objects.get().body == self.TEXT

    def test_something_new_is_shown_again(self, exchange: Exchange, sign_in: SignIn) -> None:
        response = send(sign_in(exchange.person), exchange, body=self.TEXT, acknowledged="phone")
        assert response.status_code == 422 and not Message.objects.exists()

    def test_change_gives_the_text_back(self, exchange: Exchange, sign_in: SignIn) -> None:
        response = send(sign_in(exchange.person), exchange, body=self.TEXT, edit="1")
        text = response.content.decode()
        assert response.status_code == 200 and self.TEXT in text and "Envoyer quand même" not in text

    def test_in_place_only_the_notes_change_so_the_image_stays_chosen(
        self, exchange: Exchange, sign_in: SignIn
    ) -> None:
        response = send(sign_in(exchange.person), exchange, htmx=True, body=self.TEXT)
        notes = f"#thread-{exchange.thread.pk}-notes"
        assert response.headers["HX-Retarget"] == response.headers["HX-Reselect"] == notes
        assert f'id="{notes[1:]}"' in response.content.decode()

    def test_without_javascript_the_lost_image_is_said(self, exchange: Exchange, sign_in: SignIn) -> None:
        response = send(sign_in(exchange.person), exchange, body=self.TEXT, image=photo())
        assert "choisissez-la à nouveau" in response.content.decode()


class TestMessageList:
    def test_only_what_came_after(self, exchange: Exchange, sign_in: SignIn) -> None:
        exchange.write("premier", "deuxième", "troisième")
        text = sign_in(exchange.person).get(url("message_list", exchange), {"after": 2}).content.decode()
        assert "troisième" in text and "deuxième" not in text and "<html" not in text

    @pytest.mark.parametrize("after", ["", "x", "-1", "1e9", "٣", "9" * 40])
    def test_nonsense_gets_404(self, exchange: Exchange, sign_in: SignIn, after: str) -> None:
        assert sign_in(exchange.person).get(url("message_list", exchange), {"after": after}).status_code == 404


class TestImage:
    def test_it_works(self, exchange: Exchange, sign_in: SignIn) -> None:
        client = sign_in(exchange.person)
        image = SimpleUploadedFile("chat.jpg", photo().read(), "image/jpeg")
        assert send(client, exchange, body="", image=image, image_alt="Mon chat").status_code == 200
        message = Message.objects.get()
        response = client.get(reverse("message_image", args=[message.pk]))
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response.headers["Cache-Control"]
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.content.startswith(b"\xff\xd8")
        assert 'alt="Mon chat"' in client.get(url("message_list", exchange), {"after": 0}).content.decode()

    @pytest.mark.parametrize(
        ("name", "content", "kind"),
        [
            ("a.html", b"<script>alert(1)</script>", "image/jpeg"),
            ("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"),
            ("../../etc/passwd", b"\xff\xd8\xff", "image/jpeg"),
        ],
    )
    def test_what_is_no_image_is_refused_and_the_text_kept(
        self, exchange: Exchange, sign_in: SignIn, name: str, content: bytes, kind: str
    ) -> None:
        upload = SimpleUploadedFile(name, content, kind)
        response = send(sign_in(exchange.person), exchange, body="regardez", image=upload)
        assert response.status_code == 409 and "regardez" in response.content.decode()
        assert not Message.objects.exists()

    def test_message_without_image_gets_404(self, exchange: Exchange, sign_in: SignIn) -> None:
        [message] = exchange.write("sans image")
        assert sign_in(exchange.person).get(reverse("message_image", args=[message.pk])).status_code == 404


class TestReport:
    def test_it_works(self, exchange: Exchange, sign_in: SignIn, heard: list[Any]) -> None:
        [line] = exchange.write("donnez-moi de l’argent")
        client = sign_in(exchange.person)
        page = client.get(reverse("message_report", args=[line.pk]), {"next": "/page/"})
        assert "donnez-moi de l’argent" in page.content.decode()
        sent = {"reason": "money", "words": "il insiste", "next": "/page/"}
        response = client.post(reverse("message_report", args=[line.pk]), sent)
        assert (response.status_code, response.headers["Location"]) == (303, "/page/")
        assert isinstance(heard[-1], MessageReported) and heard[-1].words == "il insiste"
        assert Thread.objects.get(pk=exchange.thread.pk).state == ThreadState.OPEN

    def test_report_and_block_in_one_gesture(self, exchange: Exchange, sign_in: SignIn, heard: list[Any]) -> None:
        [line] = exchange.write("insistance")
        sent = {"reason": "harassment", "closes": "on"}
        sign_in(exchange.person).post(reverse("message_report", args=[line.pk]), sent)
        assert [type(event).__name__ for event in heard[-2:]] == ["MessageReported", "ThreadLeft"]
        assert Participant.objects.get(person=exchange.person).blocked_at is not None

    def test_without_a_reason_the_words_are_kept(self, exchange: Exchange, sign_in: SignIn) -> None:
        [line] = exchange.write("bonjour")
        response = sign_in(exchange.person).post(reverse("message_report", args=[line.pk]), {"words": "il insiste"})
        assert response.status_code == 422 and "il insiste" in response.content.decode()


class TestSettings:
    def test_it_works(self, exchange: Exchange, sign_in: SignIn) -> None:
        client = sign_in(exchange.person)
        response = client.post(url("thread_settings", exchange), {"shows_first_name": "on", "next": "/page/"})
        assert response.headers["Location"] == "/page/"
        seat = Participant.objects.get(person=exchange.person)
        assert seat.shows_first_name and not seat.shows_reading
        assert "checked" in client.get(url("thread_settings", exchange)).content.decode()


class TestParting:
    def test_block(self, exchange: Exchange, sign_in: SignIn) -> None:
        exchange.write("bonjour")
        LiveSignal.objects.all().delete()
        blocker, blocked = sign_in(exchange.person), sign_in(exchange.peer)
        assert blocker.post(url("thread_block", exchange), {"next": "/page/"}).status_code == 303
        page = blocked.get(reverse("exchange_detail", args=[exchange.thread.pk])).content.decode()
        assert "Cet échange est fermé" in page and "<textarea" not in page
        assert not re.search(r"bloqu|quitté|parti", page, re.IGNORECASE)
        assert not LiveSignal.objects.exists() and not Notice.objects.exists()

    def test_leave(self, exchange: Exchange, sign_in: SignIn) -> None:
        client = sign_in(exchange.person)
        assert client.post(url("thread_leave", exchange)).headers["Location"] == reverse("today")
        assert client.get(url("message_send", exchange)).status_code == 404

    def test_asking_first_changes_nothing(self, exchange: Exchange, sign_in: SignIn) -> None:
        client = sign_in(exchange.person)
        for name in ("thread_leave", "thread_block"):
            assert client.get(url(name, exchange)).status_code == 200
        assert Thread.objects.get().state == ThreadState.OPEN


class TestRead:
    def test_it_works(self, exchange: Exchange, sign_in: SignIn) -> None:
        exchange.write("un", "deux")
        notice = NoticeFactory(person=exchange.person, about=exchange.thread.pk)
        client = sign_in(exchange.person)
        client.post(url("thread_read", exchange), {"up_to": "1"})
        assert Participant.objects.get(person=exchange.person).last_read_number == 1
        client.post(url("thread_read", exchange), {"up_to": "nonsense"})
        assert Participant.objects.get(person=exchange.person).last_read_number == 2
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_looking_changes_nothing(self, exchange: Exchange, sign_in: SignIn) -> None:
        exchange.write("un")
        sign_in(exchange.person).get(reverse("exchange_detail", args=[exchange.thread.pk]))
        assert Participant.objects.get(person=exchange.person).last_read_number == 0

    def test_by_get_is_refused(self, exchange: Exchange, sign_in: SignIn) -> None:
        assert sign_in(exchange.person).get(url("thread_read", exchange)).status_code == 405


class TestNotices:
    def test_it_works(self, exchange: Exchange, sign_in: SignIn) -> None:
        notice = NoticeFactory(person=exchange.person, url_name="exchange_detail", url_key=str(exchange.thread.pk))
        client = sign_in(exchange.person)
        assert "Un message vous attend" in client.get(reverse("notice_list")).content.decode()
        response = client.post(reverse("notice_open"), {"notice": notice.pk})
        assert response.headers["Location"] == reverse("exchange_detail", args=[exchange.thread.pk])
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_nothing_awaits(self, exchange: Exchange, sign_in: SignIn) -> None:
        assert "Rien ne vous attend" in sign_in(exchange.person).get(reverse("notice_list")).content.decode()

    @pytest.mark.parametrize("name", ["", "gone_page"])
    def test_link_that_leads_nowhere_stays_here(self, exchange: Exchange, sign_in: SignIn, name: str) -> None:
        notice = NoticeFactory(person=exchange.person, url_name=name, url_key="x" if name else "")
        response = sign_in(exchange.person).post(reverse("notice_open"), {"notice": notice.pk})
        assert response.headers["Location"] == reverse("notice_list")

    @pytest.mark.parametrize("key", ["", "x", str(uuid.UUID(int=7))])
    def test_nonsense_gets_404(self, exchange: Exchange, sign_in: SignIn, key: str) -> None:
        assert sign_in(exchange.person).post(reverse("notice_open"), {"notice": key}).status_code == 404

    def test_someone_else_s_gets_404(self, exchange: Exchange, sign_in: SignIn) -> None:
        notice = NoticeFactory(organisation=OrganisationFactory())
        assert sign_in(exchange.person).post(reverse("notice_open"), {"notice": notice.pk}).status_code == 404

    def test_same_queries_at_any_length(
        self, exchange: Exchange, sign_in: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        client = sign_in(exchange.person)
        client.get(reverse("notice_list"))
        counts = []
        for more in (2, 60):
            for kind in list(NoticeKind) * 20:
                if more:
                    NoticeFactory(person=exchange.person, kind=kind, organisation=exchange.organisation)
                    more -= 1
            with django_assert_max_num_queries(12) as asked:
                assert client.get(reverse("notice_list")).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1]
