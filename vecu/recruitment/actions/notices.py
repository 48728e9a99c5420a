"""Letters to applicants: one neutral sentence and a link, never a word of what it is about.

What is said is read on the page of the application. Whoever has no address, or shares a mailbox, is called instead.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from vecu.core import mail
from vecu.recruitment.models import Application


def may_write(application: Application) -> bool:
    """An address was given, in a mailbox nobody else reads."""
    contact = application.told("contact")
    return bool(contact.get("email")) and not contact.get("has_shared_mailbox")


def acknowledge(application: Application) -> bool:
    """Their message arrived: where to follow it."""
    with translation.override(application.language):
        words = gettext("Your message has arrived. To follow it, open this page: %(address)s")
    return post(application, words, key="received")


def announce(application: Application, key: str) -> bool:
    """Something awaits them: an hour to choose, an answer to read."""
    with translation.override(application.language):
        words = gettext("Some information awaits you. To read it, open this page: %(address)s")
    return post(application, words, key=key)


def remind(application: Application, key: str) -> bool:
    """Somebody expects them tomorrow."""
    with translation.override(application.language):
        words = gettext("You have an appointment soon. To see when and where, or to move it: %(address)s")
    return post(application, words, key=key)


def post(application: Application, words: str, *, key: str) -> bool:
    """Queue the letter once for each `key`; False when nobody may be written to."""
    if not may_write(application):
        return False
    with translation.override(application.language):
        subject = gettext("You have some information")
    text = words % {"address": link_of(application)}
    mail.post(application.told("contact")["email"], subject, f"{text}\n", key=f"application:{application.pk}:{key}")
    return True


def link_of(application: Application) -> str:
    """The page of this application; whoever holds it needs no account."""
    path = reverse("application_enter", args=[application.told("link").get("token", "")])
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
