"""Threat 18: what opens something goes to one person, once, and stays in no log.

That opening a link consumes nothing and that it serves once is tried where the pages are
(`vecu/people/tests/test_views.py::TestInvitationPages`); here, every secret, in every log.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.urls import reverse

from config import serve
from conftest import CheckedClient
from tests.access.world import World
from vecu.core import jobs
from vecu.core.tables import JournalEntry
from vecu.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    logging.disable(logging.NOTSET)
    caplog.set_level(logging.DEBUG)
    yield caplog


def test_no_log_nor_journal_holds_a_secret(world: World, logged: pytest.LogCaptureFixture) -> None:
    """A right link, a wrong one and a used one; a code; a door of a ward; a receipt; the address of a calendar."""
    client, side = CheckedClient(), world.here
    client.raise_request_exception = False
    secrets = [side["invitation_token"], side["reset"][1], str(side["door"].token), side["receipt"]]
    secrets += [side["feed_token"], side["application_token"]]
    for path in (
        reverse("invitation_open", args=[side["invitation_token"]]),
        reverse("invitation_open", args=[side["invitation_token"] + "x"]),
        reverse("account_reset_password_from_key", args=side["reset"]),
        reverse("ward_request", args=[side["door"].token]),
        reverse("calendar_feed", args=[side["feed_token"]]),
        reverse("calendar_feed", args=[side["feed_token"] + "x"]),
        reverse("application_enter", args=[side["application_token"]]),
        reverse("application_enter", args=[side["application_token"] + "x"]),
    ):
        client.get(path, follow=True)
        client.post(path, {"wrong": "1"})
        client.put(path)
        CheckedClient(enforce_csrf_checks=True, raise_request_exception=False).post(path)
    client.post(reverse("ask_follow"), {"number": "1", "code": side["receipt"]})
    User.objects.filter(pk=world.cast.marc.user_id).update(has_shared_mailbox=False)
    for name in ("account_request_login_code", "account_reset_password"):
        client.post(reverse(name), {"email": world.cast.marc.user.email})
    jobs.run_due()
    bodies = " ".join(message.body for message in mail.outbox)
    secrets += re.findall(r"^\d{6}$", bodies, re.MULTILINE) + re.findall(r"/oublie/([^\s/]+)/", bodies)
    assert len(secrets) > 4, "a code and a link left by mail"
    said = " ".join(f"{record.getMessage()} {record.msg} {record.args}" for record in logged.records)
    said += str(list(JournalEntry.objects.values_list()))
    assert not [secret for secret in secrets if secret in said]


def test_the_server_writes_no_addresses() -> None:
    """The address of a link is a secret: no access log beside the proxy's."""
    (web, _worker) = serve.children("127.0.0.1", 1)
    assert "--no-access-log" in web.command
