"""Build the sprite of icons from the list of used ones: `manage.py icons <folder of lucide-static's icons>`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

CORE = Path(__file__).resolve().parents[2] / "static" / "core"
SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
HEADER = "<!-- Lucide icons 1.62.0, ISC licence, see icons-ISC.txt. Built by `manage.py icons` from icons.txt. -->"


class Command(BaseCommand):
    help = "Build static/core/icons.svg from icons.txt and a folder of Lucide icons"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the `icons` folder of the npm package lucide-static")

    def handle(self, *args: Any, **options: Any) -> None:
        names = (CORE / "icons.txt").read_text().split()
        missing = [name for name in names if not (options["folder"] / f"{name}.svg").is_file()]
        if missing:
            raise CommandError(f"not in {options['folder']}: {', '.join(missing)}")
        symbols = [symbol(name, (options["folder"] / f"{name}.svg").read_text()) for name in names]
        sprite = "\n".join([HEADER, '<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])
        (CORE / "icons.svg").write_text(sprite)
        self.stdout.write(f"{len(symbols)} icons, {len(sprite)} bytes")


def symbol(name: str, svg: str) -> str:
    """One Lucide file as a symbol without its own colours and strokes: the page's CSS gives them."""
    found = SHAPES.search(svg)
    if found is None:
        raise CommandError(f"{name}: no <svg> element")
    shapes = re.sub(r"\s+", " ", found[1]).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'
