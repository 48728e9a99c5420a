"""Reading comfort, from the cookie to the classes of <html>."""

from __future__ import annotations

import pytest

from vecu.core.comfort import Comfort


def test_choices_survive_the_cookie() -> None:
    chosen = Comfort(text="larger", spacing="spaced", font="dyslexic", theme="dark", motion="still")
    assert Comfort.from_cookie(chosen.cookie) == chosen
    assert chosen.classes == "text-larger spaced font-dyslexic still"
    assert chosen.data_theme == "dark"


def test_nothing_chosen_writes_nothing() -> None:
    assert Comfort().cookie == ""
    assert Comfort().classes == ""
    assert Comfort().data_theme == ""


@pytest.mark.parametrize("cookie", ["", "text=huge", "text=%22><script>", "=&&=", "x" * 5000, "theme=dark\x00"])
def test_strange_cookies_give_the_usual_page(cookie: str) -> None:
    assert Comfort.from_cookie(cookie) == Comfort()
