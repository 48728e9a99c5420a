"""Addresses of missions."""

from django.urls import path

from vecu.missions.views import asking, choosing, own

urlpatterns = [
    path("demander-des-pairs/<slug:token>/", asking.mission_ask, name="mission_ask"),
    path("demander-des-pairs/<slug:token>/merci/", asking.mission_asked, name="mission_asked"),
    path("missions/", choosing.mission_list, name="mission_list"),
    path("missions/ajouter/", choosing.mission_add, name="mission_add"),
    path("missions/liens/", choosing.mission_door_open, name="mission_door_open"),
    path("missions/liens/<uuid:pk>/", choosing.mission_door_set, name="mission_door_set"),
    path("missions/<uuid:pk>/", choosing.mission_detail, name="mission_detail"),
    path("missions/<uuid:pk>/solliciter/", choosing.mission_ask_peers, name="mission_ask_peers"),
    path("missions/<uuid:pk>/choisir/", choosing.mission_settle, name="mission_settle"),
    path("missions/<uuid:pk>/personne/", choosing.mission_close, name="mission_close"),
    path("mes-missions/", own.own_missions, name="own_missions"),
    path("mes-missions/<uuid:pk>/", own.own_mission, name="own_mission"),
    path("mes-missions/<uuid:pk>/repondre/", own.own_mission_answer, name="own_mission_answer"),
]
