"""Addresses of a coordinator about requests."""

from django.urls import path

from vecu.accompaniment.views import requests as views

urlpatterns = [
    path("demandes/", views.request_list, name="request_list"),
    path("demandes/ajouter/", views.request_add, name="request_add"),
    path("demandes/sans-reponse/", views.unmet_list, name="unmet_list"),
    path("demandes/<uuid:pk>/", views.request_detail, name="request_detail"),
    path("demandes/<uuid:pk>/completer/", views.request_edit, name="request_edit"),
    path("demandes/<uuid:pk>/appel/", views.request_call, name="request_call"),
    path("demandes/<uuid:pk>/ouvrir/", views.request_open, name="request_open"),
    path("demandes/<uuid:pk>/attendre/", views.request_wait, name="request_wait"),
    path("demandes/<uuid:pk>/rechercher/", views.request_resume, name="request_resume"),
    path("demandes/<uuid:pk>/terminer/", views.request_close, name="request_close"),
    path("demandes/<uuid:pk>/reprendre/", views.request_reopen, name="request_reopen"),
    path("demandes/<uuid:pk>/besoin/", views.request_unmet, name="request_unmet"),
]
