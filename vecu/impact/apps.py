from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "vecu.impact"
    label = "impact"
