"""Start-up refusals: each wrong setting is refused by its number, and a right instance has none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from vecu.core import checks, keys

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": "vecu.sqlite3",
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; "
        "PRAGMA secure_delete=ON;",
    },
}
RIGHT: dict[str, Any] = {
    "IS_REAL": True,
    "DEBUG": False,
    "DEMO": False,
    "SECRET_KEY": "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF-hJ_kLmNoPqRsTuVwXyZ12",
    "ALLOWED_HOSTS": ["vecu.example.fr"],
    "SECURE_SSL_REDIRECT": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}},
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_TIMEOUT": 10,
    "DEFAULT_FROM_EMAIL": "Vécu <messages@vecu.example>",
    "PASSWORD_HASHERS": ["vecu.people.hashers.Argon2"],
    "MIDDLEWARE": list(checks.MIDDLEWARE),
    "ROOT_URLCONF": "vecu.core.tests.sample.urls",
    "SILENCED_SYSTEM_CHECKS": ["vecu.E036"] if os.environ.get("VECU_TEST_PG") else [],
}


class Seen:
    """Settings as the checks see them; databases and caches of the test itself stay as they are."""

    def __init__(self, changes: dict[str, Any], real: Any) -> None:
        self.__dict__.update({**RIGHT, **changes})
        self.real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@pytest.fixture
def found(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.KEY_FILE = tmp_path / "keys" / "kek.json"
    keys.ensure_key_file(settings.KEY_FILE)

    def run(**changes: Any) -> list[str]:
        for name in ("ROOT_URLCONF", "SILENCED_SYSTEM_CHECKS"):
            setattr(settings, name, {**RIGHT, **changes}[name])
        monkeypatch.setattr(checks, "settings", Seen(changes, settings))
        return [problem.id for problem in checks.run_all() if not problem.is_silenced()]

    return run


def sqlite(**options: Any) -> dict[str, Any]:
    return {"default": {**SQLITE, "OPTIONS": {**SQLITE["OPTIONS"], **options}}}


def without(pragma: str) -> dict[str, Any]:
    return sqlite(init_command=SQLITE["OPTIONS"]["init_command"].replace(f"PRAGMA {pragma};", ""))


def test_a_right_instance_starts(found: Any) -> None:
    assert found() == []
    checks.refuse_if_unsafe()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"DATABASES": without("journal_mode=WAL")}, "vecu.E002"),
        ({"DATABASES": without("synchronous=FULL")}, "vecu.E003"),
        ({"DATABASES": sqlite(transaction_mode="DEFERRED")}, "vecu.E004"),
        ({"DATABASES": without("busy_timeout=5000")}, "vecu.E005"),
        ({"DATABASES": without("secure_delete=ON")}, "vecu.E014"),
        ({"DATABASES": {"default": {**SQLITE, "CONN_MAX_AGE": 0}}}, "vecu.E006"),
        ({"IS_REAL": False, "DEMO": True, "ALLOWED_HOSTS": ["vecu.example.fr"]}, "vecu.E010"),
        ({"ROOT_URLCONF": "vecu.core.tests.sample.demo_urls"}, "vecu.E011"),
        ({"MIDDLEWARE": list(checks.MIDDLEWARE[1:])}, "vecu.E012"),
        ({"DEBUG": True}, "vecu.E020"),
        ({"DEMO": True, "ALLOWED_HOSTS": ["localhost"]}, "vecu.E021"),
        ({"SECRET_KEY": "short"}, "vecu.E022"),
        ({"SECRET_KEY": "a" * 60}, "vecu.E022"),
        ({"ALLOWED_HOSTS": ["*"]}, "vecu.E023"),
        ({"ALLOWED_HOSTS": [".example.fr"]}, "vecu.E023"),
        ({"ALLOWED_HOSTS": []}, "vecu.E023"),
        ({"SECURE_SSL_REDIRECT": False}, "vecu.E024"),
        ({"SESSION_COOKIE_SECURE": False}, "vecu.E025"),
        ({"CSRF_COOKIE_SECURE": False}, "vecu.E026"),
        ({"SECURE_HSTS_SECONDS": 60}, "vecu.E027"),
        ({"SESSION_COOKIE_HTTPONLY": False}, "vecu.E028"),
        ({"SESSION_COOKIE_SAMESITE": "None"}, "vecu.E028"),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}, "vecu.E029"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "vecu.E030"),
        ({"EMAIL_TIMEOUT": None}, "vecu.E031"),
        ({"DEFAULT_FROM_EMAIL": "Vécu <messages@vecu.invalid>"}, "vecu.E032"),
        ({"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}, "vecu.E033"),
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'unsafe-inline'"]}}}, "vecu.E034"),
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {}}}, "vecu.E035"),
    ],
)
def test_one_wrong_setting_is_refused(found: Any, changes: dict[str, Any], expected: str) -> None:
    assert found(**changes) == [expected]
    with pytest.raises(checks.Unsafe, match=expected):
        checks.refuse_if_unsafe()


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2)])
def test_a_sqlite_that_corrupts_is_refused(found: Any, monkeypatch: pytest.MonkeyPatch, version: Any) -> None:
    monkeypatch.setattr(checks.Database, "sqlite_version_info", version)
    assert found(DATABASES=sqlite()) == ["vecu.E001"]


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4)])
def test_a_sqlite_that_does_not_is_taken(found: Any, monkeypatch: pytest.MonkeyPatch, version: Any) -> None:
    monkeypatch.setattr(checks.Database, "sqlite_version_info", version)
    assert found(DATABASES=sqlite()) == []


def test_a_missing_broken_or_open_key_file_is_refused(found: Any, settings: Any, tmp_path: Path) -> None:
    settings.KEY_FILE.chmod(0o640)
    assert found() == ["vecu.E008"]
    settings.KEY_FILE.chmod(0o600)
    settings.KEY_FILE.parent.chmod(0o755)
    assert found() == ["vecu.E009"]
    settings.KEY_FILE.parent.chmod(0o700)
    assert found() == []
    settings.KEY_FILE.write_text("{}")
    assert found() == ["vecu.E007"]
    settings.KEY_FILE = tmp_path / "nowhere.json"
    assert found() == ["vecu.E007"]


def test_an_open_database_file_is_refused(found: Any, tmp_path: Path) -> None:
    path = tmp_path / "vecu.sqlite3"
    path.touch(0o644)
    path.chmod(0o644)
    assert found(DATABASES={"default": {**SQLITE, "NAME": path}}) == ["vecu.E038"]
    path.chmod(0o600)
    assert found(DATABASES={"default": {**SQLITE, "NAME": path}}) == []


@pytest.mark.postgres
def test_a_superuser_role_is_refused(found: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        is_superuser = cursor.fetchone()[0]
    assert ("vecu.E036" in found(SILENCED_SYSTEM_CHECKS=[])) == is_superuser


def test_a_signing_key_on_the_same_machine_is_a_warning(found: Any, settings: Any) -> None:
    settings.KEY_FILE.with_name("journal.pem").touch(0o600)
    assert found() == ["vecu.W001"]
    checks.refuse_if_unsafe()


def boot(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VECU_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=ROOT,
        env={**clean, "DJANGO_SETTINGS_MODULE": "config.settings.prod", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_real_instance_without_anything_says_all_that_is_missing(tmp_path: Path) -> None:
    done = boot({"VECU_VAR": str(tmp_path)})
    assert done.returncode != 0
    for name in ("VECU_SECRET_KEY", "VECU_HOSTS", "VECU_KEY_FILE"):
        assert name in done.stderr
