from __future__ import annotations

import os

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from bench.site.models import Answer, Counter, Submission
from vecu.core import http, live, mail, once
from vecu.core.tests.sample.models import Fact, Note

QUESTIONS = [str(number) for number in range(1, 13)]  # written as they are: a number is put into the reader's way
live.RECHECK = float(os.environ.get("BENCH_RECHECK", live.RECHECK))
live.channel("bench")(lambda user_id, name: not (settings.VAR / "revoked").exists())
live.channel("note")(lambda user_id, name: Note.objects.filter(pk=name.partition(":")[2]).exists())


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


def count(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Fact.objects.count()))


def whoami(request: HttpRequest) -> HttpResponse:
    """A light page: session and user read, twenty rows of a template's worth of text."""
    return HttpResponse(str(request.session.get(SESSION_KEY)))


@csrf_exempt
def say(request: HttpRequest, name: str) -> HttpResponse:
    live.announce(name)
    return HttpResponse("said")


@csrf_exempt
def say_and_fail(request: HttpRequest, name: str) -> HttpResponse:
    with transaction.atomic():
        live.announce(name)
        transaction.set_rollback(True)
    return HttpResponse("not said")


@csrf_exempt
def keep(request: HttpRequest) -> HttpResponse:
    """One fact, one count, one job, all or nothing."""
    Fact.objects.create(label=request.POST["label"])
    Counter.add()
    return http.redirect(request, "/thanks/")


@csrf_exempt
def write_letter(request: HttpRequest) -> HttpResponse:
    mail.post(f"{request.POST['label']}@exemple.example", "Vous avez une information", "Bonjour")
    return http.redirect(request, "/thanks/")


urlpatterns = [
    path("keep/", keep),
    path("letters/", write_letter),
    path("form/", questionnaire),
    path("thanks/", thanks),
    path("count/", count),
    path("whoami/", whoami),
    path("say/<str:name>", say),
    path("unsay/<str:name>", say_and_fail),
]
handler500 = "vecu.core.http.server_error"
