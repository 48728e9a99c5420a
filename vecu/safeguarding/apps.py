from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafeguardingConfig(AppConfig):
    name = "vecu.safeguarding"
    label = "safeguarding"

    def ready(self) -> None:
        # Registers the jobs, what is copied for someone and what is erased with them.
        from django.db.models import Q

        from vecu.core import forgetting
        from vecu.people import context
        from vecu.safeguarding import erasures, exports, tasks  # noqa: F401

        context.name_reading("alert", yours=_("An alert about you"), theirs=_("An alert"))
        context.name_reading(
            "sealed.read", yours=_("What you sealed for a case of danger"), theirs=_("A sealed contact")
        )
        forgetting.keep_longer(Q(object_type__startswith="safeguarding."))
