"""Where one is and where one may go: steps, pages, tabs, empty states, figures, the way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.template import Context, TemplateSyntaxError
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from vecu.core.templatetags.ui import leaves
from vecu.core.templatetags.ui.registry import format_html, library

TURN = '<a class="btn btn-secondary btn-small" href="{}" rel="{}">{}<span>{}</span>{}</a>'
# A neutral page which opens at once and says nothing of where one comes from.
ELSEWHERE = "https://meteofrance.com/"


@library.inclusion_tag("core/ui/steps.html")
def steps(current: int, total: int, label: str = "") -> dict[str, Any]:
    """Where one is in a wizard, in words and in a bar."""
    if not 1 <= current <= total:
        raise TemplateSyntaxError(f"{{% steps %}}: {current} of {total}")
    states = ["done" if n < current else "now" if n == current else "next" for n in range(1, total + 1)]
    return {"current": current, "total": total, "label": label, "states": states}


@library.simple_tag(takes_context=True)
def pager(context: Context, page: Page[Any]) -> SafeString:
    """Previous and next pages as links which keep the filters of the address; nothing when there is one page."""
    query = context["request"].GET.copy() if "request" in context else None

    def address(number: int) -> str:
        if query is None:
            return f"?page={number}"
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    if not page.has_other_pages():
        return SafeString("\n\n")
    where = {"number": page.number, "total": page.paginator.num_pages}
    back, on = leaves.draw("chevron-left"), leaves.draw("chevron-right")
    return format_html(
        '\n\n<nav class="pager" aria-label="{}">\n  {}\n  <p>{}</p>\n  {}\n</nav>\n\n',
        gettext("Pages"),
        format_html(TURN, address(page.previous_page_number()), "prev", back, gettext("Previous page"), "")
        if page.has_previous()
        else "",
        gettext("Page %(number)s of %(total)s") % where,
        format_html(TURN, address(page.next_page_number()), "next", "", gettext("Next page"), on)
        if page.has_next()
        else "",
    )


@library.simple_tag
def tabs(items: Iterable[Any], label: str) -> SafeString:
    """Links between views of the same things. Items are (label, url, count or None, is current)."""
    current = SafeString(' aria-current="page"')
    links = [
        format_html(
            '<li><a href="{}"{}>{}{}</a></li>',
            url,
            current if is_current else "",
            words,
            "" if count is None else format_html(" <b>{}</b>", count),
        )
        for words, url, count, is_current in items
    ]
    return format_html(
        '\n<nav aria-label="{}"><ul class="tabs">\n  {}\n</ul></nav>\n', label, SafeString("".join(links))
    )


@library.inclusion_tag("core/ui/empty.html")
def empty(title: str, text: str = "", href: str = "", label: str = "", level: int = 2, seed: int = 3) -> dict[str, Any]:
    """Nothing here, said kindly, with what to do next."""
    return {"title": title, "text": text, "href": href, "label": label, "level": level, "seed": seed}


@library.inclusion_tag("core/ui/stat.html")
def stat(
    value: Any, label: str, n: Any = None, period: str = "", definition: str = "", definition_url: str = ""
) -> dict[str, Any]:
    """A figure. Refused without the number of answers it rests on, its period and its definition."""
    if n is None or not period or not (definition or definition_url):
        raise TemplateSyntaxError(
            f"{{% stat %}} {label!r}: a figure needs n, period and definition (or definition_url)"
        )
    return {
        "value": value,
        "label": label,
        "n": n,
        "period": period,
        "definition": definition,
        "definition_url": definition_url,
    }


@library.inclusion_tag("core/ui/leave.html")
def leave() -> dict[str, str]:
    """Leave fast: opens a neutral page in place of this one, so that the back button does not return here."""
    return {"elsewhere": ELSEWHERE}
