"""The copy of everything held about someone: readable pages and data in one file, made on the spot, kept nowhere."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from vecu.core import journal, moments
from vecu.core.access import require
from vecu.core.errors import Denied
from vecu.people.actor import Actor
from vecu.people.exports import Section
from vecu.people.models import Person
from vecu.people.policy import Can


def export_data(person: Person, sections: Sequence[Section], *, actor: Actor) -> bytes:
    """A ZIP with a page to read and the same as JSON. Only the person makes their own."""
    require(actor, Can.SEE_OWN_DATA, person)
    if actor.person_id != person.pk:
        raise Denied("a copy of somebody else's data")
    said = [(section.title, [said_row(row) for row in section.rows]) for section in sections]
    page = render_to_string("people/export.html", {"sections": said, "made_at": timezone.now()})
    data = {section.name: [plain_row(row) for row in section.rows] for section in sections}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mes-donnees.html", page)
        archive.writestr("mes-donnees.json", json.dumps(data, ensure_ascii=False, indent=2))
    journal.write(actor, "data.export", person, subject=person)
    return buffer.getvalue()


def said_row(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Values as people read them; empty ones left out."""
    return [(str(name), said(value)) for name, value in row.items() if value not in (None, "", [])]


def said(value: Any) -> str:
    """One value in words: dates as they are said, lists with commas."""
    if isinstance(value, datetime):
        return moments.say_datetime(value)
    if isinstance(value, date):
        return moments.say_date(value)
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def plain_row(row: dict[str, Any]) -> dict[str, Any]:
    """Values as programs read them."""
    return {
        str(name): value.isoformat() if isinstance(value, date | datetime) else value for name, value in row.items()
    }
