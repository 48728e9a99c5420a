"""Tests. SQLite in memory by default; `VECU_TEST_PG=<socket folder or host>:<port>` runs them on PostgreSQL."""

import tempfile
from pathlib import Path

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, TEMPLATES
from vecu.core.keys import ensure_key_file

INSTALLED_APPS = [*INSTALLED_APPS, "vecu.core.tests.sample"]  # an invented area to try core on
SECRET_KEY = "tests only"  # noqa: S105
CATALOGUE = True
VAR = Path(tempfile.mkdtemp(prefix="vecu-tests-"))
KEY_FILE = VAR / "keys" / "kek.json"
ensure_key_file(KEY_FILE)
STATIC_ROOT = VAR / "staticfiles"
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEMPLATES[0]["OPTIONS"]["debug"] = True

_postgres = env.text("VECU_TEST_PG", None, "host:port of the PostgreSQL server that runs the tests")
if _postgres:
    _host, _, _port = _postgres.rpartition(":")
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "vecu",
            "USER": "vecu",
            "HOST": _host,
            "PORT": _port,
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ":memory:",
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},
        }
    }
