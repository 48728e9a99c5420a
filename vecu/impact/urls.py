"""Addresses of the figures."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
