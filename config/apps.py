"""The roof is put on last, once every area is loaded."""

from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "config"
    label = "roof"

    def ready(self) -> None:
        from vecu.core.said import join_catalogues
        from vecu.wiring import wire_all

        wire_all()
        join_catalogues()
