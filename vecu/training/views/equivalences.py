"""Diplomas: those who decide look at them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vecu.core import uploads, vault
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.peers.forms.inputs import accepted
from vecu.people.models import Organisation, Person
from vecu.people.policy import Can
from vecu.training import actions, context
from vecu.training.forms import DecisionForm, EquivalenceForm
from vecu.training.models import Equivalence
from vecu.training.workflows import EQUIVALENCE

TONES = {"asked": "mirabelle", "accepted": "sauge", "refused": "plain", "revoked": "alert", "double": "plain"}


@gate(Can.DECIDE_EQUIVALENCE)
def equivalence_list(request: HttpRequest) -> HttpResponse:
    """Those to look at first, then the others, the newest first."""
    rows = visible(Equivalence, request.actor, Can.DECIDE_EQUIVALENCE).select_related("person").defer("proof")
    page = page_of(rows.order_by("decided_at", "-asked_at", "pk"), request)
    vault.preload(key for row in page.object_list for key in (row.vault_id, row.person.vault_id))
    lines = [(row, context.name_of(row.person), str(row.diploma), TONES[row.state]) for row in page.object_list]
    return show(request, "training/equivalence_list.html", page=page, lines=lines)


@gate(Can.DECIDE_EQUIVALENCE)
def equivalence_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, _equivalence(request, pk), DecisionForm())


@gate(Can.DECIDE_EQUIVALENCE)
def equivalence_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept, refuse, or withdraw what was accepted."""
    equivalence = _equivalence(request, pk)
    if request.method != "POST":
        return redirect(request, "equivalence_detail", equivalence.pk)
    form = DecisionForm(request.POST)
    move = request.POST.get("move", "")
    if move in EQUIVALENCE.moves and form.is_valid():
        answer, decide = form.cleaned_data["answer"], actions.decide
        if accepted(form, lambda: decide(equivalence, move, actor=request.actor, answer=answer)):
            messages.success(request, _("Decided. The person is told, and their file says it at once."))
            return redirect(request, "equivalence_detail", equivalence.pk)
    return _show(request, equivalence, form)


@gate(Can.DECIDE_EQUIVALENCE)
def equivalence_enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A diploma somebody brought on paper, entered for them with its proof; it is decided on the next page."""
    person = get_visible(Person, request.actor, Can.DECIDE_EQUIVALENCE, pk=pk)
    form = EquivalenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        here = get_visible(Organisation, request.actor, Can.DECIDE_EQUIVALENCE, pk=request.actor.organisation_id)
        typed, ask = form.cleaned_data, actions.ask_equivalence
        sent = accepted(form, lambda: ask(person, actor=request.actor, organisation=here, **typed))
        if sent:
            messages.success(request, _("Their diploma is sealed in their file. It counts once accepted."))
            return redirect(request, "equivalence_detail", sent.pk)
    return show_form(request, "training/equivalence_enter.html", form, person=person, name=context.name_of(person))


@gate(Can.ASK_EQUIVALENCE)
def equivalence_proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file, as an attachment: written anew when it was sent, never opened within the site. A reading is journaled,
    so it is asked by a form."""
    equivalence = get_visible(Equivalence, request.actor, pk=pk)
    if request.method != "POST":
        return redirect(request, "own_training" if equivalence.person_id == request.actor.person_id else "today")
    return uploads.attached(actions.read_proof(equivalence, actor=request.actor), "diplome")


def _equivalence(request: HttpRequest, pk: UUID) -> Equivalence:
    return get_visible(Equivalence, request.actor, Can.DECIDE_EQUIVALENCE, pk=pk)


def _show(request: HttpRequest, equivalence: Equivalence, form: DecisionForm) -> HttpResponse:
    return show(
        request,
        "training/equivalence_detail.html",
        status=422 if form.is_bound else 200,
        equivalence=equivalence,
        form=form,
        who=context.name_of(equivalence.person),
        tone=TONES[equivalence.state],
        moves=EQUIVALENCE.available(equivalence, request.actor),
    )
