"""Settings of the bare site. `BENCH_FOLDER` is its folder; `BENCH_PG` is host:port of a PostgreSQL, else SQLite."""

import os
from pathlib import Path

os.environ.setdefault("VECU_VAR", os.environ["BENCH_FOLDER"])

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES
from vecu.core.keys import local_secret

VAR = Path(os.environ["BENCH_FOLDER"])
KEY_FILE = VAR / "keys" / "kek.json"
SECRET_KEY = local_secret(VAR / "keys" / "secret", KEY_FILE)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "vecu.core",
    "vecu.core.tests.sample",
    "bench.site",
]
AUTH_USER_MODEL = "auth.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ROOT_URLCONF = "bench.site.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "vecu.core.http.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "vecu.core.http.PrivateMiddleware",
    "vecu.core.once.OnceMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("BENCH_SMTP", "25"))
SILENCED_SYSTEM_CHECKS = ["vecu.E012", "vecu.E009"]
if os.environ.get("BENCH_POWER"):
    from bench.site import power

    power.record(Path(os.environ["BENCH_POWER"]))
if os.environ.get("BENCH_SYNCHRONOUS", "FULL") != "FULL":  # what it would cost: a trial that must find losses
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] += f" PRAGMA synchronous={os.environ['BENCH_SYNCHRONOUS']};"
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10000}}}
if os.environ.get("BENCH_PG"):
    _host, _, _port = os.environ["BENCH_PG"].rpartition(":")
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ.get("BENCH_PG_NAME", "bench"),
            "USER": os.environ.get("BENCH_PG_USER", "vecu"),
            "HOST": _host,
            "PORT": _port,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    }
