"""Figures as a person reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from vecu.core.crowds import SMALLEST_GROUP

if TYPE_CHECKING:
    from vecu.impact.figures import Summary
    from vecu.impact.pooling import Cell, Figure, Table


def number_in_words(figure: Figure) -> str:
    """« 62 % », « Au moins 34 », « Moins de 5 », « Masqué », or a dash when there is nothing to count yet."""
    if figure.is_hidden:
        return str(_("Under %(n)s") % {"n": SMALLEST_GROUP} if figure.few else _("Hidden"))
    if figure.value is None:
        return "–"
    value = _number(figure.value)
    unit = {
        "percent": _("%(value)s %%"),
        "days": _("%(value)s days"),
        "minutes": _("%(value)s min"),
    }.get(figure.definition.unit)
    return _bounded(str(unit % {"value": value}) if unit else value, figure.at_least, figure.about)


def n_in_words(figure: Figure) -> str:
    """What the figure rests on: « 34 », « au moins 30 », « moins de 5 », « masqué »."""
    if figure.n is None:
        return str(_("under %(n)s") % {"n": SMALLEST_GROUP} if figure.few else _("hidden"))
    return _bounded(_number(figure.n), figure.n_at_least, figure.about).lower()


def cell_in_words(cell: Cell) -> str:
    """A line of a table: « 12 », « au moins 12 », « masqué »."""
    return str(_("hidden")) if cell.count is None else _bounded(_number(cell.count), cell.at_least, False).lower()


def table_n_in_words(table: Table) -> str:
    return str(_("hidden")) if table.n is None else _bounded(_number(table.n), table.n_at_least, False).lower()


def _number(value: float) -> str:
    return number_format(round(value, 1) if value % 1 else int(value), force_grouping=True)


def _bounded(words: str, at_least: bool, about: bool) -> str:
    if at_least:
        return str(_("At least %(value)s") % {"value": words})
    return str(_("About %(value)s") % {"value": words}) if about else words


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
        "unmatched": _("Needs without an answer: why nobody could be proposed (first reason noted)"),
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
        "": _("Reason not noted"),
    }
    counted: Counter[str] = Counter()
    for code, count in codes.items():
        counted[str(words.get(code) or _("The person’s own wishes"))] += count
    return dict(counted)


def spreadsheet_rows(summary: Summary, organisations: str) -> list[list[str | float | int]]:
    """One line a figure, then one a cell of each table: value, unit, n, first and last day, definition, who.

    The very words of the page: what is hidden there is hidden here, and what is only « at least » says so.
    """
    span = [summary.period.first.isoformat(), summary.period.last.isoformat()]
    rows: list[list[str | float | int]] = []
    for figure in summary.figures:
        label, rule = str(figure.definition.label), str(figure.definition.rule)
        rows.append([label, _cell(figure), figure.definition.unit, _n_cell(figure), *span, rule, organisations])
    for table in summary.tables:
        title = table_titles()[table.title]
        n = table_n_in_words(table) if table.n is None or table.n_at_least else table.n
        if table.n is None:
            rows.append([title, _("hidden"), "count", n, *span, title, organisations])
        for cell in table.rows:
            value = cell_in_words(cell) if cell.count is None or cell.at_least else cell.count
            rows.append([f"{title}: {cell.label}", value, "count", n, *span, title, organisations])
    return rows


def _cell(figure: Figure) -> str | float | int:
    if figure.is_hidden or figure.at_least or figure.about:
        return number_in_words(figure)
    return "" if figure.value is None else round(figure.value, 1)


def _n_cell(figure: Figure) -> str | int:
    return n_in_words(figure) if figure.n is None or figure.n_at_least or figure.about else figure.n
