"""Write docs/reference from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from vecu.portal import reference


class Command(BaseCommand):
    help = "Writes docs/reference again from the code (make docs)."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.ROOT) / "docs" / "reference"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in reference.pages().items():
            (folder / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/reference/{name}")
