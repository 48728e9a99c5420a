"""Figures as a person reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from vecu.impact.figures import Figure, Summary


def number_in_words(figure: Figure) -> str:
    """« 62 % », « 4 jours », « Masqué », or that there is nothing to count yet."""
    if figure.is_hidden:
        return str(_("Hidden"))
    if figure.value is None:
        return str(_("Nothing to count yet"))
    value = number_format(round(figure.value, 1) if figure.value % 1 else int(figure.value), force_grouping=True)
    unit = {
        "percent": _("%(value)s %%"),
        "days": _("%(value)s days"),
        "minutes": _("%(value)s min"),
    }.get(figure.definition.unit)
    return str(unit % {"value": value}) if unit else value


def sections() -> list[tuple[str, tuple[str, ...]]]:
    """The figures of the page, in the order of a person's path."""
    return [
        (_("Asking"), ("requests", "called_in_time", "matched", "days_median", "days_p90", "waiting", "unmet")),
        (_("In touch"), ("pairs_opened", "contacts")),
        (_("Patient partners"), ("peers", "load_median", "load_full", "never_called")),
        (_("What people say"), ("evaluation_rate", "evaluation_soon", "evaluation_right", "evaluation_heard")),
        (_("Safety"), ("alerts", "alert_minutes", "reports_late")),
    ]


def table_titles() -> dict[str, str]:
    return {
        "source": _("How requests came"),
        "role": _("For whom"),
        "unmatched": _("Why nobody could be proposed (first reason noted)"),
        "closing": _("Why exchanges ended"),
    }


def unmatched_in_words(codes: Mapping[str, int]) -> dict[str, int]:
    """Rules of the matching engine under the words the network reads; wishes are one line, whatever they were."""
    words = {
        "role": _("No one with this kind of experience (patient or relative)"),
        "paused": _("Peers on a pause"),
        "site": _("No peer ready for this place"),
        "language": _("No language in common"),
        "channel": _("No way to talk in common"),
        "distance": _("Too far, and no other way to talk"),
        "peer_limits": _("Peers’ own limits"),
        "full": _("Peers already full"),
        "all_full": _("Peers already full"),
        "no_feasible_peer": _("Nobody with this experience"),
    }
    counted: Counter[str] = Counter()
    for code, count in codes.items():
        counted[str(words.get(code) or _("The person’s own wishes"))] += count
    return dict(counted)


def spreadsheet_rows(summary: Summary, organisations: str) -> list[list[str | float | int]]:
    """One line a figure, then one a cell of each table: value, unit, n, first and last day, definition, who."""
    span = [summary.period.first.isoformat(), summary.period.last.isoformat()]
    hidden = _("hidden: small group")
    rows: list[list[str | float | int]] = []
    for figure in summary.figures:
        known = "" if figure.value is None else round(figure.value, 1)
        value = hidden if figure.is_hidden else known
        label, rule = str(figure.definition.label), str(figure.definition.rule)
        rows.append([label, value, figure.definition.unit, figure.n, *span, rule, organisations])
    for table in summary.tables:
        title = table_titles()[table.title]
        for label, count in table.rows:
            value = hidden if count is None else count
            rows.append([f"{title}: {label}", value, "count", table.n, *span, title, organisations])
    return rows
