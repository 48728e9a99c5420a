from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from bench.site.models import Answer, Submission
from vecu.core import http, live, once

QUESTIONS = range(1, 13)
live.channel("bench")(lambda user_id, name: user_id is not None)


def questionnaire(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        with transaction.atomic():
            row = Submission.objects.create(who=request.POST["who"])
            Answer.objects.bulk_create(
                Answer(submission=row, question=number, text=request.POST[f"q{number}"]) for number in QUESTIONS
            )
        return http.redirect(request, "/thanks/")
    return http.show(request, "form.html", questions=QUESTIONS, once=once.new_key(), who=request.GET["who"])


def thanks(request: HttpRequest) -> HttpResponse:
    return HttpResponse("merci")


def whoami(request: HttpRequest) -> HttpResponse:
    """A light page: session and user read, twenty rows of a template's worth of text."""
    return HttpResponse(str(request.session.get(SESSION_KEY)))


@csrf_exempt
def say(request: HttpRequest, name: str) -> HttpResponse:
    live.announce(name)
    return HttpResponse("said")


urlpatterns = [
    path("form/", questionnaire),
    path("thanks/", thanks),
    path("whoami/", whoami),
    path("say/<str:name>", say),
]
handler500 = "vecu.core.http.server_error"
