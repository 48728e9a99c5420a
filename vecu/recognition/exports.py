"""In somebody's own copy: hours, claims, what was declared, receipts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from vecu.core import uploads, vault
from vecu.people.exports import Section, register, register_files
from vecu.people.models import Person
from vecu.recognition.models import Activity, Claim, Receipt
from vecu.recognition.money import say_euros
from vecu.recognition.words import say_minutes


@register
def recognition_part(person: Person) -> list[Section]:
    activities = Activity.objects.filter(person=person).order_by("happened_on", "created_at")
    claims = list(Claim.objects.filter(person=person).order_by("happened_on", "created_at"))
    vault.preload(claim.vault_id for claim in claims)
    return [
        Section("hours", _("The time you gave"), [_activity(row) for row in activities]),
        Section("claims", _("Your expenses"), [_claim(row) for row in claims]),
    ]


@register_files
def receipts(person: Person) -> Iterator[tuple[str, bytes]]:
    rows = Receipt.objects.filter(claim__person=person).select_related("claim").order_by("created_at")
    for row in rows.iterator(chunk_size=1):
        data = bytes(row.file)
        yield f"justificatifs/{row.claim.happened_on:%Y-%m-%d}-{row.pk}.{uploads.end_of(data)}", data


def _activity(row: Activity) -> dict[str, Any]:
    return {
        _("day"): row.happened_on,
        _("kind"): row.get_kind_display(),
        _("time there"): say_minutes(row.minutes),
        _("preparation"): say_minutes(row.preparation_minutes),
        _("travel"): say_minutes(row.travel_minutes),
        _("status"): row.get_status_display(),
        _("who pays the session"): row.payer,
        _("paid per hour"): say_euros(row.hourly_cents) if row.hourly_cents else "",
        _("the person was there"): row.is_held,
    }


def _claim(row: Claim) -> dict[str, Any]:
    return {
        _("number"): row.number,
        _("day"): row.happened_on,
        _("kind"): row.get_kind_display(),
        _("from where to where"): str(row.journey),
        _("kilometres"): row.km,
        _("vehicle"): row.get_vehicle_display(),
        _("for the kilometres"): say_euros(row.mileage_cents),
        _("tolls and parking"): say_euros(row.tolls_cents),
        _("tickets"): say_euros(row.tickets_cents),
        _("other"): say_euros(row.other_cents),
        _("in all"): say_euros(row.total_cents),
        _("state"): row.get_state_display(),
        _("what was declared"): str(row.waiver),
        _("sent"): row.sent_at,
        _("decided"): row.decided_at,
        _("answer"): str(row.answer),
        _("paid on"): row.paid_on,
    }
