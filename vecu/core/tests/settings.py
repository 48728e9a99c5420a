"""Settings of a site with `core` alone, for its own tests and for the crash trials."""

from config.settings.test import *  # noqa: F403
from config.settings.test import TEMPLATES

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "vecu.core",
    "vecu.core.tests.sample",
]
AUTH_USER_MODEL = "auth.User"
ROOT_URLCONF = "vecu.core.tests.sample.urls"
MIDDLEWARE = [
    "vecu.core.http.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vecu.core.http.PrivateMiddleware",
    "vecu.core.once.OnceMiddleware",
]
TEMPLATES[0]["OPTIONS"]["context_processors"] = ["django.template.context_processors.request"]
TEMPLATES[0]["OPTIONS"]["builtins"] = []
SILENCED_SYSTEM_CHECKS = ["vecu.E012"]  # the middlewares of the areas are not there
