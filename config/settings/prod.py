"""A real instance. Refuses to start when anything is missing or unsafe (see also vecu/core/checks.py)."""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES

IS_REAL = True
SECRET_KEY = env.required("VECU_SECRET_KEY", "a long random text that signs sessions")
env.required("VECU_HOSTS", "the host names this instance answers to")
env.required("VECU_KEY_FILE", "the file of the key that wraps the data keys, outside the database")

# manage.py lifts it for what is done by hand: a migration or a restore takes as long as it takes.
TIMEOUT = env.number(
    "VECU_DB_TIMEOUT", 5000, "Milliseconds after which PostgreSQL lets go of a page that asks too much"
)
if env.text("VECU_DB_NAME", None, "PostgreSQL database; without it, SQLite under VECU_VAR"):
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": env.text("VECU_DB_NAME", None, "PostgreSQL database; without it, SQLite under VECU_VAR"),
        "USER": env.text("VECU_DB_USER", "vecu", "PostgreSQL role of the web and job processes"),
        "PASSWORD": env.text("VECU_DB_PASSWORD", "", "Password of that role"),
        "HOST": env.text("VECU_DB_HOST", "", "PostgreSQL host or socket folder"),
        "PORT": env.text("VECU_DB_PORT", "", "PostgreSQL port"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": f"-c statement_timeout={TIMEOUT}"},
    }

SECURE_SSL_REDIRECT = env.boolean("VECU_HTTPS", True, "Redirect to HTTPS and mark cookies as secure")
SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = 31536000 if SECURE_SSL_REDIRECT else 0
# Other names under the operator's domain are not ours to bind to HTTPS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

env.refuse_if_wrong()
