from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "vecu.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        # After the app registry: these modules need the models.
        from allauth.mfa.signals import authenticator_added

        from vecu.core import jobs
        from vecu.people import actions, context, tasks  # noqa: F401  (registers the handlers of jobs)
        from vecu.people.middleware import count_added_authenticator

        if actions.may_leave not in jobs.GUARDS:
            jobs.guard(actions.may_leave)
        authenticator_added.connect(count_added_authenticator, dispatch_uid="people.second_factor")
        context.name_reading("identity.read", yours=_("Your name and contacts"), theirs=_("Name and contacts"))
