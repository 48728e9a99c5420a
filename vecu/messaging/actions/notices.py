"""Telling someone that something awaits them: in full once signed in, in one neutral sentence by mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, DateTimeField, UUIDField
from django.utils import timezone, translation
from django.utils.translation import gettext

from vecu.core import mail as letters
from vecu.core.access import require
from vecu.core.prepared import Asked, Prepared, PreparedRows
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.people.actor import Actor
from vecu.people.models import Organisation, Person
from vecu.people.policy import Can

MAIL_PAUSE = timedelta(hours=1)
READ_KEPT = timedelta(days=90)
UNREAD_KEPT = timedelta(days=365)

# Asked for every notice: written once.
THEIRS = {"person_id": Asked("person_id", UUIDField()), "kind": Asked("kind", CharField())}
WAITING = PreparedRows(
    Notice,
    lambda: Notice.objects.unread().filter(
        **THEIRS,
        organisation_id=Asked("organisation_id", UUIDField()),
        url_name=Asked("url_name", CharField()),
        url_key=Asked("url_key", CharField()),
    ),
)
MAILED = Prepared(
    lambda: (
        Notice.objects.filter(**THEIRS, mailed_at__gt=Asked("since", DateTimeField()))
        .order_by()
        .values_list("url_key", "about")
    )
)


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
    same = {"person_id": person.pk, "organisation_id": organisation_id, "kind": kind, "url_name": url_name}
    waiting = WAITING.all(**same, url_key=url_key)
    notice = next((one for one in waiting if one.about == about), None)
    if notice is None:
        notice = Notice.objects.create(**same, url_key=url_key, about=about)
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
    recent = MAILED.rows(person_id=person.pk, kind=notice.kind, since=now - MAIL_PAUSE)
    if notice.kind == NoticeKind.ALERT:
        recent = [row for row in recent if row == (notice.url_key, notice.about)]
    return not recent


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
