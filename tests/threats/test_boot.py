"""Threats 32 and 39: an instance that is set wrong does not start; one that is flooded answers cheaply.

Each wrong setting is refused by its number in `vecu/core/tests/test_checks.py`; here, real processes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from conftest import CheckedClient
from tests.access.world import World
from vecu.core import keys
from vecu.people.actions import throttles

ROOT = Path(__file__).resolve().parents[2]
RIGHT = {
    "VECU_SECRET_KEY": "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF-hJ_kLmNoPqRsTuVwXyZ12",
    "VECU_HOSTS": "vecu.example",
    "VECU_MAIL_FROM": "Vécu <messages@vecu.example>",
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
}
SAYS = """
import django
from django.conf import settings
django.setup()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
from vecu.core.checks import refuse_if_unsafe
refuse_if_unsafe()
limits = settings.DATABASES["default"]["OPTIONS"].get("options", "")
print("started", settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.EMAIL_TIMEOUT, limits)
"""


def start(folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """A real instance as its operator starts it, up to the point where it would serve."""
    keys.make_private_folder(folder)
    keys.ensure_key_file(folder / "keys" / "kek.json")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VECU_", "DJANGO_"))}
    given = {**clean, **RIGHT, "VECU_VAR": str(folder), "VECU_KEY_FILE": str(folder / "keys" / "kek.json"), **changes}
    return subprocess.run(
        [sys.executable, "-c", SAYS], cwd=ROOT, env=given, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_right_instance_passes_every_check_and_holds_its_limits(tmp_path: Path) -> None:
    done = start(tmp_path, VECU_DB_NAME="vecu", VECU_DB_HOST=str(tmp_path))  # its server is away: pages will say so
    assert "started 1048576 10 -c statement_timeout=5000" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"VECU_HOSTS": "*"}, "vecu.E023"),
        ({"VECU_SECRET_KEY": "short"}, "vecu.E022"),
        ({"VECU_SMTP_PORT": "twenty-five"}, "VECU_SMTP_PORT"),
        ({"VECU_OIDC": "chu"}, "VECU_OIDC_CHU_ISSUER is missing"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_one_wrong_variable_and_nothing_serves(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    done = start(tmp_path, **changes)
    assert done.returncode != 0
    assert "started" not in done.stdout
    assert said in done.stdout + done.stderr


@pytest.mark.django_db
class TestFlood:
    """Threat 32: what costs nothing to ask costs next to nothing to answer."""

    def test_an_address_that_is_not_costs_no_query(
        self, client: CheckedClient, django_assert_num_queries: object
    ) -> None:
        with django_assert_num_queries(0):  # type: ignore[operator]
            for path in ("/wp-login.php", "/.env", "/compte/../../etc/passwd", "/" + "a" * 4_000):
                assert client.get(path).status_code == 404

    def test_a_stranger_who_knocks_at_private_pages_costs_no_query(
        self, world: World, client: CheckedClient, django_assert_num_queries: object
    ) -> None:
        with django_assert_num_queries(0):  # type: ignore[operator]
            for name, key in (("request_detail", "request_open"), ("member_detail", "member"), ("exchange", "pair")):
                assert client.get(reverse(name, args=[world.here[key].pk])).status_code == 302

    def test_guesses_cost_no_hash_while_a_delay_runs(
        self, world: World, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A password is only looked at when it may count: that is the costly part of a page."""
        address = world.cast.marc.user.email
        for _guess in range(throttles.ACCOUNT.free + 2):
            client.post(reverse("account_login"), {"login": address, "password": "un mot de passe faux"})
        monkeypatch.setattr("django.contrib.auth.base_user.check_password", lambda *_: pytest.fail("looked at"))
        answer = client.post(reverse("account_login"), {"login": address, "password": "un autre mot de passe"})
        assert "trop d’essais" in answer.text or "Attendez" in answer.text
