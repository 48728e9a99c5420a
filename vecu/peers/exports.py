"""What leaves this area: the list of patient partners as a sheet, to steer, without last names nor ways to reach
anyone; and, in somebody's own copy of their data, their own file."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.core.crypto import open_value
from vecu.core.spreadsheet import Sheet
from vecu.peers import languages, readiness, terms, territory
from vecu.peers.enums import Channel, ClearanceKind, PeerKind, Profile, Slot
from vecu.peers.models import Absence, Clearance, LimitsPassport, LivedExperience, Peer
from vecu.people.actor import Actor
from vecu.people.exports import Section, register
from vecu.people.models import Organisation, Person
from vecu.people.policy import Can

COLUMNS = (
    *("pk", "person_id", "kind", "started_on", "active_pairs", "max_pairs", "channels", "slots", "paused_until"),
    *("paused_at", "last_pair_at", "person__handle", "person__given_name", "person__vault_id"),
    *("person__departement", "person__languages", "person__birth_year"),
)


@transaction.atomic
def export_peers(organisation: Organisation, *, actor: Actor) -> Sheet:
    """Everyone engaged here, one line each. Written in the journal with how many lines left."""
    require(actor, Can.IMPORT_PEERS)
    peers = Peer.objects.visible_to(actor, Can.IMPORT_PEERS).filter(organisation=organisation).engaged()
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in peers.order_by("started_on", "pk").values_list(*COLUMNS)]
    vault.preload(row["person__vault_id"] for row in rows)
    missing = readiness.personal(row["pk"] for row in rows)
    lived = _lived(organisation)
    journal.write(actor, "peers.export", organisation, reason=str(len(rows)))
    return Sheet(_("Peers"), _header(), [_line(row, missing[row["pk"]], lived) for row in rows])


def _header() -> list[str]:
    return [
        _("First name"),
        _("Pseudonym"),
        _("Year of birth"),
        _("Lived as"),
        _("Lived experience"),
        _("Département"),
        _("Languages"),
        _("Ways to talk"),
        _("Usual times"),
        _("Since"),
        _("People followed"),
        _("At most"),
        _("Last new pair"),
        _("On pause since"),
        _("Back on"),
        _("Missing proofs"),
    ]


def _line(row: dict[str, Any], missing: tuple[readiness.Missing, ...], lived: dict[Any, list[str]]) -> list[Any]:
    given_name = open_value(
        Person, "given_name", row["person_id"], None, row["person__vault_id"], row["person__given_name"]
    )
    return [
        str(given_name),
        row["person__handle"],
        row["person__birth_year"],
        str(PeerKind(row["kind"]).label),
        " ; ".join(lived.get(row["pk"], [])),
        territory.name(row["person__departement"]),
        " ; ".join(languages.label(code) for code in row["person__languages"]),
        " ; ".join(str(Channel(code).label) for code in row["channels"]),
        " ; ".join(str(Slot(code).label) for code in row["slots"]),
        row["started_on"],
        row["active_pairs"],
        row["max_pairs"],
        timezone.localdate(row["last_pair_at"]) if row["last_pair_at"] else None,
        timezone.localdate(row["paused_at"]) if row["paused_at"] else None,
        row["paused_until"],
        " ; ".join(str(ClearanceKind(one.kind).label) for one in missing),
    ]


def _lived(organisation: Organisation) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    rows = LivedExperience.objects.filter(organisation=organisation).order_by("peer_id", "year_from", "code")
    for peer_id, code, start, end in rows.values_list("peer_id", "code", "year_from", "year_to"):
        years = f" ({start or ''}-{end or ''})" if start or end else ""
        found.setdefault(peer_id, []).append(f"{terms.label(code)}{years}")
    return found


@register
def peers_part(person: Person) -> list[Section]:
    """In somebody's own copy: their file as a patient partner, whole."""
    peers = list(
        Peer.objects.filter(person=person)
        .select_related("organisation", "care_site", "recruited")
        .order_by("started_on")
    )
    if not peers:
        return []
    vault.preload(peer.vault_id for peer in peers)
    lived = LivedExperience.objects.filter(peer__person=person).select_related("peer").order_by("year_from", "code")
    limits = LimitsPassport.objects.filter(peer__person=person).select_related("peer").order_by("activity", "version")
    away = Absence.objects.filter(peer__person=person).order_by("starts_on")
    proofs = Clearance.objects.filter(peer__person=person).order_by("obtained_on")
    return [
        Section("peer", _("Your file as a patient partner"), [_own_file(peer) for peer in peers]),
        Section("lived_experience", _("What you lived through"), [_own_experience(row) for row in lived]),
        Section("limits", _("What you will not be asked"), [_own_limits(row) for row in limits]),
        Section(
            "absences", _("When you were away"), [{_("from"): row.starts_on, _("to"): row.ends_on} for row in away]
        ),
        Section(
            "clearances",
            _("Your training, agreements and insurance"),
            [
                {
                    _("what"): row.get_kind_display(),
                    _("since"): row.obtained_on,
                    _("ends on"): row.expires_on,
                    _("exempted"): row.get_exemption_display(),
                }
                for row in proofs
            ],
        ),
    ]


def _own_file(peer: Peer) -> dict[str, Any]:
    return {
        _("organisation"): peer.organisation.name,
        _("experience as"): peer.get_kind_display(),
        _("relation"): peer.get_relation_display(),
        _("ready to"): [str(Profile(code).label) for code in peer.profiles],
        _("ways to talk"): [str(Channel(code).label) for code in peer.channels],
        _("usual times"): [str(Slot(code).label) for code in peer.slots],
        _("départements for face to face"): [territory.name(code) for code in peer.territories],
        _("where I am or was treated"): peer.care_site.name if peer.care_site else "",
        _("how I introduce myself"): str(peer.presentation),
        _("employer, only to avoid an acquaintance"): str(peer.employer_code),
        _("came through recruitment"): peer.recruited.number if hasattr(peer, "recruited") else None,
        _("since"): peer.started_on,
        _("until"): peer.ended_on,
        _("people at the same time, at most"): peer.max_pairs,
        _("last new pair"): peer.last_pair_at,
        _("on pause since"): peer.paused_at,
        _("back on"): peer.paused_until,
    }


def _own_experience(row: LivedExperience) -> dict[str, Any]:
    return {
        _("experience"): terms.label(row.code),
        _("from the year"): row.year_from,
        _("to the year"): row.year_to,
        _("in your own words"): str(row.own_words),
    }


def _own_limits(row: LimitsPassport) -> dict[str, Any]:
    return {
        _("for"): row.get_activity_display(),
        _("version"): row.version,
        _("written"): row.created_at,
        _("refused"): [terms.label(code) for code in row.refused_codes if terms.is_known(code)],
        _("what I will not be asked"): str(row.own_words),
        _("signs that I am not well"): str(row.signs),
        _("what helps me"): str(row.what_helps),
    }
