"""The words of each answer, in the language the person wrote in: to be changed before they are sent."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation

from vecu.core.moments import say_date
from vecu.peers.enums import Profile
from vecu.recruitment.models import Application, Recruitment


def draft(application: Application, recruitment: Recruitment, *, signed_by: str) -> str:
    """The letter of what was decided. It names no illness, no ward and no result of an interview."""
    with translation.override(application.language):
        other = application.redirected_to
        text = render_to_string(
            f"recruitment/letters/{application.outcome}.txt",
            {
                "name": application.given_name,
                "organisation": recruitment.organisation.name,
                "phone": recruitment.phone or recruitment.organisation.phone,
                "day": say_date(application.talk_again_on, weekday=True) if application.talk_again_on else "",
                "other": str(Profile(other).label) if other in Profile.values else "",
                "signed_by": signed_by,
            },
        )
    return text.strip()
