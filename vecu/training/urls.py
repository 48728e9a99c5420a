"""Addresses of courses, cohorts and attestations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
