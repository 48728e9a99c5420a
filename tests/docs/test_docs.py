"""The documentation tells the truth today: generated pages, links, commands, words."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.apps import apps

from vecu.portal import reference

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", ["access.md", "workflows.md", "events.md", "environment.md", "actions.md"])
def test_generated_pages_are_up_to_date(name: str) -> None:
    committed = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert committed == reference.pages()[name], "run `make docs` and read the difference"


def test_links_lead_somewhere() -> None:
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not target.startswith(("http", "mailto:")) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert not broken, broken


def test_make_targets_named_in_the_docs_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {t for page in PAGES for t in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))}
    assert named <= targets, named - targets


def test_glossary_holds_every_noun_of_the_code() -> None:
    """Each model is a word of the glossary."""
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    known = set(re.findall(r"`([A-Za-z]+)`", glossary))
    ours = (model for model in apps.get_models() if model.__module__.startswith("vecu."))
    nouns = {model.__name__ for model in ours if ".tests." not in model.__module__}
    assert len(nouns) > 30
    assert nouns - known == set(), "say in docs/glossary.md what these are"


CATALOGUES = sorted((ROOT / "vecu").rglob("locale/fr/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.parts[-5])
def test_french_is_complete(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    missing = [e.msgid for e in catalogue if not e.obsolete and not e.translated()]
    fuzzy = [e.msgid for e in catalogue if e.fuzzy and not e.obsolete]
    assert not missing and not fuzzy, {"missing": missing, "fuzzy": fuzzy}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.parts[-5])
def test_compiled_catalogue_is_the_written_one(path: Path) -> None:
    written = {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in polib.pofile(str(path)) if e.translated()}
    compiled = {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in polib.mofile(str(path.with_suffix(".mo")))}
    assert written == compiled, "run `make messages`"


def test_the_same_words_have_one_translation() -> None:
    """The catalogues of all areas are one on a page: of two translations of a msgid, one would never be seen.

    Where the meaning differs, say so: `pgettext("request", "Closed")`, `{% translate "Closed" context "alerts" %}`.
    """
    found: dict[tuple[str | None, str], set[str]] = {}
    for path in CATALOGUES:
        for entry in polib.pofile(str(path)):
            if not entry.obsolete:
                said = entry.msgstr or " | ".join(entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural))
                found.setdefault((entry.msgctxt, entry.msgid), set()).add(said)
    assert len(found) > 1000
    assert {words: said for words, said in found.items() if len(said) > 1} == {}


WRONG = {
    "straight apostrophe": re.compile(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]"),
    "ordinary space before : ; ! ? »": re.compile(r" [:;!?»]"),
    "no space before ; ! ?": re.compile(r"[A-Za-zÀ-ÿ][;!?](\s|$)"),
    "ordinary space after «": re.compile(r"« "),
}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.parts[-5])
def test_french_typography(path: Path) -> None:
    bad = []
    for entry in polib.pofile(str(path)):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            plain = re.sub(r"%\(\w+\)[sd]|<[^>]+>", "x", text)
            bad += [f"{what}: {text[:90]}" for what, pattern in WRONG.items() if pattern.search(plain)]
    assert not bad, "\n".join(bad)


GENDERED = re.compile(r"coordinateur|coordinatrice|délégué|référente|\((e|euse|rice)\)|·e\b", re.IGNORECASE)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.parts[-5])
def test_french_names_a_role_without_a_gender(path: Path) -> None:
    """« la coordination », « psychologue de référence », « la protection des données »: as the glossary says."""
    texts = [text for e in polib.pofile(str(path)) for text in (e.msgstr, *e.msgstr_plural.values())]
    assert [text for text in texts if GENDERED.search(text)] == []


def test_no_word_of_a_machine() -> None:
    """Nothing in the project names the machine on which it was written."""
    wrong = re.compile(r"(?<![\w.:/])/(?:home|root|work|tmp|Users)/\w")
    bad = [
        str(p.relative_to(ROOT))
        for p in [*PAGES, *(ROOT / "vecu").rglob("*.py"), *(ROOT / "config").rglob("*.py")]
        if wrong.search(p.read_text(encoding="utf-8"))
    ]
    assert not bad, bad
