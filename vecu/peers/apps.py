from django.apps import AppConfig


class PeersConfig(AppConfig):
    name = "vecu.peers"
    label = "peers"
