"""The maintained list: complete in both languages, and found by the words people use."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.utils import translation

from vecu.peers import languages, terms, territory
from vecu.peers.enums import TermKind

ALL = terms.all_terms()


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.code)
def test_each_term_has_its_label_in_both_languages(one: terms.Term) -> None:
    assert one.code.isascii() and one.code == one.code.lower() and " " not in one.code
    assert one.fr and one.en and one.fr[0].isupper() and one.en[0].isupper()
    assert "'" not in one.fr + one.en, "typographic apostrophes only"
    assert one.family in set(terms.families().values())
    with translation.override("fr"):
        assert terms.label(one.code) == one.fr
        assert terms.named(one.fr) == one
    with translation.override("en"):
        assert terms.label(one.code) == one.en
        assert terms.named(one.en) == one
    assert one in terms.search(one.fr, limit=300)


def test_the_list_covers_what_it_must() -> None:
    kinds = {kind: len(terms.all_terms(kind)) for kind in TermKind.values}
    assert kinds["illness"] >= 80 and kinds["treatment"] >= 40 and kinds["situation"] >= 30
    assert sum(one.family == "cancer" for one in ALL) >= 30


def test_near_things_share_a_family() -> None:
    assert terms.family("cancer_sein") == terms.family("lymphome") == "cancer"
    assert terms.family("sep") == "neuro_inflammatoire"
    assert terms.families()["crohn"] == terms.families()["rectocolite"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("sein", "cancer_sein"),
        ("SEIN", "cancer_sein"),
        ("coeur", "insuffisance_cardiaque"),
        ("sclerose", "sep"),
        ("mici", "crohn"),
        ("poche", "stomie"),
        ("breast", "cancer_sein"),
        ("l'utérus col", "cancer_col_uterus"),
    ],
)
def test_search_forgives_accents_case_and_words(typed: str, code: str) -> None:
    assert code in [one.code for one in terms.search(typed)]


@pytest.mark.parametrize("typed", ["", "   ", "zzzz", "'\"><svg onload=1>", "{{7*7}}"])
def test_search_finds_nothing_quietly(typed: str) -> None:
    assert terms.search(typed) == []


def test_choices_follow_the_reader() -> None:
    with translation.override("en"):
        assert ("sep", "Multiple sclerosis (MS)") in terms.choices(TermKind.ILLNESS)
    groups = dict(terms.grouped_choices(TermKind.ILLNESS))
    assert ("sep", "Sclérose en plaques (SEP)") in groups["Maladies inflammatoires du système nerveux"]
    assert terms.family_label("cancer") == "Cancers"


def test_what_was_lived_before_the_present_treatment_is_known() -> None:
    year = terms.since_years()["hepatite_c"]
    assert terms.changed_since("hepatite_c", 2005, 2009) == year
    assert terms.changed_since("hepatite_c", 2005, year) is None
    assert terms.changed_since("hepatite_c", None, None) is None
    assert terms.changed_since("fatigue", 1990, 1991) is None
    assert terms.term("hepatite_c").since == "les antiviraux en comprimés"


def write(path: Path, columns: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


GOOD = ("sep", "illness", "f", "SEP", "MS", "", "", "", "")


@pytest.mark.parametrize(
    "rows",
    [
        [GOOD, GOOD],
        [GOOD, ("sep2", "illness", "f", "sep", "MS 2", "", "", "", "")],
        [GOOD, ("sep2", "illness", "f", "SEP 2", "ms", "", "", "", "")],
        [("sep", "illness", "other", "SEP", "MS", "", "", "", "")],
        [("sep", "treatment", "f", "SEP", "MS", "", "", "", "")],
        [("sep", "illness", "f", "", "MS", "", "", "", "")],
        [("sep", "illness", "f", "SEP", "", "", "", "", "")],
        [("", "illness", "f", "SEP", "MS", "", "", "", "")],
        [("sep", "illness", "f", "SEP", "MS", "", "2011", "", "")],
        [("sep", "illness", "f", "SEP", "MS", "", "", "x", "y")],
        [(*GOOD, "too many")],
    ],
)
def test_a_list_that_breaks_its_rules_is_refused(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    families = terms.read_families(write(tmp_path / "f.csv", terms.FAMILY_COLUMNS, ("f", "illness", "F", "F")))
    path = write(tmp_path / "t.csv", terms.COLUMNS, *rows)
    with pytest.raises(terms.WrongList):
        terms.read_terms(path, families)


def test_families_are_checked_too(tmp_path: Path) -> None:
    for rows in ([("f", "illness", "F", "F")] * 2, [("f", "odd", "F", "F")], [("f", "illness", "", "F")]):
        with pytest.raises(terms.WrongList):
            terms.read_families(write(tmp_path / "f.csv", terms.FAMILY_COLUMNS, *rows))


def test_departements_touch_each_other_both_ways() -> None:
    around = territory.neighbours()
    assert len(around) >= 101
    assert all(one in around[other] for one, others in around.items() for other in others)
    assert territory.name("2A") == "Corse-du-Sud" and territory.name("999") == "999"
    assert territory.near("29") == ["22", "29", "56"] and territory.near("") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("44000", "44"),
        ("44", "44"),
        (" 2a ", "2A"),
        ("20090", "2A"),
        ("20200", "2B"),
        ("97400", "974"),
        ("1", "01"),
        ("99999", ""),
        ("0", ""),
        ("Nantes", ""),
        ("", ""),
        ("٤٤٠٠٠", ""),
    ],
)
def test_a_postcode_gives_its_departement(typed: str, code: str) -> None:
    assert territory.of_postcode(typed) == code


def test_languages_are_named_in_the_readers_language() -> None:
    assert languages.label("ar") == "Arabe" and languages.label("xx") == "xx"
    assert languages.named("portugais") == languages.named("Portuguese") == "pt" and languages.named("klingon") == ""
    with translation.override("en"):
        assert dict(languages.choices())["fsl"] == "French Sign Language"
