"""Writes docs/reference/walk.md: `python -m tests.access`, called by `make docs`."""

import logging
import os

import django
from django.db import transaction
from django.test.utils import setup_databases, setup_test_environment, teardown_databases


def main() -> None:
    """Make the world in a database of its own, walk, write the page."""
    from tests.access import walk, world  # the models are there only now

    logging.disable()  # refusals are what is looked for
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with world.at_the_usual_hour(), transaction.atomic():
            made = world.make_world()
            columns = {role: walk.column(made, role)[0] for role in walk.WALKERS}
    finally:
        teardown_databases(databases, verbosity=0)
    walk.PAGE.write_text(walk.table(columns), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    main()
