"""Addresses of programmes and of the doors of wards."""

from django.urls import path

from vecu.accompaniment.views import programmes as views

urlpatterns = [
    path("programmes/", views.programme_list, name="programme_list"),
    path("programmes/ajouter/", views.programme_add, name="programme_add"),
    path("programmes/<uuid:pk>/", views.programme_detail, name="programme_detail"),
    path("programmes/<uuid:pk>/reglages/", views.programme_edit, name="programme_edit"),
    path("programmes/<uuid:pk>/ouverture/", views.programme_open, name="programme_open"),
    path("programmes/<uuid:pk>/services/ajouter/", views.ward_add, name="ward_add"),
    path("services/<uuid:pk>/", views.ward_edit, name="ward_edit"),
    path("services/<uuid:pk>/affiche/", views.ward_poster, name="ward_poster"),
    path("services/<uuid:pk>/ouverture/", views.ward_open, name="ward_open"),
    path("services/<uuid:pk>/renouveler/", views.ward_renew, name="ward_renew"),
]
