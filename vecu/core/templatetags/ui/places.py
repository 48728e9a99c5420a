"""Where one is and where one may go: steps, pages, tabs, empty states, figures, the way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.template import Context, TemplateSyntaxError

from vecu.core.templatetags.ui.registry import library

# A neutral page which opens at once and says nothing of where one comes from.
ELSEWHERE = "https://meteofrance.com/"


@library.inclusion_tag("core/ui/steps.html")
def steps(current: int, total: int, label: str = "") -> dict[str, Any]:
    """Where one is in a wizard, in words and in a bar."""
    if not 1 <= current <= total:
        raise TemplateSyntaxError(f"{{% steps %}}: {current} of {total}")
    states = ["done" if n < current else "now" if n == current else "next" for n in range(1, total + 1)]
    return {"current": current, "total": total, "label": label, "states": states}


@library.inclusion_tag("core/ui/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Previous and next pages as links which keep the filters of the address; nothing when there is one page."""
    query = context["request"].GET.copy() if "request" in context else None

    def address(number: int) -> str:
        if query is None:
            return f"?page={number}"
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@library.inclusion_tag("core/ui/tabs.html")
def tabs(items: Iterable[Any], label: str) -> dict[str, Any]:
    """Links between views of the same things. Items are (label, url, count or None, is current)."""
    return {
        "items": [dict(zip(("label", "url", "count", "current"), item, strict=True)) for item in items],
        "label": label,
    }


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
