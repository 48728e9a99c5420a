"""A developer's instance: `make run` and `manage.py` without any variable set."""

from config.settings.base import *  # noqa: F403
from config.settings.base import KEY_FILE, VAR
from vecu.core.keys import local_secret

SECRET_KEY = local_secret(VAR / "keys" / "secret", KEY_FILE)
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
CATALOGUE = True
