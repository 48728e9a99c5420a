from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "vecu.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        # After the app registry: these modules need the models.
        from allauth.mfa.signals import authenticator_added
        from django.db.models import Q
        from django.db.models.signals import post_migrate

        from vecu.core import forgetting, jobs
        from vecu.people import actions, context, tasks  # noqa: F401  (registers the handlers of jobs)
        from vecu.people.enums import STAFF_ROLES
        from vecu.people.middleware import count_added_authenticator

        if actions.may_leave not in jobs.GUARDS:
            jobs.guard(actions.may_leave)
        # Rights are in policy.py; Django's own, four a table, would be written at each migration and read by nobody.
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        authenticator_added.connect(count_added_authenticator, dispatch_uid="people.second_factor")
        context.name_reading("identity.read", yours=_("Your name and contacts"), theirs=_("Name and contacts"))
        # Who among the staff opened what: three years.
        forgetting.keep_longer(Q(is_reading=True, actor_role__in=STAFF_ROLES))
