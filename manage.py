#!/usr/bin/env python
"""Django's command line."""

import os
import sys

# These answer people, or start what does: a statement that lasts is let go. The others are run by hand and may last.
SERVING = {"demo", "live", "runserver", "serve", "worker"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if sys.argv[1:2] and sys.argv[1] not in SERVING:
        os.environ.setdefault("VECU_DB_TIMEOUT", "0")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
