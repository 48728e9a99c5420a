"""Sessions open in the name of an account, here and elsewhere."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


def close_all(user_id: int) -> None:
    """Whoever is signed in with this account has to sign in again."""
    opened = UserSession.objects.filter(user_id=user_id)
    Session.objects.filter(pk__in=list(opened.values_list("session_key", flat=True))).delete()
    opened.delete()
