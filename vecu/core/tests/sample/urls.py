from __future__ import annotations

import time

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from vecu.core import http
from vecu.core.errors import Denied, Refused
from vecu.core.tables import Job
from vecu.core.tests.sample.models import Fact


def fact_add(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse("form")
    Fact.objects.create(label=request.POST.get("label", ""))
    match request.POST.get("then", ""):
        case "refused":
            raise Refused("too_late", "C’est trop tard.")
        case "denied":
            raise Denied("no")
        case "broken":
            raise RuntimeError("secret text typed by someone")
        case "twice":
            Job.objects.bulk_create([Job(kind="t", key="one", run_at=timezone.now()) for _number in range(2)])
        case "full":
            raise OperationalError("database or disk is full")
        case "away":
            raise OperationalError("unable to open database file")
        case "invalid":
            return HttpResponse("mend", status=422)
        case "shown":
            return HttpResponse("shown")
        case "file":
            return HttpResponse("file", headers={"Content-Disposition": 'attachment; filename="a.txt"'})
    return http.redirect(request, "/done/")


def cross(request: HttpRequest) -> HttpResponse:
    """Locks two rows in the order asked, slowly: two of these in opposite orders are a deadlock."""
    for label in request.POST.getlist("order"):
        Fact.objects.select_for_update().get(label=label)
        time.sleep(0.3)
    Fact.objects.create(label="crossed")
    return http.redirect(request, "/done/")


def always_locked(request: HttpRequest) -> HttpResponse:
    Fact.objects.create(label="tried")
    raise OperationalError("database is locked")


def done(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Fact.objects.count()))


def writes_on_get(request: HttpRequest) -> HttpResponse:
    Fact.objects.create(label="oops")
    return HttpResponse("")


urlpatterns = [
    path("facts/", fact_add),
    path("cross/", cross),
    path("locked/", always_locked),
    path("done/", done),
    path("button/", require_POST(done)),
    path("writes/", writes_on_get),
    path("logout/", done, name="account_logout"),
]
handler400 = "vecu.core.http.bad_request"
handler403 = "vecu.core.http.denied"
handler404 = "vecu.core.http.not_found"
handler500 = "vecu.core.http.server_error"
