"""« Confort de lecture »: how one reader wants pages to look, kept in one readable cookie on their device.

The server writes the choice as classes and a theme on <html>, so that it works without JavaScript.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from urllib.parse import parse_qsl, urlencode

COOKIE = "comfort"
MAX_AGE = 60 * 60 * 24 * 365
CHOICES = {
    "text": ("normal", "large", "larger"),
    "spacing": ("normal", "spaced"),
    "font": ("normal", "dyslexic"),
    "theme": ("system", "light", "dark"),
    "motion": ("normal", "still"),
}
CLASSES = {
    ("text", "large"): "text-large",
    ("text", "larger"): "text-larger",
    ("spacing", "spaced"): "spaced",
    ("font", "dyslexic"): "font-dyslexic",
    ("motion", "still"): "still",
}


@dataclass(frozen=True)
class Comfort:
    """A reader's five choices. Anything unknown in the cookie falls back to the first choice."""

    text: str = "normal"
    spacing: str = "normal"
    font: str = "normal"
    theme: str = "system"
    motion: str = "normal"

    @classmethod
    def from_cookie(cls, cookie: str) -> Comfort:
        asked = dict(parse_qsl(cookie[:200]))
        return cls(**{name: asked[name] for name, values in CHOICES.items() if asked.get(name) in values})

    @property
    def cookie(self) -> str:
        return urlencode({f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default})

    @property
    def classes(self) -> str:
        return " ".join(CLASSES[choice] for choice in asdict(self).items() if choice in CLASSES)

    @property
    def data_theme(self) -> str:
        """The value of `data-theme`, empty to follow the system."""
        return "" if self.theme == "system" else self.theme
