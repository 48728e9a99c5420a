"""How an organisation recruits: open or not, its delays, what each role asks for."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import Scope, require
from vecu.core.errors import Denied, Refused
from vecu.peers.enums import Profile
from vecu.people.actor import Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.recruitment.enums import ConditionKind, Hindsight
from vecu.recruitment.models import Application, EntryCondition, Recruitment

SETTINGS = frozenset({"is_open", "profiles", "phone", "answer_days", "keep_months", "needs_two"})
# What every role asks for unless the organisation says otherwise.
USUAL = (
    (ConditionKind.ADULT, ""),
    (ConditionKind.HINDSIGHT, Hindsight.YEARS_1_2),
    (ConditionKind.NO_CONFLICT, ""),
    (ConditionKind.CHARTER, ""),
)


@transaction.atomic
def set_up(organisation: Organisation, *, actor: Actor, **settings: Any) -> Recruitment:
    """Say how one recruits here. The first time, every role gets the usual conditions, to be changed at will."""
    require(actor, Can.MANAGE_RECRUITMENT)
    if actor.scope(Can.MANAGE_RECRUITMENT) < Scope.ALL and actor.organisation_id != organisation.pk:
        raise Denied("manage_recruitment in another organisation")
    if unknown := set(settings) - SETTINGS:
        raise TypeError(f"set_up has no {unknown}")
    found = Recruitment.objects.filter(organisation=organisation).first()
    recruitment = found or Recruitment(organisation=organisation)
    for name, value in settings.items():
        setattr(recruitment, name, value.strip() if isinstance(value, str) else value)
    recruitment.profiles = [profile for profile in Profile.values if profile in recruitment.profiles]
    if recruitment.is_open and not recruitment.profiles:
        raise Refused("no_role", _("Choose at least one role, or leave applications closed."))
    _checked(recruitment)
    recruitment.save()
    if found is None:
        EntryCondition.objects.bulk_create(
            EntryCondition(organisation=organisation, profile=profile, kind=kind, least=least)
            for profile in Profile.values
            for kind, least in USUAL
        )
    journal.write(actor, "recruitment.set", recruitment)
    return recruitment


@transaction.atomic
def set_condition(
    organisation: Organisation, *, actor: Actor, profile: str, kind: str, least: str = "", words: str = ""
) -> EntryCondition:
    """Ask for something for a role, or change what was asked. Applications already there keep what was said of them."""
    require(actor, Can.MANAGE_RECRUITMENT)
    if actor.scope(Can.MANAGE_RECRUITMENT) < Scope.ALL and actor.organisation_id != organisation.pk:
        raise Denied("manage_recruitment in another organisation")
    known = EntryCondition.objects.filter(organisation=organisation, profile=profile, kind=kind).first()
    condition = known or EntryCondition(organisation=organisation, profile=profile, kind=kind)
    condition.least = least if kind == ConditionKind.HINDSIGHT else ""
    condition.words = " ".join(words.split())
    _checked(condition)
    condition.save()
    journal.write(actor, "condition.set", condition)
    return condition


@transaction.atomic
def remove_condition(condition: EntryCondition, *, actor: Actor) -> None:
    """No longer asked for this role."""
    require(actor, Can.MANAGE_RECRUITMENT, condition)
    journal.write(actor, "condition.remove", condition)
    condition.delete()


def conditions_of(organisation: Organisation, profile: str) -> list[EntryCondition]:
    """What this role asks for here."""
    return list(EntryCondition.objects.filter(organisation=organisation, profile=profile))


def looked_at(application: Application) -> list[EntryCondition]:
    """Those not met when the application arrived, still asked for today."""
    asked = conditions_of(application.organisation, application.profile)
    return [condition for condition in asked if condition.kind in application.unmet]


def _checked(row: Recruitment | EntryCondition) -> None:
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        raise Refused("incomplete", " ".join(error.messages)) from error
