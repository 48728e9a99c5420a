"""What may not be claimed or promised (security.md 6.4), looked for in every page, every mail and every catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[1] / "vecu"

# Machines that watch, notice or judge people; hours that nobody keeps; results that nobody measured.
FORBIDDEN = re.compile(
    r"d[ée]tect|rep[èe]r(?:e|er|ons|ez) (?:les|des|une) personne|surveill|alerte automatique|automatiquement pr[ée]ven"
    r"|24 ?h(?:eures)? ?(?:/|sur) ?24|7 ?j(?:ours)? ?(?:/|sur) ?7|24/7|around the clock|round-the-clock"
    r"|intelligence artificielle|artificial intelligence|algorithm|monitor(?:s|ed|ing)|\bscore|risk level|niveau de risque"
    r"|quelqu.un (?:vous|te) r[ée]pondra|someone will (?:answer|reply)|nous (?:vous )?r[ée]pondrons|toujours quelqu.un"
    r"|[ée]vite(?:nt)? (?:les|le) suicide|prevents? suicide|sauve(?:nt)? des vies|saves? lives|nous veillons"
    r"|vous [êe]tes en s[ée]curit[ée]|you are safe|garanti",
    re.IGNORECASE,
)
# Said of a help line that keeps these hours, or denied in the same breath.
TRUE = re.compile(
    r"personne ne (?:surveille|lit|regarde)|nobody (?:watches|reads|monitors)|no score|aucun score|ni score|sans score"
    r"|format-detection|ne (?:surveille|d[ée]tecte)|never a score|is not a score|n’est pas une note",
    re.IGNORECASE,
)
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)


def wrong_in(text: str) -> list[str]:
    return [found.group() for line in text.splitlines() if not TRUE.search(line) for found in FORBIDDEN.finditer(line)]


@pytest.mark.parametrize("area", sorted(path.name for path in ROOT.iterdir() if (path / "templates").is_dir()))
def test_no_page_and_no_mail_promises_what_nobody_keeps(area: str) -> None:
    bad = {
        str(path.relative_to(ROOT)): wrong
        for ending in ("*.html", "*.txt")
        for path in (ROOT / area / "templates").rglob(ending)
        if (wrong := wrong_in(COMMENT.sub("", path.read_text(encoding="utf-8"))))
    }
    assert not bad


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*/locale/fr/LC_MESSAGES/django.po")), ids=lambda path: path.parts[-5]
)
def test_no_sentence_does_either_in_any_language(path: Path) -> None:
    bad = {}
    for entry in polib.pofile(str(path)):
        said = [entry.msgid, entry.msgid_plural, entry.msgstr, *entry.msgstr_plural.values()]
        if wrong := [found for text in said for found in wrong_in(text)]:
            bad[entry.msgid] = wrong
    assert not bad


def test_texts_that_people_agree_to_do_not_either() -> None:
    bad = {path.name: wrong for path in (ROOT / "people" / "texts").iterdir() if (wrong := wrong_in(path.read_text()))}
    assert not bad


@pytest.mark.parametrize(
    "sentence",
    [
        "Vécu détecte les messages inquiétants.",
        "Une équipe est là 24 h/24.",
        "Quelqu’un vous répondra.",
        "Nos algorithmes repèrent les personnes à risque.",
        "Vécu évite les suicides.",
    ],
)
def test_the_list_finds_what_it_is_for(sentence: str) -> None:
    assert wrong_in(sentence)
