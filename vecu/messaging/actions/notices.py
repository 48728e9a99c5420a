"""Telling someone that something awaits them: in full once signed in, in one neutral sentence by mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from vecu.core import mail as letters
from vecu.core.access import require
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.people.actor import Actor
from vecu.people.models import Organisation, Person
from vecu.people.policy import Can

MAIL_PAUSE = timedelta(hours=1)
READ_KEPT = timedelta(days=90)
UNREAD_KEPT = timedelta(days=365)


@transaction.atomic
def tell(
    person: Person,
    kind: NoticeKind,
    *,
    organisation: Organisation | UUID,
    url_name: str = "",
    url_key: str = "",
    about: UUID | None = None,
    mail: bool = True,
    now: datetime | None = None,
) -> Notice | None:
    """A notice for one person, and a neutral letter if they may be written to. Nothing for someone stopped.

    What is still unread is not told twice. `about` is the key of what it speaks of: reading that reads the notice.
    """
    if person.is_stopped or person.erased_at is not None:
        return None
    now = now or timezone.now()
    organisation_id = organisation if isinstance(organisation, UUID) else organisation.pk
    same = {"person": person, "kind": kind, "url_name": url_name, "url_key": url_key, "about": about}
    notice = Notice.objects.unread().filter(**same, organisation_id=organisation_id).first()
    if notice is None:
        notice = Notice.objects.create(**same, organisation_id=organisation_id)
    if mail and _may_write(notice, person, now):
        _post(person)
        notice.mailed_at = now
        notice.save(update_fields=["mailed_at", "updated_at"])
    return notice


@transaction.atomic
def read_notice(notice: Notice, *, actor: Actor, now: datetime | None = None) -> Notice:
    """The person has opened their notice."""
    require(actor, Can.SEE_NOTICES, notice)
    if notice.read_at is None:
        notice.read_at = now or timezone.now()
        notice.save(update_fields=["read_at", "updated_at"])
    return notice


@transaction.atomic
def read_notices_about(key: UUID, *, person_id: UUID, now: datetime | None = None) -> int:
    """The person has seen the thing itself: the notices that spoke of it are read; returns how many."""
    waiting = Notice.objects.unread().filter(about=key, person_id=person_id)
    return waiting.update(read_at=now or timezone.now())


@transaction.atomic
def put_away(key: UUID, *kinds: NoticeKind, now: datetime | None = None) -> int:
    """What these notices asked for is done, by whomever: nobody has to go and see any more. Returns how many."""
    waiting = Notice.objects.unread().filter(about=key, kind__in=kinds)
    return waiting.update(read_at=now or timezone.now())


@transaction.atomic
def forget_old_notices(now: datetime | None = None) -> int:
    """Notices read 90 days ago, or left unread for a year, are deleted; returns how many. Run each night."""
    now = now or timezone.now()
    read, _rows = Notice.objects.filter(read_at__lt=now - READ_KEPT).delete()
    unread, _rows = Notice.objects.unread().filter(created_at__lt=now - UNREAD_KEPT).delete()
    return read + unread


def _may_write(notice: Notice, person: Person, now: datetime) -> bool:
    """Not to a mailbox others read or that refuses mail, nor twice within an hour for the same kind of thing.

    Two people in danger are two letters: an alert only holds back letters about itself.
    """
    user = person.user
    if user is None or not user.can_be_written_to:
        return False
    recent = Notice.objects.filter(person=person, kind=notice.kind, mailed_at__gt=now - MAIL_PAUSE)
    if notice.kind == NoticeKind.ALERT:
        recent = recent.filter(url_key=notice.url_key, about=notice.about)
    return not recent.exists()


def _post(person: Person) -> None:
    """The same words for everyone and everything: nothing can be learnt from the letter, or from its absence."""
    user = person.user
    if user is None:
        return
    with translation.override(user.language):
        subject = gettext("You have some information")
        text = gettext("Some information awaits you. To read it, sign in here: %(address)s")
    home = f"{settings.PUBLIC_URL.rstrip('/')}/"
    letters.post(user.email, subject, f"{text % {'address': home}}\n", about=person.pk)
