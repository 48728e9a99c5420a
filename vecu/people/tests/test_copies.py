"""One's own copy: made by a job, behind a fresh proof, gone in time."""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import actor_of, sign_in
from vecu.core import jobs, vault
from vecu.core.errors import Denied, Refused
from vecu.core.tables import DataKey
from vecu.people import actions, exports
from vecu.people.actions import archives
from vecu.people.actor import system
from vecu.people.models import DataCopy, DataCopyPiece, Person

pytestmark = pytest.mark.django_db


def prove(client, person, method="code"):
    """A session whose proof is fresh."""
    sign_in(client, person)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


def made(person, **fields):
    copy = actions.ask_copy(person, actor=actor_of(person), **fields)
    jobs.run_due()
    return DataCopy.objects.get(pk=copy.pk)


def opened(copy, person, **fields):
    return zipfile.ZipFile(io.BytesIO(b"".join(actions.take_copy(copy, actor=actor_of(person), **fields))))


class TestMaking:
    def test_it_holds_what_is_held_and_nothing_of_anybody_else(self, cast):
        archive = opened(made(cast.nadia), cast.nadia)
        text = archive.read("mes-donnees.json").decode() + archive.read("mes-donnees.html").decode()
        assert json.loads(archive.read("mes-donnees.json"))["identity"] and text.count("Benali") >= 2
        for person in (cast.claire, cast.helene, cast.youssef):
            assert person.family_name not in text

    def test_files_go_in_and_nothing_lies_readable(self, cast, monkeypatch):
        image = b"agapanthe" + random.Random(1).randbytes(3 * archives.PIECE)

        def files(person):
            yield "images/1.png", image

        monkeypatch.setattr(exports, "FILES", [files])
        copy = made(cast.nadia)
        assert DataCopyPiece.objects.filter(copy=copy).count() > 2
        assert opened(copy, cast.nadia).read("images/1.png") == image
        stored = b"".join(bytes(raw) for raw in _raw())
        assert b"agapanthe" not in stored and b"Benali" not in stored

    def test_progress_is_seen_and_a_cut_job_begins_again(self, cast, monkeypatch):
        seen, fail = [], [True]

        def slow(person):
            seen.append(DataCopy.objects.get().steps_done)
            if fail.pop() if fail else False:
                raise OSError
            return []

        monkeypatch.setattr(exports, "PARTS", [*exports.PARTS, slow])
        copy = made(cast.nadia)
        assert copy.ready_at is None and seen == [len(exports.PARTS) - 1]
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            jobs.run_due()
        copy.refresh_from_db()
        assert copy.ready_at is not None and copy.steps_done == copy.steps
        opened(copy, cast.nadia)

    def test_notice_says_nothing(self, cast):
        made(cast.nadia)
        jobs.run_due()
        (message,) = mail.outbox
        assert message.to == [cast.nadia.user.email]
        assert "Nadia" not in message.body and "copie" not in f"{message.subject} {message.body}".lower()

    def test_asked_again_the_first_is_erased(self, cast):
        first = made(cast.nadia)
        second = made(cast.nadia)
        assert list(DataCopy.objects.all()) == [second]
        assert vault.opened(first.vault_id).is_destroyed

    def test_only_ones_own(self, cast):
        copy = made(cast.nadia)
        for who in ("claire", "helene", "delphine"):
            actor = actor_of(getattr(cast, who))
            with pytest.raises(Denied):
                actions.ask_copy(cast.nadia, actor=actor)
            with pytest.raises(Denied):
                actions.take_copy(copy, actor=actor)
            with pytest.raises(Denied):
                actions.drop_copy(copy, actor=actor)


class TestEnd:
    def test_an_hour_after_it_was_taken(self, cast):
        now = timezone.now()
        copy = made(cast.nadia)
        opened(copy, cast.nadia, now=now)
        opened(copy, cast.nadia, now=now + timedelta(minutes=50))
        with pytest.raises(Refused, match="copy_over"):
            actions.take_copy(copy, actor=actor_of(cast.nadia), now=now + timedelta(minutes=61))
        archives.erase_copies(now + timedelta(minutes=61))
        assert not DataCopyPiece.objects.exists() and vault.opened(copy.vault_id).is_destroyed

    def test_a_week_later_untaken(self, cast):
        copy = made(cast.nadia)
        archives.erase_copies(timezone.now() + timedelta(days=6))
        assert DataCopy.objects.exists()
        archives.erase_copies(timezone.now() + timedelta(days=7, minutes=1))
        assert not DataCopy.objects.exists()
        assert DataKey.objects.get(pk=copy.vault_id).wrapped is None

    def test_erased_with_the_person(self, cast):
        copy = made(cast.nadia)
        actions.erase_person(Person.objects.get(pk=cast.nadia.pk), actor=system())
        assert not DataCopy.objects.exists() and vault.opened(copy.vault_id).is_destroyed


