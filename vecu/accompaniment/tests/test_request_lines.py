"""The lines of requests: what each says at once, and that each actor gets those their rights give."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import actor_of, make_cast, sign_in
from vecu.accompaniment import summary
from vecu.accompaniment.models import SupportRequest
from vecu.accompaniment.tests.factories import ProgrammeFactory, RequestFactory
from vecu.accompaniment.views import requests as views
from vecu.core.access import visible

pytestmark = pytest.mark.django_db


def test_badges_are_html_and_words_are_not(client):
    cast = make_cast()
    programme = ProgrammeFactory(organisation=cast.committee)
    soon = timezone.localdate() + timedelta(days=3)
    RequestFactory(programme=programme, source="ward", fixed_on=soon, needs={"own_condition": "<b>x</b>"})
    RequestFactory(programme=programme, needs={}, wishes={})
    page = sign_in(client, cast.claire).get("/demandes/").content.decode()
    assert '<span class="badge badge-prune">D’un service</span>' in page
    assert f'<time datetime="{soon.isoformat()}">' in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    assert ">–</td>" in page


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("sclerose en plaques", ["Sclérose en plaques (SEP)"]),
        ("SEP", ["Sclérose en plaques (SEP)"]),
        ("ma SEP à moi", ["Sclérose en plaques (SEP)", "«\u00a0ma SEP à moi\u00a0»"]),
        ("?!", ["Sclérose en plaques (SEP)", "«\u00a0?!\u00a0»"]),
    ],
)
def test_what_was_typed_is_shown_when_it_says_more(typed, shown):
    assert summary.lived_words({"conditions": ["sep"]}, typed=typed) == shown


@pytest.mark.parametrize("tab", views.TABS)
def test_rows_and_counts_are_those_of_visible(tab):
    cast = make_cast()
    for organisation in (cast.committee, cast.committee, cast.other_hospital):
        RequestFactory(programme=ProgrammeFactory(organisation=organisation))
    day = timezone.localdate()
    for _round in range(2):  # one after another: what was written for one is asked by the next
        for person in (cast.claire, cast.youssef, cast.helene, cast.nadia, cast.bertrand):
            actor = actor_of(person)
            expected = visible(SupportRequest, actor).filter(state__in=views.TABS[tab])
            listed = views._listing(tab, day).of(actor)
            assert {row[0] for row in listed[0:50]} == {one.pk for one in expected}
            assert listed.count() == expected.count()
            counts = dict(zip(views.TABS, (n for _label, _address, n, _here in views.tab_items(actor)), strict=True))
            assert counts[tab] == expected.count()
