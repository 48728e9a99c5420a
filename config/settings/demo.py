"""The demo: one invented world, one-click entry as anyone in it. Never a real instance."""

from config.settings.base import *  # noqa: F403
from config.settings.base import KEY_FILE, VAR
from vecu.core.keys import local_secret

DEMO = True
CATALOGUE = True
SECRET_KEY = local_secret(VAR / "keys" / "secret", KEY_FILE)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
