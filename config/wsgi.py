"""Pages. One WSGI application for gunicorn in production and for the one-command mode."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
application = get_wsgi_application()

from vecu.core.checks import refuse_if_unsafe  # noqa: E402  (needs the applications loaded)

refuse_if_unsafe()

# What was loaded stays for ever: not looked at again each time a long list makes the collector pass.
gc.collect()
gc.freeze()
