"""The guides to back up and to restore, walked as they are written, by a real instance on each database.

Meanwhile someone asks to be erased. Nothing of them is left in any file of the database, nor in what an older copy
brings back on an empty machine (security.md section 5.2).
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench import server
from tests.crash import postgres
from tests.test_erasure import HANDLE, MAIL, NAME, OF_ZELIE, forms_of

pytestmark = [pytest.mark.crash, pytest.mark.enable_socket]
GUIDES = server.ROOT / "docs" / "guides"
PLACES = ("/media/other-safe", "/media/safe", "/srv/copies", "/etc/vecu")
ROLE = "vecu_web"  # owner of its database and nothing more, as on a real server
IN_CLEAR = (MAIL, HANDLE)
STORY = """
from tests.access.world import make_world
from tests.test_erasure import Story
with transaction.atomic():
    print(Story(make_world()).person.pk)
tuning.measure_tables(timezone.now())
if connection.vendor == "postgresql":  # measures by itself, some minutes later; its planner keeps samples of values
    connection.cursor().execute("ANALYZE")
"""
ERASE = """
from vecu.people import actions
from vecu.people.actor import system
from vecu.people.models import Person
actions.erase_person(Person.objects.get(pk='{person}'), actor=system())
jobs.run_due(now=SCRUBBED)
failed = [str(row) for row in Job.objects.exclude(error='').exclude(kind='mail')]  # no mail server here
assert not failed, failed
"""
UNDER_A_BACKUP = """
from vecu.core import vault
scrub.PAUSE = 0
vault.destroy(vault.new_key("note").pk)
try:
    scrub.scrub({})
except scrub.StillRead:
    print("later")
"""
OPENED = "from tests.test_erasure import opened; print(opened())"
START = """
import django; django.setup()
from datetime import timedelta
from django.db import connection, transaction
from django.utils import timezone
from vecu.core import jobs, scrub, tuning
from vecu.core.tables import Job
SCRUBBED = timezone.now() + scrub.EVERY + scrub.MARGIN
"""


class Machine:
    """An instance of config.settings.prod, in a folder that stands for the whole disk."""

    def __init__(self, disk: Path, safe: Path, cluster: postgres.Cluster | None) -> None:
        self.disk, self.cluster = disk, cluster
        # The server's own disk, and what is carried from one machine to another.
        self.places = {place: (disk if place == "/etc/vecu" else safe) / place[1:] for place in PLACES}
        for folder in self.places.values():
            folder.mkdir(parents=True, exist_ok=True)
        self.var = disk / "var"
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("VECU_")},
            "DJANGO_SETTINGS_MODULE": "config.settings.prod",
            "VECU_VAR": str(self.var),
            "VECU_KEY_FILE": str(disk / "keys" / "kek.json"),
            "VECU_SECRET_KEY": secrets.token_urlsafe(50),
            "VECU_HOSTS": "vecu.example",
            "VECU_MAIL_FROM": "Vécu <messages@vecu.example>",
        }
        for folder in (self.var, disk / "keys"):
            folder.mkdir(mode=0o700)
        if cluster is not None:
            self._make_database(cluster)

    def _make_database(self, cluster: postgres.Cluster) -> None:
        name = f"vecu_{secrets.token_hex(4)}"
        with cluster.line() as line:
            if not line.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                line.execute(f"CREATE ROLE {ROLE} LOGIN")
            line.execute(f"CREATE DATABASE {name} OWNER {ROLE}")
        self.env |= {"VECU_DB_NAME": name, "VECU_DB_USER": ROLE, "VECU_DB_HOST": "127.0.0.1"}
        self.env |= {"VECU_DB_PORT": str(cluster.port), "PATH": f"{postgres.BIN}:{os.environ['PATH']}"}

    def sh(self, script: str) -> str:
        """Lines of a guide, as somebody types them who answers yes."""
        for place, folder in self.places.items():
            script = script.replace(place, str(folder))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"umask 077\n{script}\nexport -p >{self.disk}/exported"],
            cwd=server.ROOT,
            env=self.env,
            input="yes\n",
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        exported = re.findall(r'^declare -x (VECU_\w+)="(.*)"$', (self.disk / "exported").read_text(), re.MULTILINE)
        self.env |= dict(exported)
        return done.stdout

    def refuses(self, script: str) -> str:
        """What is said by a line that must fail."""
        with pytest.raises(AssertionError) as failed:
            self.sh(script)
        return str(failed.value)

    def python(self, code: str) -> str:
        command = [str(server.ROOT / ".venv/bin/python"), "-c", START + code]
        done = subprocess.run(command, cwd=server.ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def files(self) -> dict[str, bytes]:
        """Every file of the database, PostgreSQL's own log included, once its memory is on the disk."""
        folders = [self.var]
        if self.cluster is not None:
            folders.append(self.cluster.folder / "db")
            with self.cluster.line() as line:
                for _checkpoint in range(2):
                    line.execute("SELECT pg_switch_wal()")
                    line.execute("CHECKPOINT")
        found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return {str(path): path.read_bytes() for path in found}


