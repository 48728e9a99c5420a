"""What an instance refuses to start with.

Each refusal says what is wrong and how to mend it. They run with every management command, and in the web
processes through `refuse_if_unsafe` (config/wsgi.py, config/asgi.py). Those of `REAL` hold where
`settings.IS_REAL`: an instance with real people, as opposed to development, tests and the demo.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import OperationalError, connection
from django.db.backends.sqlite3 import base as sqlite
from django.urls import NoReverseMatch, reverse

from config.sqlite import FIRST_SAFE
from vecu.core import journal, keys, pdf

Database: Any = sqlite.Database  # type: ignore[attr-defined]  # the SQLite of this process
FIRST_WAL = (3, 7, 0)
LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]", "testserver"}
SECRET_LENGTH = 50
OLDEST_POSTGRESQL = 15
LEAST_ROOM = 1024 * 1024
MIDDLEWARE = (
    "vecu.core.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "vecu.core.http.PrivateMiddleware",
    "vecu.core.access.GateMiddleware",
    "vecu.core.once.OnceMiddleware",
)
Problems = Iterator[CheckMessage]


class Unsafe(Exception):
    """The instance must not start; lists why."""


def refuse_if_unsafe() -> None:
    """Raise with every problem found, so that a web process stops at once and says why."""
    found = [problem for problem in run_all() if problem.is_serious() and not problem.is_silenced()]
    if found:
        lines = "\n".join(f"  - {problem.id}: {problem.msg}\n    {problem.hint}" for problem in found)
        raise Unsafe(f"This instance must not start like this:\n{lines}")


def _error(number: int, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"vecu.E{number:03}")


# -- every instance


def sqlite_version() -> Problems:
    if not _is_sqlite_file():
        return
    if FIRST_WAL <= Database.sqlite_version_info < FIRST_SAFE:
        yield _error(
            1,
            f"SQLite {Database.sqlite_version} can corrupt this database.",
            "Install the pysqlite3 package (>= 0.6.1), or SQLite 3.51.3 or newer.",
        )


def sqlite_settings() -> Problems:
    """All are needed; docs/decisions/0003-sqlite-default.md says what each one loses."""
    if not _is_sqlite_file():
        return
    database = _database()
    options = database.get("OPTIONS", {})
    init = options.get("init_command", "").lower().replace(" ", "")
    wanted = [
        (2, "journal_mode=wal" in init, "journal_mode=WAL in init_command", "readers would wait for writers"),
        (3, "synchronous=full" in init, "synchronous=FULL in init_command", "a power cut would lose writes"),
        (4, options.get("transaction_mode") == "IMMEDIATE", "transaction_mode IMMEDIATE", "writers would fail"),
        (5, "busy_timeout=5000" in init, "busy_timeout=5000 in init_command", "writers would not wait"),
        (6, database.get("CONN_MAX_AGE", 0) is None, "CONN_MAX_AGE None", "pages would be slow"),
        (14, "secure_delete=on" in init, "secure_delete=ON in init_command", "what is erased would stay on the disk"),
    ]
    for number, is_right, setting, otherwise in wanted:
        if not is_right:
            yield _error(number, f"SQLite runs without {setting}: {otherwise}.", f"Put {setting} in DATABASES.")


def key_file() -> Problems:
    path = Path(settings.KEY_FILE)
    try:
        keys.load(path)
    except keys.KeyFileWrong as error:
        yield _error(7, f"The key that opens sealed texts is not usable: {error}.", "Restore it from its own backup.")
        return
    for number, private in ((8, path), (9, path.parent)):
        if stat.S_IMODE(private.stat().st_mode) & 0o077:
            yield _error(number, f"Others can read {private}.", f"chmod go= {private}")


def demo_is_local() -> Problems:
    if settings.DEMO and not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        yield _error(
            10,
            "The demo, where anyone enters as anyone, would answer to other machines.",
            "Leave VECU_HOSTS unset for the demo, or use config.settings.prod.",
        )


def nobody_enters_as_another() -> Problems:
    if settings.DEMO:
        return
    try:
        reverse("enter_as", args=["x"])
    except NoReverseMatch:
        try:
            reverse("enter_as")
        except NoReverseMatch:
            return
    yield _error(11, "The demo's one-click entry is reachable.", "Include its URL only where settings.DEMO is true.")


def middlewares() -> Problems:
    for name in MIDDLEWARE:
        if name not in settings.MIDDLEWARE:
            yield _error(12, f"{name} is missing from MIDDLEWARE.", "Put it back where config/settings/base.py has it.")


def room_on_disk() -> Problems:
    """SQLite opens its log for reading too; PostgreSQL looks after its own disk."""
    name = Path(str(_database()["NAME"]))
    if not _is_sqlite_file() or not name.parent.exists():
        return
    if shutil.disk_usage(name.parent).free < LEAST_ROOM:
        yield _error(13, f"The disk of {name.parent} is full: nothing could be recorded.", "Make room on it.")


def pdf_libraries() -> Problems:
    """Everything else works without them."""
    if missing := pdf.missing_libraries():
        yield Warning(
            f"Attestations and attendance sheets cannot be made as PDF: {', '.join(missing)} is missing.",
            hint=f"{pdf.INSTALL}, or the same packages of your system; then start again.",
            id="vecu.W002",
        )


# -- instances with real people


def no_debug() -> Problems:
    if settings.DEBUG:
        yield _error(20, "DEBUG shows texts of people on error pages.", "Set DEBUG to False.")
    if settings.DEMO:
        yield _error(21, "A real instance cannot be a demo.", "Use config.settings.demo for the demo.")


def secret_key() -> Problems:
    if len(settings.SECRET_KEY or "") < SECRET_LENGTH or len(set(settings.SECRET_KEY)) < SECRET_LENGTH // 5:
        yield _error(22, "VECU_SECRET_KEY is too short or too plain.", "openssl rand -base64 48")


def hosts() -> Problems:
    if not settings.ALLOWED_HOSTS or any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS):
        yield _error(23, "VECU_HOSTS must name each host; * and .domain are refused.", "VECU_HOSTS=vecu.example.fr")


def https() -> Problems:
    wanted = [
        (24, settings.SECURE_SSL_REDIRECT, "Pages may be asked without HTTPS", "VECU_HTTPS=yes behind a TLS proxy"),
        (25, settings.SESSION_COOKIE_SECURE, "The session cookie may travel in clear", "SESSION_COOKIE_SECURE = True"),
        (26, settings.CSRF_COOKIE_SECURE, "The form cookie may travel in clear", "CSRF_COOKIE_SECURE = True"),
        (27, settings.SECURE_HSTS_SECONDS >= 31536000, "HSTS is off or short", "SECURE_HSTS_SECONDS = 31536000"),
    ]
    for number, is_right, message, hint in wanted:
        if not is_right:
            yield _error(number, f"{message}.", hint)


def cookies() -> Problems:
    if not settings.SESSION_COOKIE_HTTPONLY or settings.SESSION_COOKIE_SAMESITE not in ("Lax", "Strict"):
        yield _error(28, "The session cookie can be read by scripts or sent by other sites.", "HttpOnly, SameSite=Lax")


def shared_cache() -> Problems:
    backend = str(settings.CACHES["default"]["BACKEND"])
    if backend.endswith(("LocMemCache", "DummyCache")):
        yield _error(29, "Sign-in limits would count apart in each process.", "Use DatabaseCache or RedisCache.")


def mail() -> Problems:
    if settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2] in {"console", "dummy", "filebased", "locmem"}:
        yield _error(30, "Letters would not leave this machine.", "EMAIL_BACKEND = …smtp.EmailBackend")
    if not settings.EMAIL_TIMEOUT or settings.EMAIL_TIMEOUT > 30:
        yield _error(31, "A mail server that hangs would hang the worker.", "EMAIL_TIMEOUT = 10")
    if ".invalid" in settings.DEFAULT_FROM_EMAIL:
        yield _error(32, "Letters have no sender.", "VECU_MAIL_FROM='Vécu <messages@your-domain>'")


def passwords() -> Problems:
    if "Argon2" not in settings.PASSWORD_HASHERS[0]:
        yield _error(
            33, "Passwords would be kept under a weak hash.", "PASSWORD_HASHERS = ['vecu.people.hashers.Argon2']"
        )


def policy() -> Problems:
    directives = getattr(settings, "CONTENT_SECURITY_POLICY", {}).get("DIRECTIVES", {})
    if any("unsafe" in str(source) or source == "*" for sources in directives.values() for source in sources):
        yield _error(34, "The content policy lets foreign or inline scripts in.", "Remove 'unsafe-…' and * sources.")
    if not directives.get("script-src"):
        yield _error(35, "There is no content policy for scripts.", "Set CONTENT_SECURITY_POLICY as in base settings.")


def postgresql_role() -> Problems:
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper, pg_has_role(datdba, 'USAGE') FROM pg_roles, pg_database"
                " WHERE rolname = current_user AND datname = current_database()"
            )
            is_superuser, is_owner = cursor.fetchone()
    except OperationalError:
        return  # a database that is away must not keep the help page from starting
    if is_superuser:
        yield _error(36, "The database role is a superuser, whom no rule binds.", "Use a role of its own.")
    if not is_owner:
        hint = "ALTER DATABASE … OWNER TO its role: what is erased could not leave the files."
        yield _error(39, "The database role does not own its database.", hint)
    if connection.pg_version // 10000 < OLDEST_POSTGRESQL:  # type: ignore[attr-defined]
        yield _error(37, "PostgreSQL is older than 15.", "Upgrade the server.")


def private_files() -> Problems:
    name = Path(str(_database()["NAME"]))
    if _is_sqlite_file() and name.exists() and stat.S_IMODE(name.stat().st_mode) & 0o077:
        yield _error(38, f"Others can read the database {name}.", f"chmod go= {name} {name.parent}")


def anchors_elsewhere() -> Problems:
    if journal.signing_key_file().exists():
        yield Warning(
            "The key that signs the journal lies on this machine.",
            hint="Copy var/anchors to another machine each hour: docs/guides/deploy.md.",
            id="vecu.W001",
        )


EVERYWHERE: list[Callable[[], Problems]] = [
    sqlite_version,
    sqlite_settings,
    key_file,
    demo_is_local,
    nobody_enters_as_another,
    middlewares,
    room_on_disk,
    pdf_libraries,
]
REAL: list[Callable[[], Problems]] = [
    no_debug,
    secret_key,
    hosts,
    https,
    cookies,
    shared_cache,
    mail,
    passwords,
    policy,
    postgresql_role,
    private_files,
    anchors_elsewhere,
]


def _only_if_real(check: Callable[[], Problems]) -> Callable[[], Problems]:
    return lambda: check() if settings.IS_REAL else iter(())


ALL = [*EVERYWHERE, *(_only_if_real(check) for check in REAL)]


def run_all(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """For Django's `check`."""
    return [problem for check in ALL for problem in check()]


def _is_sqlite_file() -> bool:
    return str(_database()["ENGINE"]).endswith("sqlite3") and "memory" not in str(_database()["NAME"])


def _database() -> dict[str, Any]:
    found: dict[str, Any] = settings.DATABASES["default"]
    return found
