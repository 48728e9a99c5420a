"""The pages of a module online: written, put in order and taken out by whoever runs the course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from vecu.core import journal, sounds, vault
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.training.actions import followings, rows
from vecu.training.enums import PageKind
from vecu.training.models import CourseModule, ModulePage, PageSound

MOST_PAGES = 30
FEWEST_CHOICES, MOST_CHOICES = 2, 8
LONGEST_CHOICE = 200
Choice = tuple[str, bool]


@dataclass(frozen=True)
class PageGiven:
    """What is typed of one page; what another kind of page would ask is left empty."""

    title: str
    body: str = ""
    choices: Sequence[Choice] = ()
    explanation: str = ""
    file: IO[bytes] | None = None
    transcript: str = ""


@transaction.atomic
def add_page(module: CourseModule, kind: str, given: PageGiven, *, actor: Actor) -> ModulePage:
    """One more page, at the end. Whoever went to the end before keeps it so."""
    require(actor, Can.MANAGE_TRAINING, module)
    if kind not in PageKind.values:
        raise Refused("unknown_choice", _("Choose what kind of page it is."))
    pages = _held(module)
    if len(pages) >= MOST_PAGES:
        raise Refused("too_many_pages", _("Thirty pages at most: nobody follows more in one go."))
    page = ModulePage(organisation_id=module.organisation_id, module=module, kind=kind)
    page.place = pages[-1].place + 1 if pages else 1
    _write(page, given)
    journal.write(actor, "module_page.add", page)
    return page


@transaction.atomic
def edit_page(page: ModulePage, given: PageGiven, *, actor: Actor) -> ModulePage:
    """Write a page otherwise; a sound stays when none is sent."""
    require(actor, Can.MANAGE_TRAINING, page)
    _write(page, given)
    journal.write(actor, "module_page.edit", page)
    return page


@transaction.atomic
def move_page(page: ModulePage, *, actor: Actor, steps: int) -> ModulePage:
    """So many places later, or earlier when it is less than none."""
    require(actor, Can.MANAGE_TRAINING, page)
    pages = _held(page.module)
    if page not in pages:
        raise Refused("page_gone", _("This page was taken out meanwhile."))
    at = pages.index(page)
    pages.insert(max(0, min(len(pages) - 1, at + steps)), pages.pop(at))
    for place, one in enumerate(pages, start=1):
        ModulePage.objects.filter(pk=one.pk).exclude(place=place).update(place=place)
    page.refresh_from_db()
    journal.write(actor, "module_page.move", page)
    return page


@transaction.atomic
def remove_page(page: ModulePage, *, actor: Actor) -> None:
    """Taken out, with the key of its sound. What was written in diaries under it stays with who wrote it; whoever
    has seen all the other pages is at the end."""
    require(actor, Can.MANAGE_TRAINING, page)
    if page not in _held(page.module):
        return
    journal.write(actor, "module_page.remove", page)
    for key in PageSound.objects.filter(page=page).values_list("vault_id", flat=True):
        vault.destroy(key)
    page.delete()
    followings.end_those_done(page.module)


@transaction.atomic
def set_online_minutes(module: CourseModule, *, actor: Actor, minutes: int) -> CourseModule:
    """How long its pages take: told to trainees, and counted for those who go to the end from now on where the course
    says that online counts."""
    require(actor, Can.MANAGE_TRAINING, module)
    if not 0 <= minutes <= module.minutes:
        raise Refused("strange_length", _("A module does not take longer online than the module lasts."))
    module.online_minutes = minutes
    module.save(update_fields=["online_minutes", "updated_at"])
    journal.write(actor, "course_module.online", module)
    return module


def _held(module: CourseModule) -> list[ModulePage]:
    """The pages in order, the module held: two people adding a page at the same second wait for each other."""
    followings.hold(module)
    return list(ModulePage.objects.filter(module=module))


def _write(page: ModulePage, given: PageGiven) -> None:
    page.title, page.body = given.title.strip(), given.body.strip()
    page.explanation = given.explanation.strip()
    page.choices = [[words.strip(), bool(fits)] for words, fits in given.choices]
    _refuse_empty(page)
    rows.checked(page)
    page.save()
    if page.kind == PageKind.SOUND:
        _write_sound(page, given)


def _refuse_empty(page: ModulePage) -> None:
    if page.kind != PageKind.SOUND and not page.body:
        raise Refused("no_text", _("Write the text of this page."))
    if page.kind != PageKind.QUESTION:
        page.choices, page.explanation = [], ""
        return
    words = [choice[0] for choice in page.choices]
    if not FEWEST_CHOICES <= len(set(words)) == len(words) <= MOST_CHOICES:
        raise Refused("few_choices", _("Write two to eight answers, each on its line, all different."))
    if not all(0 < len(one) <= LONGEST_CHOICE for one in words):
        raise Refused("long_choice", _("An answer holds in 200 letters."))
    if not page.explanation:
        raise Refused("no_explanation", _("Write a kind explanation: it is what is learnt from a question."))


def _write_sound(page: ModulePage, given: PageGiven) -> None:
    """The sound written anew, with its words; nothing is listened to that cannot be read."""
    held = PageSound.objects.filter(page=page).first()
    if held is None and given.file is None:
        raise Refused("no_sound", _("Choose the sound to listen to."))
    if not given.transcript.strip():
        raise Refused("no_transcript", _("Write the same in words: whoever cannot hear it reads it."))
    row = held or PageSound(
        organisation_id=page.organisation_id, page=page, vault=vault.new_key("training.sound"), data=b""
    )
    if given.file is not None:
        sound = sounds.rewrite(given.file)
        row.kind, row.data, row.seconds = sound.kind, sound.data, sound.seconds
    row.transcript = given.transcript.strip()
    rows.checked(row)
    row.save()
