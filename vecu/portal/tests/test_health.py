"""What a watcher of the server sees."""

import pytest
from django.urls import reverse

from conftest import CheckedClient
from vecu.safeguarding.tests.factories import beat

pytestmark = pytest.mark.django_db


def test_it_works(client: CheckedClient) -> None:
    assert client.get(reverse("healthz")).content == b"ok"


def test_a_dead_worker_is_said(client: CheckedClient) -> None:
    response = client.get(reverse("readyz"))
    assert response.status_code == 503 and response.json()["worker"] is False
    beat()
    assert client.get(reverse("readyz")).json()["worker"] is True
