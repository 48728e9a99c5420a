"""Messaging alone, with the page it returns to after sign-in."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from vecu.core.access import gate, get_visible
from vecu.core.http import show
from vecu.messaging import panels
from vecu.messaging.models import Thread
from vecu.people.policy import Can


@gate(Can.SEE_TODAY)
def today(request: HttpRequest) -> HttpResponse:
    return HttpResponse("today")


@gate(Can.SEE_THREAD)
def exchange(request: HttpRequest, pk: str) -> HttpResponse:
    """What a page of another area does with a thread."""
    before = request.GET.get("before")
    thread = get_visible(Thread, request.actor, pk=pk)
    panel = panels.thread_panel(thread, request.actor, int(before) if before else None, back=request.path)
    return show(request, "messaging/message_send.html", panel=panel)


urlpatterns = [
    path("", today, name="today"),
    path("page/<uuid:pk>/", exchange, name="exchange_detail"),
    path("connexion/", today, name="account_login"),
    path("", include("vecu.messaging.urls")),
]
