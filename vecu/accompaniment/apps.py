from django.apps import AppConfig


class AccompanimentConfig(AppConfig):
    name = "vecu.accompaniment"
    label = "accompaniment"
