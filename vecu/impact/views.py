"""The page of figures and its download."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vecu.core.access import gate, visible
from vecu.core.http import show
from vecu.core.spreadsheet import write_csv
from vecu.impact import figures as numbers
from vecu.impact.definitions import BOOK
from vecu.impact.periods import choices, period_of
from vecu.impact.words import number_in_words, sections, spreadsheet_rows, table_titles
from vecu.people.models import Organisation
from vecu.people.policy import Can


def _chosen(request: HttpRequest) -> tuple[list[Organisation], list[Organisation]]:
    """(all organisations in reach, those looked at): one of them with ?organisation=, else all together."""
    reach = list(visible(Organisation, request.actor, Can.SEE_FIGURES))
    asked = request.GET.get("organisation", "")
    chosen = [organisation for organisation in reach if str(organisation.pk) == asked]
    return reach, chosen or reach


@gate(Can.SEE_FIGURES)
def figures(request: HttpRequest) -> HttpResponse:
    reach, chosen = _chosen(request)
    period = period_of(request.GET.get("periode"))
    return show(
        request,
        "impact/figures.html",
        reach=reach,
        chosen=chosen,
        period=period,
        periods=choices(),
        query=request.GET.urlencode(),
        groups=_grouped(numbers.report([o.pk for o in chosen], period)),
    )


def _grouped(summary: numbers.Summary) -> dict[str, Any]:
    by_code = {figure.definition.code: figure for figure in summary.figures}
    titles = table_titles()
    return {
        "sections": [
            (title, [(by_code[code], number_in_words(by_code[code])) for code in codes]) for title, codes in sections()
        ],
        "tables": [(titles[table.title], table) for table in summary.tables],
    }


@gate(Can.SEE_FIGURES)
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The same figures as a spreadsheet, each with its n, period and definition; hidden cells say so."""
    _reach, chosen = _chosen(request)
    period = period_of(request.GET.get("periode"))
    header = [_("figure"), _("value"), _("unit"), "n", _("from"), _("to"), _("definition"), _("organisations")]
    rows = spreadsheet_rows(numbers.report([o.pk for o in chosen], period), ", ".join(o.name for o in chosen))
    response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vecu-{period.first}-{period.last}.csv"'
    return response


@gate(Can.SEE_FIGURES)
def figures_definitions(request: HttpRequest) -> HttpResponse:
    """The book of indicators."""
    return show(request, "impact/figures_definitions.html", book=BOOK.values(), smallest=numbers.SMALLEST_GROUP)
