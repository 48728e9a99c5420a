"""What a writer is asked to look at again before sending: contacts, medicines, doses, money.

Pure functions over one text: nothing is stored, counted or told to anyone. A warning never forbids; the writer
sees what was seen and why it is unwise, then decides. Patterns are French and English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

from vecu.messaging.enums import Unwise

MEDICINES = Path(__file__).parent / "data" / "medicines.txt"
EXCERPT = 60
LONG_AGO = timedelta(days=7)


@dataclass(frozen=True)
class Seen:
    """One kind of thing seen in a text, with the first words that show it."""

    kind: Unwise
    words: str


@dataclass(frozen=True)
class Note:
    """One reason to look again, with everything that was seen for it. The template holds the words."""

    why: str
    seen: list[Seen]


# A number and a network are unwise for the same reason: it is said once.
_SHARED = {
    Unwise.PHONE: "contact",
    Unwise.EMAIL: "contact",
    Unwise.ELSEWHERE: "contact",
    Unwise.MEDICINE: "care",
    Unwise.DOSE: "care",
}


@dataclass(frozen=True)
class Folded:
    """A text in lower case without accents, each character knowing where it comes from."""

    text: str
    origins: list[int]
    source: str

    def words(self, start: int, end: int) -> str:
        """What the writer typed there, on one line, cut if it is long."""
        typed = " ".join(self.source[self.origins[start] : self.origins[end - 1] + 1].split())
        return typed if len(typed) <= EXCERPT else f"{typed[: EXCERPT - 1]}…"


def look_at(text: str) -> list[Seen]:
    """What is unwise to send in this text, each kind once, in the order of the enum."""
    folded = fold(text)
    found: dict[Unwise, tuple[int, int]] = {}
    for kind, start, end in (*_patterns(folded.text), *_phones(folded.text), *_medicines(folded.text)):
        found.setdefault(kind, (start, end))
    seen = {kind: folded.words(*place) for kind, place in found.items()}
    if Unwise.ADDRESS not in seen and (street := _NAMED_STREET.search(text)):
        seen[Unwise.ADDRESS] = street.group()[:EXCERPT]
    return [Seen(kind, seen[kind]) for kind in Unwise if kind in seen]


def look_again(text: str, *, acknowledged: Container[str], last_at: datetime | None, now: datetime) -> list[Seen]:
    """What is still to be shown to the writer: not what they have already chosen to send anyway.

    After a week of silence they are also asked whether they are writing to the right person.
    """
    seen = look_at(text)
    if last_at is not None and now - last_at > LONG_AGO:
        seen.append(Seen(Unwise.LONG_AGO, ""))
    return [each for each in seen if each.kind not in acknowledged]


def notes_on(seen: Iterable[Seen]) -> list[Note]:
    """What was seen, gathered by reason, in the order it was seen."""
    notes: dict[str, Note] = {}
    for each in seen:
        why = _SHARED.get(each.kind, each.kind.value)
        notes.setdefault(why, Note(why, [])).seen.append(each)
    return list(notes.values())


def fold(text: str) -> Folded:
    """Without accents, capitals or invisible characters, so that a pattern is written once."""
    kept: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", _ALIKE.get(character, character)):
            if unicodedata.combining(part) or unicodedata.category(part) == "Cf":
                continue
            for low in " " if part.isspace() and part != "\n" else part.lower():
                kept.append(low)
                origins.append(index)
    return Folded("".join(kept), origins, text)


_ALIKE = {"’": "'", "ʼ": "'", "œ": "oe", "Œ": "oe", "–": "-", "—": "-", "‑": "-", "−": "-", "µ": "u", "μ": "u"}

# -- addresses, links, doses, money, other places

_AT = r"(?: ?@ ?| ?[(\[{] ?(?:at|arobase|a) ?[)\]}] ?| (?:arobase|arobas) )"
_DOT = r"(?: ?\. ?| ?[(\[{] ?(?:dot|point) ?[)\]}] ?| (?:point|dot) )"
_LABEL = r"[a-z0-9][a-z0-9-]{0,60}"
_ARTICLES = r"(?:(?:de|du|des|la|le|les) |d'|l')*"
_COUNT = (
    r"(?:\d{1,4}(?:[.,]\d{1,3})?|une?|deux|trois|quatre|cinq|six|sept|huit|dix|demie?|one|two|three|four|five"
    r"|half(?: a)?|½|¼|1⁄2|1⁄4)"
)
_FORM = (
    r"(?:mg|milligrammes?|milligrams?|microgrammes?|micrograms?|ug|mcg|grammes?|grams?|ml|millilitres?"
    r"|milliliters?|ui|iu|unites? d'insuline|units? of insulin|gouttes?|drops?|comprimes?|cps?|cachets?|tablets?"
    r"|pills?|pilules?|gelules?|capsules?|ampoules?|sachets?|bouffees?|puffs?|patchs?|patches|suppositoires?"
    r"|injections?|piqures?|cuilleres?|cuillerees?|teaspoons?|tablespoons?)"
)
_SUM = r"\d{1,7}(?:[ .]\d{3})*(?:,\d{1,2})?"
_PATTERNS: tuple[tuple[Unwise, re.Pattern[str]], ...] = (
    (Unwise.EMAIL, re.compile(rf"[a-z0-9._+-]{{1,64}}{_AT}{_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}[a-z]{{2,12}}\b")),
    (
        Unwise.LINK,
        re.compile(
            r"\bhttps?:?//\S+|\bwww\.\S+|\b(?:t\.me|wa\.me|bit\.ly|youtu\.be)/\S+"
            rf"|(?<![@\w.-]){_LABEL}(?:\.{_LABEL}){{0,3}}\.(?:com|net|org|fr|info|co\.uk|example|invalid)\b(?:/\S*)?"
        ),
    ),
    (
        Unwise.ADDRESS,
        re.compile(
            r"\b\d{1,4} ?(?:bis|ter|quater)?,? (?:rue|avenue|av\.|boulevard|bd|allees?|chemin|impasse|quai|square"
            rf"|residence|lotissement|faubourg|sentier|hameau) {_ARTICLES}[a-z'-]{{2,}}"
            r"|\b(?:0[1-9]|[1-8]\d|9[0-8])\d{3} (?!euros?\b|fois\b|pas\b|ans\b)[a-z][a-z'-]{2,}"
            r"|\b\d{1,4},? [a-z]+(?: [a-z]+)? (?:street|road|lane|drive|crescent|gardens|terrace)\b"
        ),
    ),
    (Unwise.DOSE, re.compile(rf"(?<![\w.,]){_COUNT} ?{_FORM}\b|(?<![\w.,])\d{{1,3}}(?:,\d)? g\b")),
    (
        Unwise.MONEY,
        re.compile(
            rf"(?<![\w.,]){_SUM} ?(?:€|£|\$|euros?\b|eur\b|pounds\b|dollars?\b)|[£$€] ?{_SUM}"
            r"|\biban\b|\bfr ?\d{2}(?: ?\d){10}|\bpaypal\b|\bwero\b|\blydia\b|\bwestern union\b|\bbitcoins?\b"
            r"|\bcrypto(?:monnaies?|s)?\b|\bcagnottes?\b|\bvirements?\b|\bcarte bancaire\b|\bcoupons? pcs\b"
            r"|\b(?:prete[rsz]?|avance[rsz]?|donne[rsz]?|envoye[rz]|envoies?)[ -](?:moi |lui |nous )?(?:de l'|un peu d')argent\b"
            r"|\b(?:lend|send|give) (?:me|him|her|us) (?:some )?money\b|\bbank transfer\b|\bcredit card\b"
        ),
    ),
    (
        Unwise.ELSEWHERE,
        re.compile(
            r"\bwhats? ?app\b|\bwatsapp\b|\btelegram\b|\b(?:sur|via|on) (?:signal|messenger|insta|discord|teams)\b"
            r"|\binstagram\b|\bfacebook\b|\bsnap(?:chat)?\b|\bskype\b|\btik ?tok\b|\bface ?time\b|\bviber\b"
            r"|\b(?:mon|ton|votre) (?:numero|06|07|mail|e-mail|adresse mail|facebook|insta)\b"
            r"|\b(?:my|your) (?:phone number|number|e-?mail)\b"
        ),
    ),
)
# These words also mean other things: only a capital after them tells « 5 cours Mirabeau » from « 5 cours de yoga ».
_NAMED_STREET = re.compile(
    r"\b\d{1,4} ?(?:bis|ter)?,? (?:[Pp]lace|[Rr]oute|[Pp]assage|[Cc]ours|[Vv]oie|[Cc]ité|[Vv]illa) "
    r"(?:(?:de|du|des|la|le|les) |[dl]['’])*[A-ZÀ-Ý][\w'’-]*"
)


def _patterns(text: str) -> Iterator[tuple[Unwise, int, int]]:
    for kind, pattern in _PATTERNS:
        if match := pattern.search(text):
            yield kind, *match.span()


# -- phone numbers, in digits, in words, spaced out or with letters for digits

_UNITS = "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80}
_ENGLISH = "oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS: dict[str, int] = {
    **{word: value for value, word in enumerate(_UNITS.split())},
    **{word: value for value, word in enumerate(_ENGLISH.split())},
    **{word: 10 * value for value, word in enumerate(_ENGLISH_TENS.split(), 2)},
    **_TENS,
    **{"une": 1, "vingts": 20, "nonante": 90, "seventeen": 17, "eighteen": 18, "nineteen": 19},
}
_TOKEN = re.compile(r"\d+|[a-z]+|\S")
_JOINERS = frozenset({*"+.-/_()*,:;|·•", "et", "and", "point", "tiret", "dash"})
_DATE = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d\b")
_LETTER_DIGIT = re.compile(r"(?<=\d)[oil](?=[\d .-])|\bo(?=[1-9])")
# French numbers but the free ones of help lines, and international ones.
_PHONE = re.compile(r"0(?!80)[1-9]\d{8}|(?:\+|00)[1-9]\d{8,13}")
_FOUR, _TEN, _TWENTY, _SIXTY, _EIGHTY = 4, 10, 20, 60, 80
LONGEST_PHONE = 16  # a sign, then fifteen digits, said one by one


def _joined(last: int | None, value: int) -> int | None:
    """The number two words make together, if they do."""
    if last is None or not value:
        return None
    if last == _FOUR and value == _TWENTY:
        return _EIGHTY
    makes_tens = last >= _TWENTY and last % _TEN == 0 and value < _TEN
    makes_seventy = last in (_SIXTY, _EIGHTY) and _TEN <= value < _TWENTY
    return last + value if makes_tens or makes_seventy else None


@dataclass
class _Run:
    """Numbers that follow each other: what each says in digits and where it stands."""

    said: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    value: int | None = None  # of the last number, if it was written in words

    def add_digits(self, digits: str, place: tuple[int, int]) -> None:
        self.said.append(digits)
        self.places.append(place)
        self.value = None

    def add_word(self, value: int, place: tuple[int, int]) -> None:
        """« soixante », « dix », « huit » make one number; « zéro », « six » make two."""
        joined = _joined(self.value, value)
        if joined is None:
            self.said.append(str(value))
            self.places.append(place)
        else:
            self.said[-1] = str(joined)
            self.places[-1] = (self.places[-1][0], place[1])
        self.value = value if joined is None else joined

    def phone(self) -> tuple[int, int] | None:
        """Where the first phone number of this run stands."""
        for first in range(len(self.said)):
            said = self.said[first : first + LONGEST_PHONE]
            if match := _PHONE.match("".join(said)):
                ends = accumulate(len(each) for each in said)
                last = next(index for index, end in enumerate(ends) if end >= match.end())
                return self.places[first][0], self.places[first + last][1]
        return None


def _phones(text: str) -> Iterator[tuple[Unwise, int, int]]:
    for run in _runs(text):
        if place := run.phone():
            yield Unwise.PHONE, *place


def _runs(text: str) -> Iterable[_Run]:
    """Numbers separated by nothing but signs and spaces; dates are left out."""
    text = _DATE.sub(lambda match: "§" * len(match.group()), text)
    text = _LETTER_DIGIT.sub(lambda match: "0" if match.group() == "o" else "1", text)
    run = _Run()
    for match in _TOKEN.finditer(text):
        said = match.group()
        if said.isdecimal() and said.isascii():
            run.add_digits(said, match.span())
        elif not said.strip("o"):
            run.add_digits("0" * len(said), match.span())
        elif said in NUMBERS:
            run.add_word(NUMBERS[said], match.span())
        elif said == "+":
            yield run
            run = _Run(["+"], [match.span()])
        elif said not in _JOINERS:
            yield run
            run = _Run()
    yield run


# -- medicines

_STEMS = re.compile(
    r"[a-z]{3,}(?:mab|tinib|ciclib|parib|cillin|statin|prazol|sartan|parin|cyclin|floxacin|azepam|zolam|taxel|rubicin"
    r"|platin|dipin|gliptin|gliflozin|triptan|setron|mycin|oxetin|conazol|olol|pril)e?s?"
)
_WORD = re.compile(r"[a-z]{5,}")
SHORTEST_STEM = 7


@cache
def medicines() -> frozenset[str]:
    """Names of the data file, each with and without its final e."""
    lines = MEDICINES.read_text(encoding="utf-8").splitlines()
    names = {name.strip() for line in lines if not line.startswith("#") for name in line.split(",")}
    return frozenset(form for name in names if name for form in (name, name.removesuffix("e")))


def _medicines(text: str) -> Iterator[tuple[Unwise, int, int]]:
    for match in _WORD.finditer(text):
        word = match.group()
        is_named = word in medicines() or (len(word) >= SHORTEST_STEM and _STEMS.fullmatch(word))
        if is_named:
            yield Unwise.MEDICINE, *match.span()
            return
