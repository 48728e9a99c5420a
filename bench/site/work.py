"""Jobs of the bare site: each leaves one fact, slowly enough to be killed in the middle."""

from __future__ import annotations

import time
from typing import Any

from bench.site.models import Counter
from vecu.core import jobs
from vecu.core.tests.sample.models import Fact

SLOWLY = 0.02


@jobs.job("bench.keep", retries=(0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
def keep(payload: dict[str, Any]) -> None:
    Fact.objects.create(label=payload["label"])
    time.sleep(SLOWLY)
    Counter.add()
