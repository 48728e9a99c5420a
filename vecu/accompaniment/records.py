"""How many people somebody accompanied, and how many talks they logged: never who, nor about what."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.accompaniment.models import Contact, Pair
from vecu.people.models import Person
from vecu.people.records import Chapter, Record, register


@register
def pairs(person: Person, organisation_id: UUID | None) -> list[Record]:
    rows = Pair.objects.filter(peer__person=person)
    if organisation_id is not None:
        rows = rows.filter(organisation=organisation_id)
    people = rows.count()
    if not people:
        return []
    talks = Contact.objects.filter(pair__in=rows.values("pk")).count()
    accompanied = ngettext("%(n)s person accompanied", "%(n)s people accompanied", people) % {"n": people}
    told = ngettext("%(n)s talk", "%(n)s talks", talks) % {"n": talks} if talks else ""
    return [Record(Chapter.ACCOMPANIMENT, "pairs", _("One-to-one support: %(who)s") % {"who": accompanied}, told)]
