"""Looking at an alert again, on the day it was planned."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vecu.core.access import gate, get_visible
from vecu.core.http import redirect, show_form
from vecu.people.policy import Can
from vecu.safeguarding.actions import alerts, reviews
from vecu.safeguarding.forms import ReviewForm
from vecu.safeguarding.models import AlertReview


@gate(Can.HANDLE_ALERT)
def review_record(request: HttpRequest, pk: str) -> HttpResponse:
    """What was looked at and decided, in a few words."""
    review = get_visible(AlertReview, request.actor, pk=pk)
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        reviews.record_review(review, actor=request.actor, note=form.cleaned_data["note"])
        messages.success(request, _("That is noted."))
        return redirect(request, "alert_detail", review.alert_id)
    alerts.read_alert(review.alert, actor=request.actor)
    return show_form(request, "safeguarding/review_record.html", form, review=review, alert=review.alert)
