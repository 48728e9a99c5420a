"""Addresses open to everyone: asking, following, the door of a ward. None of them says anything of health."""

from django.urls import path

from vecu.accompaniment.views import danger, follow, ward, wizard

urlpatterns = [
    path("demander/", wizard.ask, name="ask"),
    path("demander/recu/", wizard.ask_done, name="ask_done"),
    path("demander/suivre/", follow.ask_follow, name="ask_follow"),
    path("demander/arreter/", follow.ask_withdraw, name="ask_withdraw"),
    path("demander/ouvrir/", follow.ask_open, name="ask_open"),
    path("demander/en-cas-de-danger/", danger.ask_danger, name="ask_danger"),
    path("demander/quitter/", follow.ask_leave, name="ask_leave"),
    path("demander/<uuid:programme>/vous/", wizard.ask_who, name="ask_who"),
    path("demander/<uuid:programme>/parent/", wizard.ask_minor, name="ask_minor"),
    path("demander/<uuid:programme>/parole/", wizard.ask_story, name="ask_story"),
    path("demander/<uuid:programme>/souhaits/", wizard.ask_wishes, name="ask_wishes"),
    path("demander/<uuid:programme>/contact/", wizard.ask_contact, name="ask_contact"),
    path("demander/<uuid:programme>/verifier/", wizard.ask_review, name="ask_review"),
    path("service/<str:token>/", ward.ward_request, name="ward_request"),
    path("service/<str:token>/recu/", ward.ward_done, name="ward_done"),
]
