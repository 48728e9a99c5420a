"""Rows drawn once: each has its own words, escaped; nothing may depend on a hole; sentences are kept by language."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, override

from vecu.core.said import said
from vecu.core.templatetags.ui import stencils


@pytest.fixture
def page(settings: Any) -> Any:
    """A site whose templates are given here."""

    def make(**templates: str) -> Template:
        loaders = [("django.template.loaders.locmem.Loader", templates)]
        builtins = ["django.templatetags.i18n", "vecu.core.templatetags.ui"]
        settings.TEMPLATES = [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": loaders, "builtins": builtins},
            }
        ]
        stencils._row.cache_clear()
        return get_template("page").template

    yield make
    stencils._row.cache_clear()


def test_each_row_has_its_own_words(page: Any) -> None:
    template = page(page='{% rows lines "row" %}', row='<li title="{{ row.about }}">{{ row.name }}</li>')
    lines = [SimpleNamespace(name="<A>", about='"'), SimpleNamespace(name=mark_safe("<b>B</b>"), about=3)]
    assert template.render(Context({"lines": lines})) == (
        '<li title="&quot;">&lt;A&gt;</li><li title="3"><b>B</b></li>'
    )
    assert template.render(Context({"lines": []})) == ""


def test_words_around_follow_the_language(page: Any) -> None:
    template = page(page='{% rows lines "row" %}', row='{% translate "Help" %} {{ row.name }}')
    lines = [SimpleNamespace(name="x")]
    for language, expected in (("en", "Help x"), ("fr", "Aide x"), ("en", "Help x")):
        with override(language):
            assert template.render(Context({"lines": lines})) == expected


@pytest.mark.parametrize("row", ["{% if row.name %}x{% endif %}", "{{ row.name|default:'–' }}"])
def test_nothing_may_depend_on_a_hole(page: Any, row: str) -> None:
    template = page(page='{% rows lines "row" %}', row=row)
    with pytest.raises(TemplateSyntaxError):
        template.render(Context({"lines": [SimpleNamespace(name="")]}))


def test_a_word_that_looks_like_a_hole_stays_a_word(page: Any) -> None:
    template = page(page='{% rows lines "row" %}', row="[{{ row.name }}]{{ row.about }}")
    lines = [SimpleNamespace(name="\0about\0", about="secret")]
    assert template.render(Context({"lines": lines})) == "[\0about\0]secret"


def test_a_sentence_is_said_once_for_each_language() -> None:
    asked = []

    @said
    def say(number: int) -> str:
        asked.append(number)
        return f"{gettext('Help')} {number}"

    for language, expected in (("fr", "Aide 1"), ("en", "Help 1"), ("fr", "Aide 1")):
        with override(language):
            assert say(1) == expected
    assert say(2).endswith("2")
    assert asked == [1, 1, 2]
