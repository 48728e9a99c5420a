"""Addresses of the figures."""

from django.urls import path

from vecu.impact import views

urlpatterns = [
    path("chiffres/", views.figures, name="figures"),
    path("chiffres/tableur/", views.figures_csv, name="figures_csv"),
    path("chiffres/definitions/", views.figures_definitions, name="figures_definitions"),
]
