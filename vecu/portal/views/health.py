"""Two addresses for whoever watches the server: is the process alive, and is everything it needs in order?"""

from __future__ import annotations

import shutil

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from vecu.core import backup, jobs
from vecu.core.access import public

LEAST_FREE = 0.05
OLDEST_BACKUP_HOURS = 26


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Public: says nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """Worker, disk, backup and queue; 503 with what is wrong. Public: counts and words, no data."""
    now = timezone.now()
    disk = shutil.disk_usage(settings.VAR)
    taken = backup.last_taken()
    wrong = {
        "worker": not jobs.worker_is_alive(now),
        "disk": disk.free / disk.total < LEAST_FREE,
        "backup": taken is None or (now - taken).total_seconds() > OLDEST_BACKUP_HOURS * 3600,
        "failed_jobs": jobs.failed().exists(),
    }
    return JsonResponse({name: not bad for name, bad in wrong.items()}, status=503 if any(wrong.values()) else 200)
