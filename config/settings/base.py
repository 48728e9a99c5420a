"""Settings common to every mode. What depends on the machine is read in `config.env`."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env, openid
from config.sqlite import use_safe_sqlite

use_safe_sqlite()

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(env.text("VECU_VAR", str(ROOT / "var"), "Folder of the database, keys and files of this instance"))

DEBUG = False
DEMO = False
IS_REAL = False  # an instance with real people: config/settings/prod.py
CATALOGUE = False  # the page that shows every component, for those who build pages
SECRET_KEY = env.text("VECU_SECRET_KEY", None, "Signs sessions and links; never encrypts data")
ALLOWED_HOSTS = env.words("VECU_HOSTS", "127.0.0.1,localhost", "Host names this instance answers to")
CSRF_TRUSTED_ORIGINS = env.words("VECU_ORIGINS", "", "Origins (https://…) allowed to post forms")
TRUSTED_PROXIES = env.networks(
    "VECU_TRUSTED_PROXIES",
    "127.0.0.1,::1",
    "Proxies whose X-Forwarded-… headers are believed; anyone else's are dropped",
)
PUBLIC_URL = env.address(
    "VECU_URL", "http://127.0.0.1:8000", "Address of this instance, for links in messages and on posters"
)
LEGAL = {  # the legal notice, which the law wants on the site itself
    "publisher": env.text("VECU_LEGAL_PUBLISHER", "", "Legal notice: name and address of the publisher"),
    "director": env.text("VECU_LEGAL_DIRECTOR", "", "Legal notice: director of publication"),
    "host": env.text("VECU_LEGAL_HOST", "", "Legal notice: name, address and phone of the (HDS) host"),
    "contact": env.text("VECU_LEGAL_CONTACT", "", "Legal notice: how to reach the publisher"),
}
KEY_FILE = Path(env.text("VECU_KEY_FILE", str(VAR / "keys" / "kek.json"), "File of the key that wraps the data keys"))

BACKUP_KEY = env.text("VECU_BACKUP_KEY", "", "Public key (X25519, PEM) for which backups are sealed")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "vecu.core",
    "vecu.people",
    "vecu.peers",
    "vecu.messaging",
    "vecu.safeguarding",
    "vecu.agenda",
    "vecu.recognition",
    "vecu.accompaniment",
    "vecu.recruitment",
    "vecu.training",
    "vecu.missions",
    "vecu.impact",
    "vecu.portal",
    # After ours, so that our pages and words of sign-in come before theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "config.apps.RoofConfig",  # last: what follows what, once every area is loaded
]

MIDDLEWARE = [
    "vecu.core.proxies.ProxyMiddleware",  # first: the others read the address and the scheme
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vecu.core.http.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "vecu.core.http.PrivateMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "vecu.people.middleware.ActorMiddleware",
    "vecu.core.access.GateMiddleware",
    "vecu.core.once.OnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "vecu.portal.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "vecu.core.templatetags.ui"],
        },
    },
]
FORM_RENDERER = "vecu.core.drawing.Renderer"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "vecu.sqlite3",
        # All are needed: docs/decisions/0003-sqlite-default.md says what each one loses.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; "
            # The bytes of a destroyed key leave the file, not only the table.
            "PRAGMA secure_delete=ON; "
            # Sixteen megabytes of pages kept by each connection, rather than two: what is counted is not read anew.
            "PRAGMA cache_size=-16384;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache holds sign-in throttles only: a table, so that it is shared between processes and needs no server.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["vecu.people.middleware.Accounts"]
PASSWORD_HASHERS = ["vecu.people.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "config" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.files.MarkedFiles"},
}

SESSION_ENGINE = "vecu.core.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 7
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "vecu.core.http.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# What is sent is held in memory: an image never lies on the disk before it is sealed.
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("VECU_SMTP_HOST", "127.0.0.1", "Mail server")
EMAIL_PORT = env.number("VECU_SMTP_PORT", 25, "Port of the mail server")
EMAIL_HOST_USER = env.text("VECU_SMTP_USER", "", "Account on the mail server")
EMAIL_HOST_PASSWORD = env.text("VECU_SMTP_PASSWORD", "", "Password of that account")
EMAIL_USE_TLS = env.boolean("VECU_SMTP_TLS", False, "Speak STARTTLS with the mail server")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("VECU_MAIL_FROM", "Vécu <messages@vecu.invalid>", "Neutral sender of every notice")

LOGGING_CONFIG = "vecu.core.logs.configure"
LOGGING = {"version": 1}  # Django calls the line above only if there is something to pass

# --- allauth: adapters and rules are explained in docs/decisions (sign-in) and vecu/people/adapter.py
ACCOUNT_ADAPTER = "vecu.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up alone; allauth's sign-in form needs the second
ACCOUNT_FORMS = {
    "login": "vecu.people.forms.SignInForm",
    "reset_password": "vecu.people.forms.ForgottenPasswordForm",
    "request_login_code": "vecu.people.forms.RequestCodeForm",
    "confirm_login_code": "vecu.people.forms.ConfirmCodeForm",
}
# Guesses are slowed down by vecu/people/actions/throttles.py; these only stop floods, and are wide enough for a
# whole hospital behind one address.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "5/5m/key",
    "request_login_code": "120/m/ip",
    "reset_password": "120/m/ip,3/5m/key",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
OIDC_PROVIDERS = openid.providers()  # how professionals may also sign in: vecu/core/openid.py
MFA_ADAPTER = "vecu.people.adapter.MFAAdapter"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "vecu.people.forms.SetUpAppForm",
    "authenticate": "vecu.people.forms.SecondProofForm",
    "reauthenticate": "vecu.people.forms.SecondProofAgainForm",
    "add_webauthn": "vecu.people.forms.AddPasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
