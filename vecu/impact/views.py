"""The page of figures and its download."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vecu.core.access import gate, visible
from vecu.core.crowds import SMALLEST_GROUP
from vecu.core.http import show
from vecu.core.spreadsheet import write_csv
from vecu.impact import figures as numbers
from vecu.impact import words
from vecu.impact.definitions import BOOK, Definition
from vecu.impact.periods import choices, period_of
from vecu.impact.pooling import Figure
from vecu.people.actor import Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can


def _chosen(request: HttpRequest) -> tuple[list[Organisation], list[Organisation]]:
    """(all organisations in reach, those looked at): one of them with ?organisation=, else all together."""
    reach = list(visible(Organisation, request.actor, Can.SEE_FIGURES))
    asked = request.GET.get("organisation", "")
    chosen = [organisation for organisation in reach if str(organisation.pk) == asked]
    return reach, chosen or reach


def _knows_the_people(request: HttpRequest, chosen: list[Organisation]) -> bool:
    """Whoever follows requests by name learns nothing from periods that overlap; but only of their own organisation:
    of those below it they know the figures, not the people."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.may(Can.SEE_REQUESTS) and [one.pk for one in chosen] == [actor.organisation_id]


@gate(Can.SEE_FIGURES)
def figures(request: HttpRequest) -> HttpResponse:
    reach, chosen = _chosen(request)
    is_rolling = _knows_the_people(request, chosen)
    period = period_of(request.GET.get("periode"), is_rolling=is_rolling)
    return show(
        request,
        "impact/figures.html",
        reach=reach,
        chosen=chosen,
        period=period,
        periods=choices(is_rolling=is_rolling),
        query=request.GET.urlencode(),
        smallest=SMALLEST_GROUP,
        groups=_grouped(numbers.report(chosen, period)),
    )


def _grouped(summary: numbers.Summary) -> dict[str, Any]:
    by_code = {figure.definition.code: figure for figure in summary.figures}
    titles = words.table_titles()
    return {
        "sections": [(title, [_said(by_code[code]) for code in codes]) for title, codes in words.sections()],
        "tables": [
            (
                titles[table.title],
                table.n,
                words.table_n_in_words(table),
                [(cell.label, words.cell_in_words(cell)) for cell in table.rows],
            )
            for table in summary.tables
        ],
    }


def _said(figure: Figure) -> tuple[Definition, str, str]:
    return figure.definition, words.number_in_words(figure), words.n_in_words(figure)


@gate(Can.SEE_FIGURES)
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The same figures as a spreadsheet, each with its n, period and definition; hidden cells say so."""
    _reach, chosen = _chosen(request)
    period = period_of(request.GET.get("periode"), is_rolling=_knows_the_people(request, chosen))
    header = [_("figure"), _("value"), _("unit"), "n", _("from"), _("to"), _("definition"), _("organisations")]
    rows = words.spreadsheet_rows(numbers.report(chosen, period), ", ".join(o.name for o in chosen))
    response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vecu-{period.first}-{period.last}.csv"'
    return response


@gate(Can.SEE_FIGURES)
def figures_definitions(request: HttpRequest) -> HttpResponse:
    """The book of indicators."""
    return show(request, "impact/figures_definitions.html", book=BOOK.values(), most=SMALLEST_GROUP - 1)
