"""Missions in words: « Deux patients, cancer du sein, 14 mai »."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.core import moments, vault
from vecu.missions import fitting
from vecu.missions.enums import ACTIVITY, AnswerState, MissionState, Purpose
from vecu.missions.models import Mission, MissionAnswer, MissionDoor
from vecu.peers import actions as peer_actions
from vecu.peers import terms
from vecu.peers.enums import Activity, PeerKind
from vecu.peers.models import LimitsPassport

TONES = {
    AnswerState.ASKED: "plain",
    AnswerState.YES: "sauge",
    AnswerState.NO: "plain",
    AnswerState.CHOSEN: "sauge",
    AnswerState.THANKED: "plain",
    AnswerState.OVER: "plain",
    AnswerState.WITHDRAWN: "plain",
}


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    url: str
    title: str
    purpose: str
    state: str
    tone: str


@dataclass(frozen=True)
class Said:
    """One peer asked: who, what they said, the version of their limits used, and why above what they accept."""

    pk: str
    name: str
    state: str
    tone: str
    is_yes: bool
    limits: str
    load_reason: str


def title(mission: Mission) -> str:
    """« 2 patients, cancer du sein, 14 mai 2027 »."""
    if mission.kind == PeerKind.RELATIVE:
        who = ngettext("%(n)s relative", "%(n)s relatives", mission.wanted) % {"n": mission.wanted}
    else:
        who = ngettext("%(n)s patient", "%(n)s patients", mission.wanted) % {"n": mission.wanted}
    lived = _within(terms.label(mission.code)) if mission.code and terms.is_known(mission.code) else ""
    return ", ".join(part for part in (who, lived, moments.say_date(mission.starts_at)) if part)


def _within(label: str) -> str:
    """In the middle of a sentence: « cancer du sein », and « VIH » as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def rows(missions: Iterable[Mission]) -> list[Row]:
    tones = {MissionState.RECEIVED: "mirabelle", MissionState.ASKING: "prune", MissionState.SETTLED: "sauge"}
    return [
        Row(
            reverse("mission_detail", args=[one.pk]),
            title(one),
            str(Purpose(one.purpose).label),
            str(MissionState(one.state).label),
            tones.get(MissionState(one.state), "plain"),
        )
        for one in missions
    ]


def sheet(mission: Mission, *, with_asker: bool = True) -> list[tuple[str, str]]:
    """Everything the sheet says; who asks is for the coordinator."""
    start, end = timezone.localtime(mission.starts_at), timezone.localtime(mission.ends_at)
    hours = _("from %(start)s to %(end)s") % {"start": moments.say_time(start), "end": moments.say_time(end)}
    lines = [
        (_("What for"), str(mission.get_purpose_display())),
        (_("When"), f"{moments.say_date(mission.starts_at, weekday=True)}, {hours}"),
        (_("Where"), mission.place),
        (_("Paid or not"), str(mission.get_pay_display())),
        (_("What will be asked"), str(mission.words)),
    ]
    if with_asker:
        door = mission.door.label if mission.door else ""
        asker = [str(mission.asker), door, str(mission.phone), str(mission.email)]
        lines.append((_("Who asks"), ", ".join(part for part in asker if part)))
    return [(label, text) for label, text in lines if text]


def answers(found: Iterable[MissionAnswer]) -> list[Said]:
    """All answers to one mission, fetched with their mission and person: one query more, for everybody's limits."""
    held = list(found)
    vault.preload(key for row in held for key in (row.peer.person.vault_id, row.peer.vault_id))
    in_force = _limits_of(held)
    return [
        Said(
            str(row.pk),
            fitting.short_name(row.peer.person),
            str(row.get_state_display()),
            TONES[AnswerState(row.state)],
            row.state == AnswerState.YES,
            _limits(row, in_force.get(row.peer_id)),
            row.load_reason,
        )
        for row in held
    ]


def first_to_come(said: list[Said], mission: Mission) -> list[str]:
    """As many as are asked for, among those who can: what a coordinator starts from."""
    return [one.pk for one in said if one.is_yes][: mission.wanted]


def limits(answer: MissionAnswer) -> str:
    """The version in force now, and whether it changed since they were asked: a change made at nine is here at ten."""
    return _limits(answer, peer_actions.limits_in_force(answer.peer, ACTIVITY[Purpose(answer.mission.purpose)]))


def _limits_of(held: list[MissionAnswer]) -> dict[UUID, LimitsPassport]:
    if not held:
        return {}
    activity = ACTIVITY[Purpose(held[0].mission.purpose)]
    rows = LimitsPassport.objects.in_force().filter(peer__in=[row.peer_id for row in held], activity=activity)
    return {row.peer_id: row for row in rows}


def _limits(answer: MissionAnswer, held: LimitsPassport | None) -> str:
    if held is None:
        return _("No limits written for this activity")
    said = _("Limits for “%(activity)s”, version %(version)s") % {
        "activity": Activity(held.activity).label,
        "version": held.version,
    }
    if answer.limits_version != held.version:
        said += ", " + _("changed since they were asked")
    if answer.mission.code and answer.mission.code in held.refused_codes:
        said += ", " + _("which now set this aside")
    return said


def reply(answer: MissionAnswer, now: datetime) -> str:
    """What the person reads above the sheet: how it ended, beside what they had said."""
    if answer.state == AnswerState.CHOSEN:
        return _("You are expected. Thank you: the coordinator calls you to arrange it.")
    if answer.state == AnswerState.WITHDRAWN:
        return _("You are not expected, and have nothing to do.")
    if answer.state == AnswerState.THANKED:
        return _thanks(answer)
    if answer.state == AnswerState.OVER:
        return _("This has ended: you need not answer any more.")
    if answer.mission.starts_at <= now:
        return _("Its day has passed: you need not answer any more.")
    return _("Can you come? No reason is asked.")


def _thanks(answer: MissionAnswer) -> str:
    """Nobody who said no reads that they were not needed, and nobody reads of somebody who goes when nobody does."""
    if answer.mission.state == MissionState.CANCELLED:
        return _("Whoever asked needs nobody any more. Thank you for having answered.")
    if not answer.can_come:
        return _("You had answered “Not this time”. This has ended: thank you for having answered.")
    if answer.mission.state == MissionState.SETTLED:
        return _("Somebody else goes this time. Thank you for having answered.")
    if answer.mission.state == MissionState.PASSED:
        return _("Its day has passed and nobody had been chosen. Thank you for having said that you could.")
    return _("In the end, nobody goes. Thank you for having said that you could.")


def link(door: MissionDoor) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("mission_ask", args=[door.token])
