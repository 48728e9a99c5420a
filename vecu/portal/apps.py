from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "vecu.portal"
    label = "portal"
