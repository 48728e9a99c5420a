"""What is shown to the writer before sending, and what is left alone."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from vecu.messaging.enums import Unwise
from vecu.messaging.warnings import fold, look_again, look_at

SEEN = {
    Unwise.PHONE: [
        "mon tél 01 99 00 12 34",
        "01.99.00.12.34",
        "0 1 9 9 0 0 1 2 3 4",
        "O1 99 OO 12 34",
        "01\u200b99001234",
        "+33 1 99 00 12 34",
        "0033 199001234",
        "zéro un quatre-vingt-dix-neuf zéro zéro douze trente-quatre",
        "zero six soixante-dix-sept zéro zéro douze treize",
        "call oh one nine nine zero zero one two three four",
        "０１ 99 00 12 34",
    ],
    Unwise.EMAIL: [
        "claire@courrier.example",
        "claire (at) courrier (point) example",
        "claire arobase courrier point com",
    ],
    Unwise.LINK: ["https://a.example/b", "va sur www.lieu.example", "ligue-cancer.net", "t.me/claire"],
    Unwise.ADDRESS: [
        "12 rue des Lilas",
        "12 bis, avenue de la République",
        "5 cours Mirabeau",
        "3 place du Marché",
        "44000 Valmont",
        "221 Baker street",
    ],
    Unwise.MEDICINE: ["du tamoxifène", "Tamoxifen helps", "l’amoxicilline", "trastuzumab", "PARACÉTAMOL", "bisoprolol"],
    Unwise.DOSE: [
        "prends 20 mg le soir",
        "deux comprimés",
        "10 gouttes",
        "½ cachet",
        "75 µg",
        "1,5 ml",
        "half a tablet",
    ],
    Unwise.MONEY: [
        "prête-moi 50 €",
        "envoie-moi de l’argent",
        "ma cagnotte",
        "FR76 3000 4000 0312 3456",
        "paypal",
        "£20",
    ],
    Unwise.ELSEWHERE: ["on passe sur WhatsApp ?", "donne-moi ton numéro", "sur signal", "my phone number"],
}
LEFT_ALONE = [
    "Le 01/02/2026 à 14 h 30, puis le 09/11/2026",
    "J’ai 5 cours de yoga et 2 places pour le concert",
    "Appelez le 3114, le 15 ou le 0 800 940 939",
    "En 2021, 2022 et 2023 ; un, deux, trois, soleil",
    "En finir avec la chimio, fin avril",
    "C’est la fin.de toute façon. Bonne nuit.Ça va aller",
    "10000 pas par jour, 3 fois 20 minutes",
    "J’ai écouté mon vieux tourne-disque, la platine marche encore",
    "I waited 45 minutes in April, then went home",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SEEN.items() for text in texts])
def test_it_is_seen(kind: Unwise, text: str) -> None:
    assert kind in [seen.kind for seen in look_at(text)]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert look_at(text) == []


def test_the_writer_sees_their_own_words() -> None:
    [seen] = look_at("Bonjour, c’est le 01 99 00 12 34, à bientôt")
    assert seen.words == "01 99 00 12 34"
    assert look_at("01 99 00 12 34, 20 ou 30 fois")[0].words == "01 99 00 12 34"
    assert [seen.words for seen in look_at("Je prends du Tamoxifène")] == ["Tamoxifène"]


def test_each_kind_once_in_order() -> None:
    text = "claire@courrier.example ou paul@courrier.example, 01 99 00 12 34, 20 mg"
    assert [seen.kind for seen in look_at(text)] == [Unwise.PHONE, Unwise.EMAIL, Unwise.DOSE]


def test_what_was_acknowledged_is_not_shown_again_but_the_rest_is() -> None:
    now = timezone.now()
    seen = look_again("20 mg, 01 99 00 12 34", acknowledged={"dose"}, last_at=None, now=now)
    assert [each.kind for each in seen] == [Unwise.PHONE]


@pytest.mark.parametrize(("days", "is_asked"), [(6, False), (8, True)])
def test_after_a_week_one_is_asked_whom_one_writes_to(days: int, is_asked: bool) -> None:
    now = timezone.now()
    seen = look_again("Bonjour", acknowledged=(), last_at=now - timedelta(days=days), now=now)
    assert bool(seen) is is_asked


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.origins)
    for seen in look_at(text):
        assert len(seen.words) <= 60


@pytest.mark.parametrize(
    "piece",
    ["a", "0 ", "a.", "a@", "a-", "zero ", "12 a ", ".com", "0.0", "12 rue ", "d'", "fr76 1", " ", "(at)", "+1"],
)
def test_hostile_lengths_are_read_at_once(piece: str) -> None:
    text = (piece * 4000)[:4000]
    started = time.perf_counter()
    look_at(text)
    assert time.perf_counter() - started < 0.5