def blocks(guide: str) -> list[str]:
    found = re.findall(r"^```sh\n(.*?)^```$", (GUIDES / guide).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"{guide} has no line to type"
    return found


def traces(files: dict[str, bytes]) -> list[tuple[str, str]]:
    """Each string of the erased person in each file that still holds it, whatever its form."""
    sought = [(text, form) for text in OF_ZELIE for form in forms_of(text)]
    # One look for all of them at once: ninety through every file take twice as long, and most files hold none.
    any_of_them = re.compile(b"|".join(re.escape(form) for _text, form in sought))
    holding = {name: held for name, held in files.items() if any_of_them.search(held)}
    return [(text, name) for text, form in sought for name, held in holding.items() if form in held]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=postgres.needed)])
def cluster(request: pytest.FixtureRequest) -> Iterator[postgres.Cluster | None]:
    with ExitStack() as stack:
        yield (
            stack.enter_context(postgres.cluster(None, "-c", "wal_recycle=off"))
            if request.param == "postgresql"
            else None
        )


def test_the_guides_are_right_and_the_erased_stay_erased(tmp_path: Path, cluster: postgres.Cluster | None) -> None:
    safe = tmp_path / "safe"
    first = Machine(tmp_path / "first", safe, cluster)
    first.sh(".venv/bin/python manage.py make_key\n.venv/bin/python manage.py migrate --verbosity 0")
    first.sh(f".venv/bin/python manage.py backup --to {tmp_path}/older")
    person = first.python(STORY)
    assert {text for text, _name in traces(first.files())} >= set(IN_CLEAR), "the search would find nothing"

    once, by_hand = blocks("backup.md")
    first.sh(once)
    first.sh(by_hand)
    copies = sorted(first.places["/srv/copies"].iterdir())
    assert [path.name.partition("-")[0] for path in copies] == ["data", "tombstones.txt", "vault"]
    assert not traces({path.name: path.read_bytes() for path in copies}), "a stolen copy says something"

    if cluster is not None:
        _wait_for_a_backup(first, cluster)
    first.python(ERASE.format(person=person))
    assert not traces(first.files()), "left on the machine where they were erased"
    first.sh(by_hand)
    for path in {*first.places["/srv/copies"].iterdir()} - {*copies}:
        path.unlink()  # the newer copy is lost: the older one, which knows her, is restored
    shutil.rmtree(first.disk)

    second = Machine(tmp_path / "second", safe, cluster)
    keys_back, put, before_opening = blocks("restore.md")
    second.sh(keys_back)
    older = put.replace("/srv/copies/vault-*", f"{tmp_path}/older/vault-*")
    assert "Nothing was restored: these keys do not open this copy" in second.refuses(older)
    assert "things erased since the backup were erased again" in second.sh(put)
    second.sh(before_opening)
    second.python("jobs.run_due(now=SCRUBBED)")
    assert not traces(_without_first_database(second, first)), "brought back by an older copy"
    readable = second.python(OPENED)
    assert NAME[1] not in readable
    assert "Je voudrais parler avec quelqu’un qui travaille encore." in readable, "everybody else is there"


def _without_first_database(second: Machine, first: Machine) -> dict[str, bytes]:
    """On PostgreSQL both machines share a server: the first one's database goes with its machine."""
    if second.cluster is not None:
        with second.cluster.line() as line:
            line.execute(f"DROP DATABASE {first.env['VECU_DB_NAME']}")
    return second.files()


def _wait_for_a_backup(machine: Machine, cluster: postgres.Cluster) -> None:
    """What a transaction that began before the erasure still sees stays on the disk: the job says that it is not done.

    On a server of its own: a transaction in another database of the same server would hold it up too.
    """
    with cluster.line(machine.env["VECU_DB_NAME"]) as line:
        line.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        line.execute("SELECT 1")
        assert machine.python(UNDER_A_BACKUP) == "later"
