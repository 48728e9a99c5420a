"""The least a list page can cost on this machine: a bare Django site beside which ours are measured.

150 rows from SQL written by hand, poured into HTML without a template; the usual middlewares, a session and an account
from the database as for any signed-in page; nothing sealed, nobody's rights looked at. `python -m bench.limit` prints
its cost in units. Another process, because a process holds one Django site.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from html import escape
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.urls import path

ROWS = 150
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]
APPS = ["auth", "contenttypes", "sessions", "messages"]
LINE = (
    '<tr><th scope="row"><a href="/personnes/{}/">{}</a></th><td>{}</td><td><time datetime="{}">{}</time></td>'
    '<td><span class="badge badge-sauge">{}</span></td><td><a class="button quiet" href="/personnes/{}/">Ouvrir</a></td></tr>'
)


def units() -> float:
    """What it costs now, measured by a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.limit"], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _set_up(folder: str) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        SECRET_KEY="bench" * 10,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="bench.limit",
        USE_TZ=True,
        LANGUAGE_CODE="fr",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/limit.sqlite3"}},
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in APPS), "csp"],
        CONTENT_SECURITY_POLICY={"DIRECTIVES": {"default-src": ["'self'"]}},
        MIDDLEWARE=MIDDLEWARE,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE line (id integer PRIMARY KEY, name text, town text, day text, state text)")
        cursor.executemany(
            "INSERT INTO line VALUES (%s, %s, %s, '2026-11-22', 'en attente')",
            [(number, f"Prénom {number}", f"Ville {number % 40}") for number in range(ROWS * 100)],
        )


def page(request: Any) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM line")
        ((total,),) = cursor.fetchall()
        cursor.execute("SELECT id, name, town, day, state FROM line ORDER BY id LIMIT %s", [ROWS])
        lines = [
            LINE.format(pk, escape(name), escape(town), day, day, escape(state), pk)
            for pk, name, town, day, state in cursor.fetchall()
        ]
    return HttpResponse(
        f"<!doctype html><html lang=fr><p>{request.user.pk}, {total}</p><table>{''.join(lines)}</table>"
    )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="vecu-limit-") as folder:
        _set_up(folder)
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.auth.models import User
        from django.contrib.sessions.backends.db import SessionStore
        from django.core.wsgi import get_wsgi_application

        from bench.pages import cost
        from bench.visitor import Visitor

        user = User.objects.create_user("limit")
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session.save()
        visitor = Visitor(get_wsgi_application(), {"sessionid": str(session.session_key)})
        shown = visitor.get("/")
        if shown.status != 200 or shown.body.count(b"<tr>") != ROWS:
            raise RuntimeError(f"the bare page: {shown.status}")
        print(cost(lambda: visitor.get("/"), rounds=30))


urlpatterns = [path("", page)]


if __name__ == "__main__":
    main()
