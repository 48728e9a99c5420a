"""Images of one's exchanges go with one's copy, those sent and those received, and nobody else's."""

from __future__ import annotations

import pytest

from vecu.core.tests.photos import photo
from vecu.messaging import actions
from vecu.messaging.exports import images, messaging_part
from vecu.messaging.models import Message
from vecu.messaging.tests.factories import make_exchange

pytestmark = pytest.mark.django_db


def test_images_of_both_sides_and_of_no_other_thread() -> None:
    mine, other = make_exchange(), make_exchange()
    sent = actions.send_message(mine.thread, actor=mine.peer_actor, body="", image=photo(), image_alt="Un chat")
    received = actions.send_message(mine.thread, actor=mine.person_actor, body="Voici", image=photo(kind="PNG"))
    actions.send_message(other.thread, actor=other.peer_actor, body="", image=photo())
    found = dict(images(mine.peer))
    assert set(found.values()) == {bytes(Message.objects.get(pk=one.pk).image) for one in (sent, received)}
    named = [value for section in messaging_part(mine.peer) for row in section.rows for value in row.values()]
    assert all(name.rpartition(".")[0] in named for name in found)
