"""The list of patient partners as a sheet: what helps to steer, without last names nor ways to reach anyone."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.core.crypto import open_value
from vecu.core.spreadsheet import Sheet
from vecu.peers import languages, readiness, terms, territory
from vecu.peers.enums import Channel, ClearanceKind, PeerKind, Slot
from vecu.peers.models import LivedExperience, Peer
from vecu.people.actor import Actor
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
        row["last_pair_at"].date() if row["last_pair_at"] else None,
        row["paused_at"].date() if row["paused_at"] else None,
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
