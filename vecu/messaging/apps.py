from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "vecu.messaging"
    label = "messaging"
