"""Addresses of the portal. One-click entry exists in the demo only."""

from django.conf import settings
from django.urls import include, path

from vecu.portal.views import demo, health, journal, reports, start, today

urlpatterns = [
    path("", include("vecu.portal.urls_public")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("aujourdhui/", today.today, name="today"),
    path("demarrer/", start.site_start, name="site_start"),
    path("journal/", journal.journal_list, name="journal_list"),
    path("signalements/<uuid:pk>/", reports.report_detail, name="report_detail"),
    path("signalements/<uuid:pk>/ouvrir/", reports.report_open, name="report_open"),
    path("signalements/<uuid:pk>/image/", reports.report_image, name="report_image"),
    path("signalements/<uuid:pk>/repondre/", reports.report_answer, name="report_answer"),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/", demo.demo, name="demo"),
        path("demo/entrer/", demo.enter_as, name="enter_as"),
    ]
