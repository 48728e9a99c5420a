"""Addresses of exchanges and notices."""

from django.urls import path

from vecu.messaging.views import messages, notices, threads

urlpatterns = [
    path("echanges/<uuid:pk>/envoyer/", messages.message_send, name="message_send"),
    path("echanges/<uuid:pk>/messages/", messages.message_list, name="message_list"),
    path("echanges/<uuid:pk>/lu/", threads.thread_read, name="thread_read"),
    path("echanges/<uuid:pk>/reglages/", threads.thread_settings, name="thread_settings"),
    path("echanges/<uuid:pk>/quitter/", threads.thread_leave, name="thread_leave"),
    path("echanges/<uuid:pk>/bloquer/", threads.thread_block, name="thread_block"),
    path("messages/<uuid:pk>/image/", messages.message_image, name="message_image"),
    path("messages/<uuid:pk>/signaler/", messages.message_report, name="message_report"),
    path("informations/", notices.notice_list, name="notice_list"),
    path("informations/ouvrir/", notices.notice_open, name="notice_open"),
]