class TestPages:
    def test_asked_made_taken(self, cast):
        client = prove(CheckedClient(), cast.nadia)
        url = reverse("data_export")
        assert client.post(url)["Location"] == url
        page = client.get(url).text
        assert "<progress" in page and 'hx-trigger="every 4s"' in page
        assert "<html" not in client.htmx("get", url).text
        jobs.run_due()
        assert reverse("data_export_take") in client.get(url).text
        response = client.post(reverse("data_export_take"))
        body = b"".join(response)
        assert len(body) == int(response["Content-Length"])
        assert "Benali" in zipfile.ZipFile(io.BytesIO(body)).read("mes-donnees.html").decode()
        assert client.post(reverse("data_export_drop")).status_code == 303
        assert not DataCopy.objects.exists()

    @pytest.mark.parametrize("page", ["data_export", "data_export_take"])
    def test_an_open_session_is_not_enough(self, cast, page):
        made(cast.nadia)
        client = sign_in(CheckedClient(), cast.nadia)
        response = client.post(reverse(page))
        assert response["Location"].startswith(reverse("proof_by_mail"))
        assert DataCopy.objects.get().fetched_at is None

    def test_a_code_by_mail_proves_those_without_a_second_proof(self, cast):
        client = sign_in(CheckedClient(), cast.nadia)
        proof = client.post(reverse("data_export"))["Location"]
        assert client.get(proof).status_code == 200
        client.post(proof)
        jobs.run_due()
        code = next(line for line in mail.outbox[-1].body.splitlines() if line.strip().isdecimal())
        wrong = client.post(proof, {"code": "000000" if code != "000000" else "111111"})
        assert wrong.status_code == 200
        assert client.post(proof, {"code": f"{code[:3]} {code[3:]}"})["Location"] == reverse("data_export")
        assert client.post(reverse("data_export"))["Location"] == reverse("data_export")
        with time_machine.travel(timezone.now() + timedelta(minutes=11)):
            assert client.post(reverse("data_export"))["Location"].startswith(reverse("proof_by_mail"))

    def test_five_wrong_codes_end_it(self, cast):
        client = sign_in(CheckedClient(), cast.nadia)
        proof = f"{reverse('proof_by_mail')}?next={reverse('data_export')}"
        client.post(proof)
        jobs.run_due()
        code = next(line for line in mail.outbox[-1].body.splitlines() if line.strip().isdecimal())
        for _n in range(5):
            client.post(proof, {"code": "000000" if code != "000000" else "111111"})
        client.post(proof, {"code": code})
        assert client.post(reverse("data_export"))["Location"].startswith(reverse("proof_by_mail"))

    def test_second_proof_is_asked_of_those_who_have_one_even_after_a_password(self, cast):
        Authenticator.objects.create(user=cast.helene.user, type="totp", data={"secret": "x"})
        client = prove(CheckedClient(), cast.helene, method="password")
        response = client.post(reverse("data_export"))
        assert response["Location"].startswith(reverse("mfa_reauthenticate"))
        prove(client, cast.helene, method="mfa")
        assert client.post(reverse("data_export"))["Location"] == reverse("data_export")

    def test_password_is_asked_of_those_who_have_only_that(self, cast):
        cast.helene.user.set_password("trois chats sur un mur")
        cast.helene.user.save()
        client = sign_in(CheckedClient(), cast.helene)
        assert client.post(reverse("data_export"))["Location"].startswith(reverse("account_reauthenticate"))

    def test_somebody_elses_is_404(self, cast):
        made(cast.nadia)
        client = prove(CheckedClient(), cast.helene)
        assert client.post(reverse("data_export_take")).status_code == 404
        assert client.post(reverse("data_export_drop")).status_code == 404


def _raw():
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM people_datacopypiece")
        return [row[0] for row in cursor.fetchall()]
