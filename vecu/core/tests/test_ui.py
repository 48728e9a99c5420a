"""The interface's tags: what they write, and what they refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from lxml import html

from vecu.core.help_lines import ALL, URGENT
from vecu.core.management.commands import help_page
from vecu.core.templatetags.ui import registry
from vecu.core.templatetags.ui.mending import problems


def draw(source: str, **context: Any) -> str:
    request = RequestFactory().get("/x/?state=open&page=2")
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


def tree(source: str, **context: Any) -> html.HtmlElement:
    return html.fragment_fromstring(draw(source, **context), create_parent="div")


class Contact(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="To answer you.")
    phone = forms.CharField(label="Phone", required=False)
    channel = forms.ChoiceField(label="How?", choices=[("a", "Phone"), ("b", "Video")], widget=forms.RadioSelect)
    agrees = forms.BooleanField(label="I agree", help_text="You may change your mind.")
    secret = forms.CharField(widget=forms.HiddenInput, initial="s")


# -- what a misspelt word gives


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "nothing" %}',
        '{% button "x" variant="primry" %}',
        '{% button "x" size="huge" %}',
        '{% badge "x" tone="red" %}',
        '{% verdict "maybe" %}',
        '{% duo "circle" %}',
        "{% steps 5 4 %}",
        '{% stat 12 "Asked" %}',
        '{% stat 12 "Asked" n=12 period="2026" %}',
        '{% stat 12 "Asked" period="2026" definition="d" %}',
        '{% card tone="pink" %}x{% endcard %}',
        '{% alert "green" %}x{% endalert %}',
        '{% alert "sauge" role="banner" %}x{% endalert %}',
        '{% form method="put" %}x{% endform %}',
        '{% form style="wide" %}x{% endform %}',
        '{% facts style="table" %}x{% endfacts %}',
        '{% dialog "x" variant="big" %}x{% enddialog %}',
        '{% button "x" colour="red" %}',
    ],
)
def test_misspelt_word_is_an_error(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        draw(source)


# -- leaves


def test_text_is_escaped_everywhere() -> None:
    evil = '"><script>x</script>'
    source = """{% button e name=e value=e about=e %}{% button e href=e %}{% badge e %}{% card title=e id=e aside=e %}{% endcard %}
    {% alert "sauge" e %}{% endalert %}{% dialog e title=e %}{% enddialog %}{% more e %}{% endmore %}{% table e %}{% endtable %}
    {% facts %}{% fact e %}{{ e }}{% endfact %}{% endfacts %}{% toolbar e %}{% endtoolbar %}{% empty e e e e %}
    {% stat e e n=e period=e definition=e definition_url=e %}{% steps 1 2 e %}{% form action=e id=e label=e target=e %}{% endform %}"""
    assert "<script>" not in draw(source, e=evil)


def test_button_is_a_link_or_sends_a_form() -> None:
    link = tree('{% button "See" href="/a/" variant="secondary" icon="eye" about="Hélène" %}')[0]
    assert (link.tag, link.get("href"), link.get("class")) == ("a", "/a/", "btn btn-secondary")
    assert " ".join(link.text_content().split()) == "See Hélène"
    button = tree('{% button "Stop" name="move" value="stop" variant="danger" form="f" %}')[0]
    assert (button.tag, button.get("type"), button.get("name"), button.get("value"), button.get("form")) == (
        "button",
        "submit",
        "move",
        "stop",
        "f",
    )


def test_verdict_says_its_word() -> None:
    assert tree('{% verdict "partly" %}Tulle').text_content() == "En partie\u00a0: Tulle"


def test_dates_are_machine_readable() -> None:
    assert draw("{% date day %}", day=date(2026, 3, 1)) == '<time datetime="2026-03-01">1er\u00a0mars 2026</time>'
    assert draw("{% date day %}{% datetime day %}{% time day %}{% ago day %}", day=None) == ""


def test_phone_becomes_an_address_to_dial() -> None:
    assert draw('{{ "+33 1 99 00.12.34"|tel }}') == "tel:+33199001234"


# -- fields


def test_field_ties_label_help_and_error() -> None:
    box = tree("{% field form.email %}", form=Contact({}))
    control = box.xpath(".//input")[0]
    described = control.get("aria-describedby").split()
    assert described == ["id_email_help", "id_email_error"]
    assert [box.get_element_by_id(name) is not None for name in described] == [True, True]
    assert control.get("aria-invalid") == "true"
    assert control.get("autocomplete") == "email"
    assert box.xpath(".//label")[0].get("for") == control.get("id")


def test_field_keeps_what_was_typed_and_says_what_is_optional() -> None:
    box = tree("{% field form.phone autocomplete='off' %}", form=Contact({"phone": "01 99 00 00 01"}))
    assert box.xpath(".//input")[0].get("value") == "01 99 00 00 01"
    assert box.xpath(".//input")[0].get("autocomplete") == "off"
    assert "(facultatif)" in box.text_content()


def test_choices_are_cards_in_a_fieldset() -> None:
    box = tree("{% field form.channel %}", form=Contact({"channel": "b"}))
    fieldset = box.xpath("./fieldset")[0]
    assert fieldset.xpath("./legend")[0].text_content() == "How?"
    assert len(fieldset.xpath(".//label[@class='choice']")) == 2
    assert fieldset.xpath(".//input[@checked]/@value") == ["b"]


def test_single_box_has_its_help_inside_its_card() -> None:
    box = tree("{% field form.agrees %}", form=Contact())
    assert box.xpath(".//label//small")[0].get("id") == box.xpath(".//input")[0].get("aria-describedby")


def test_hidden_field_is_only_its_input() -> None:
    assert [e.tag for e in tree("{% field form.secret %}", form=Contact())] == ["input"]


def test_errors_link_to_their_fields() -> None:
    form = Contact({"channel": "z", "secret": "s"})
    page = tree("{% errors form %}{% field form.email %}{% field form.channel %}{% field form.agrees %}", form=form)
    links = page.xpath(".//div[@data-vecu-errors]//a/@href")
    assert links == ["#id_email", "#id_channel", "#id_agrees"]
    assert all(page.get_element_by_id(link[1:]) is not None for link in links)
    assert tree("{% errors form %}", form=Contact()).text_content().strip() == ""


def test_errors_of_hidden_fields_are_said_too() -> None:
    form = Contact({"email": "a@b.example", "channel": "a", "agrees": "on"})
    assert "rester vide" in tree("{% errors form %}", form=form).text_content()


# -- containers


def test_form_writes_its_token_and_its_key() -> None:
    form = tree('{% form "/send/" target="#row" %}<p>in</p>{% endform %}')[0]
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
    assert len(fields["csrfmiddlewaretoken"]) == 64
    assert len(fields["_once"]) == 36
    assert (form.get("action"), form.get("method"), form.get("hx-post"), form.get("hx-target")) == (
        "/send/",
        "post",
        "/send/",
        "#row",
    )
    again = tree('{% form "/send/" %}{% endform %}')[0]
    assert again.xpath(".//input[@name='_once']/@value") != [fields["_once"]]


def test_form_that_reads_has_no_key() -> None:
    form = tree('{% form "/find/" method="get" style="inline" %}{% endform %}')[0]
    assert form.xpath(".//input") == []
    assert form.get("hx-get") is None


def test_form_without_request_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load ui %}{% form %}{% endform %}").render(Context())


def test_card_is_named_by_its_title() -> None:
    card = tree('{% card title="Qui vous répond" %}x{% endcard %}')[0]
    assert card.tag == "section"
    assert card.get_element_by_id(card.get("aria-labelledby")).text_content() == "Qui vous répond"
    assert tree("{% card %}x{% endcard %}")[0].tag == "div"


def test_empty_fact_says_so() -> None:
    assert "Non précisé" in draw('{% facts %}{% fact "When" %}  {% endfact %}{% endfacts %}')


def test_wide_table_can_be_scrolled_with_the_keyboard() -> None:
    region = tree('{% table "Sites" keep=True %}<tbody></tbody>{% endtable %}')[0]
    assert (region.get("role"), region.get("tabindex")) == ("region", "0")
    assert region.get_element_by_id(region.get("aria-labelledby")).text_content() == "Sites"


# -- places


def test_pager_keeps_the_filters() -> None:
    rows = Paginator(range(150), 50).page(2)
    links = tree("{% pager rows %}", rows=rows).xpath(".//a/@href")
    assert links == ["?state=open&page=1", "?state=open&page=3"]
    assert "<nav" not in draw("{% pager rows %}", rows=Paginator(range(3), 50).page(1))


def test_tabs_say_which_is_open() -> None:
    tabs = tree("{% tabs items 'States' %}", items=[("One", "/1/", 0, False), ("Two", "/2/", None, True)])
    assert tabs.xpath(".//a[@aria-current='page']/text()") == ["Two"]
    assert tabs.xpath(".//b/text()") == ["0"]


def test_stat_shows_what_it_rests_on() -> None:
    words = tree('{% stat "42" "Matched" n=57 period="2026" definition="first contact" %}').text_content()
    assert all(part in words for part in ("42", "Matched", "n = 57", "2026", "first contact"))


def test_two_voices_are_drawn_the_same_each_time() -> None:
    assert draw("{% duo %}") == draw("{% duo %}")
    assert draw("{% duo seed=1 %}") != draw("{% duo seed=2 %}")
    assert 'aria-hidden="true"' in draw("{% duo 'cover' %}")


# -- help


def test_help_line_of_every_page() -> None:
    links = tree("{% help_lines %}").xpath(".//a/@href")
    assert links == [line.href for line in URGENT] == ["tel:15", "tel:112", "sms:114", "tel:3114"]


def test_static_help_page_is_up_to_date() -> None:
    """Run `manage.py help_page` when this fails."""
    page = help_page.PAGE.read_text()
    assert page == help_page.render_page()
    hrefs = html.fromstring(page).xpath("//main//a/@href")
    assert hrefs == [line.href for line in ALL] * 2


def test_leaving_fast_needs_no_script() -> None:
    link = tree("{% leave %}").xpath(".//a")[0]
    assert link.get("href").startswith("https://")
    assert "noreferrer" in link.get("rel")


def test_one_of_several_is_not_called_optional() -> None:
    form = Contact()
    assert tree("{% field form.phone %}", form=form).xpath("//*[@class='optional']")
    assert not tree('{% field form.phone hint="One is enough." one_of=True %}', form=form).xpath(
        "//*[@class='optional']"
    )


def test_what_another_answer_makes_necessary_is_not_called_optional() -> None:
    class Asker(Contact):
        asked_sometimes = frozenset({"phone"})

    assert not tree("{% field form.phone %}", form=Asker()).xpath("//*[@class='optional']")


# -- what to mend


class Everything(forms.Form):
    """One field of each kind, left empty."""

    name = forms.CharField()
    words = forms.CharField(widget=forms.Textarea)
    phone = forms.CharField(widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField()
    number = forms.IntegerField()
    day = forms.DateField()
    hour = forms.TimeField()
    one = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    some = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    line = forms.ChoiceField(choices=[("a", "A")])
    box = forms.BooleanField()
    file = forms.FileField()
    secret = forms.CharField(widget=forms.PasswordInput)
    own = forms.CharField(error_messages={"required": "Say who you are."})


def test_an_empty_field_says_how_to_fill_it() -> None:
    form = Everything({})
    said = [problems(bound) for bound in form]
    assert all(len(sentences) == 1 for sentences in said)
    assert len({sentences[0] for sentences in said}) == len(said)
    usual = str(forms.Field.default_error_messages["required"])
    assert usual not in draw("{% errors form %}{% for f in form %}{% field f %}{% endfor %}", form=form)
    assert problems(form["own"]) == ["Say who you are."]


def test_other_errors_keep_their_words() -> None:
    form = Everything({"number": "many"})
    assert problems(form["number"]) == list(form["number"].errors)


# -- what stands in the template


def test_words_of_a_template_follow_the_language() -> None:
    page = Template('{% load ui %}{% translate "Menu" %} {% translate "Sign out" as leave %}{{ leave }}')
    for _time in range(2):
        for language, words in (("fr", "Menu Se déconnecter"), ("en", "Menu Sign out")):
            with translation.override(language):
                assert page.render(Context()) == words


def test_words_that_come_from_the_page_are_not_kept() -> None:
    page = Template("{% load ui %}{% translate words %}")
    with translation.override("fr"):
        assert [page.render(Context({"words": one})) for one in ("Sign out", "<b>")] == ["Se déconnecter", "&lt;b&gt;"]


def test_the_address_of_a_page_and_of_none() -> None:
    page = Template(
        '{% load ui %}{% url "comfort" %} {% url "comfort" as there %}{{ there }}{% url "no" as no %}{{ no }}'
    )
    for _time in range(2):
        assert page.render(Context({"no": "before"})) == f"{reverse('comfort')} {reverse('comfort')}"
    nowhere = Template('{% load ui %}{% url "no" %}')
    for _time in range(2):
        with pytest.raises(NoReverseMatch):
            nowhere.render(Context())


def test_small_marks_are_escaped() -> None:
    words = ["<b>&'\"", SafeString("<i>"), 3, gettext_lazy("Sign out")]
    assert registry.format_html("{}{}{}{}", *words) == format_html("{}{}{}{}", *words)
