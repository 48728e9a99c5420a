from __future__ import annotations

import os
from datetime import timedelta

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "bench.site"
    label = "bench_site"

    def ready(self) -> None:
        from bench.site import work  # noqa: F401  (registers its jobs)
        from vecu.core import jobs

        # The crash trials do not wait a minute for each dead worker.
        jobs.LEASE = timedelta(seconds=float(os.environ.get("BENCH_LEASE", jobs.LEASE.total_seconds())))
