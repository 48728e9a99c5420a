"""Write static/core/aide.html, the help page that needs neither database nor code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from vecu.core import help_lines
from vecu.core.moments import say_date

PAGE = Path(__file__).resolve().parents[2] / "static" / "core" / "aide.html"


class Command(BaseCommand):
    help = "Write the static help page from vecu/core/help_lines.py (a test fails when it is out of date)"

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(render_page())
        self.stdout.write(f"{PAGE.name} written")


def render_page() -> str:
    return render_to_string("core/help_static.html", {"languages": [in_language("fr"), in_language("en")]})


def in_language(code: str) -> tuple[str, dict[str, str], list[dict[str, str]]]:
    """The same facts in one language, as plain strings."""
    with override(code):
        words = {
            "title": gettext("Numbers to call in France"),
            "checked": gettext("Numbers checked on %(day)s.") % {"day": say_date(help_lines.CHECKED_ON)},
        }
        lines = [
            {name: str(getattr(line, name)) for name in ("href", "number", "short", "whom", "expect")}
            | {"note": "" if line.checked_on else gettext("Not yet checked by us")}
            for line in help_lines.ALL
        ]
    return code, words, lines
