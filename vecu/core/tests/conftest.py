"""A bare site: core's middlewares and invented views, whatever the areas above look like."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from vecu.core import vault


@pytest.fixture(autouse=True)
def empty_memory_of_keys() -> Any:
    vault.forget()
    yield
    vault.forget()


@pytest.fixture
def bare_site(settings: Any) -> Client:
    settings.ROOT_URLCONF = "vecu.core.tests.sample.urls"
    settings.MIDDLEWARE = [
        "vecu.core.http.RequestIdMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "vecu.core.http.PrivateMiddleware",
        "vecu.core.once.OnceMiddleware",
    ]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ]
    return Client(raise_request_exception=False)
