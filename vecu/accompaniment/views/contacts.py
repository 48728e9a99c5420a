"""A contact logged in twenty seconds; a follow-up point recorded."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import contacts, follow_ups
from vecu.accompaniment.enums import Duration, FollowUpOutcome
from vecu.accompaniment.forms.pairs import ContactForm, FollowUpForm
from vecu.accompaniment.models import Contact, FollowUp, Pair
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.messaging.panels import other_names
from vecu.peers.enums import Channel
from vecu.people.policy import Can


@gate(Can.LOG_CONTACT)
def contact_add(request: HttpRequest, pk: str) -> HttpResponse:
    """Everything is answered already but the face: two taps are enough."""
    pair = _pair(request, pk)
    last = visible(Contact, request.actor).filter(pair=pair).first()
    usual = {
        "happened_on": timezone.localdate(),
        "channel": last.channel if last else Channel.PHONE,
        "duration": last.duration if last else Duration.HALF_HOUR,
    }
    form = ContactForm(request.POST if request.method == "POST" else None, initial=usual)
    if form.is_valid():
        contacts.log_contact(pair, actor=request.actor, **form.cleaned_data)
        return redirect(request, "contact_done", pair.pk)
    name = other_names(request.actor, [pair.thread_id])[pair.thread_id]
    return show_form(request, "accompaniment/contact_add.html", form, pair=pair, name=name)


@gate(Can.LOG_CONTACT)
def contact_done(request: HttpRequest, pk: str) -> HttpResponse:
    """Thanks; and after a hard one, someone to talk to."""
    pair = _pair(request, pk)
    contact = visible(Contact, request.actor).filter(pair=pair).order_by("-created_at").first()
    if contact is None:
        return redirect(request, "contact_add", pair.pk)
    return show(request, "accompaniment/contact_done.html", pair=pair, contact=contact)


@gate(Can.FOLLOW_PAIR)
def follow_up_record(request: HttpRequest, pk: str) -> HttpResponse:
    """Say how it goes, after having called. When it is time to end, the page that ends the exchange follows."""
    follow_up = get_visible(FollowUp, request.actor, Can.FOLLOW_PAIR, pk=pk)
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        follow_ups.record(follow_up, actor=request.actor, outcome=form.cleaned_data["outcome"])
        if follow_up.outcome == FollowUpOutcome.STOP and follow_up.pair.closed_at is None:
            messages.success(request, _("The point is noted. What remains: say here why the exchange ends."))
            return redirect(request, "pair_close", follow_up.pair_id)
        messages.success(request, _("That is noted."))
        return redirect(request, "pair_detail", follow_up.pair_id)
    return show_form(request, "accompaniment/follow_up_record.html", form, follow_up=follow_up, pair=follow_up.pair)


def _pair(request: HttpRequest, pk: str) -> Pair:
    """One of my pairs: only the peer of a pair logs its contacts."""
    mine = visible(Pair, request.actor, Can.LOG_CONTACT).filter(peer__person_id=request.actor.person_id)
    pair = mine.with_people().filter(pk=pk).first()
    if pair is None:
        raise Http404
    return pair
