"""Members of an organisation, for its coordinators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from vecu.core.access import gate, get_visible, visible
from vecu.core.errors import Refused
from vecu.core.http import page_of, redirect, show, show_form
from vecu.people import actions, context
from vecu.people.enums import STORED_ROLES, Role
from vecu.people.forms import (
    ContactForm,
    InvitationForm,
    NameSearchForm,
    ReasonForm,
    RoleForm,
    StopForm,
)
from vecu.people.models import AwaitedAddress, Invitation, Membership, Person, Recovery
from vecu.people.policy import Can
from vecu.people.views.signin import safe_next


def member(request: Any, pk: Any, can: Can = Can.SEE_PEOPLE) -> Person:
    return get_visible(Person, request.actor, can, pk=pk)


@gate(Can.SEE_PEOPLE)
def member_list(request: Any) -> HttpResponse:
    """People with a role here today; names of those who ask for a peer stay closed in this list."""
    role = request.GET.get("role", "")
    search = NameSearchForm(request.GET or None)
    people = context.members(request.actor, role)
    if search.is_valid() and search.cleaned_data["q"]:
        people = people.filter(pk__in=[found.pk for found in search.people(request.actor)])
    page = page_of(people, request)
    return show(
        request,
        "people/member_list.html",
        members=page,
        rows=context.rows(page.object_list, request.actor),
        tabs=context.tabs(request.actor, role),
        search=search,
        invitations=visible(Invitation, request.actor).open()[:20],
        base=reverse("member_list"),
    )


@gate(Can.SEE_PEOPLE)
def member_detail(request: Any, pk: Any) -> HttpResponse:
    """Roles, state, and the doors to identity, stopping and resuming."""
    person = member(request, pk)
    return show(request, "people/member_detail.html", **detail(request, person))


def detail(request: Any, person: Person, **more: Any) -> dict[str, Any]:
    held = visible(Membership, request.actor).filter(person=person).order_by("ended_on", "started_on")
    return {
        "person": person,
        "memberships": list(held),
        "shown_name": context.shown_name(person, [row.role for row in held if row.ended_on is None]),
        "reason_form": ReasonForm(prefix="read"),
        "role_form": RoleForm(),
        "stop_form": StopForm(),
        "resume_form": ReasonForm(prefix="resume"),
        **sign_in_of(request, person),
        **more,
    }


def sign_in_of(request: Any, person: Person) -> dict[str, Any]:
    """How this person signs in, what is under way about it, and whether this address was refused here before."""
    address = person.user.email if person.user else person.contact_email
    may_edit = request.actor.may(Can.EDIT_PEOPLE) and not person.is_stopped
    return {
        "awaited": visible(AwaitedAddress, request.actor).filter(person=person).first(),
        "recovery": visible(Recovery, request.actor).under_way().filter(person=person).first(),
        "refused_at": actions.was_refused(request.actor, address),
        "may_offer": may_edit and bool(person.contact_email),
        "may_recover": may_edit and request.actor.may(Can.MANAGE_MEMBERS) and person.pk != request.actor.person_id,
    }


@gate(Can.READ_IDENTITY)
def identity_read(request: Any, pk: Any) -> HttpResponse:
    """Open name and contacts, with a reason; the person will see it."""
    person = member(request, pk, Can.READ_IDENTITY)
    form = ReasonForm(request.POST or None, prefix="read")
    if request.method != "POST":
        return redirect(request, "member_detail", pk=person.pk)
    if not form.is_valid():
        return show_form(request, "people/member_detail.html", form, **detail(request, person, reason_form=form))
    identity = actions.read_identity(person, actor=request.actor, reason=form.cleaned_data["reason"])
    return show(request, "people/member_detail.html", **detail(request, person, identity=identity))


@gate(Can.EDIT_PEOPLE)
def member_edit(request: Any, pk: Any) -> HttpResponse:
    """Correct someone's details; opening the form is a reading like any other."""
    person = member(request, pk, Can.EDIT_PEOPLE)
    form = ContactForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            actions.change_identity(person, actor=request.actor, **form.cleaned_data)
            messages.success(request, _("The details are up to date."))
            return redirect(request, "member_detail", pk=person.pk)
        return show_form(request, "people/member_edit.html", form, person=person)
    actions.read_identity(person, actor=request.actor, reason=_("Correcting the details"))
    form = ContactForm(initial=ContactForm.initial_of(person))
    return show_form(request, "people/member_edit.html", form, person=person)


@gate(Can.MANAGE_MEMBERS)
def role_give(request: Any, pk: Any) -> HttpResponse:
    person = member(request, pk)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        actions.give_role(person, role, actor=request.actor, organisation=context.here(request.actor))
        messages.success(request, _("The role is given from today."))
        return redirect(request, "member_detail", pk=person.pk)
    return show_form(request, "people/member_detail.html", form, **detail(request, person, role_form=form))


@gate(Can.MANAGE_MEMBERS)
def role_end(request: Any, pk: Any) -> HttpResponse:
    membership = get_visible(Membership, request.actor, pk=pk)
    if request.method == "POST":
        actions.end_role(membership, actor=request.actor)
        messages.success(request, _("The role ended today."))
    return redirect(request, "member_detail", pk=membership.person_id)


@gate(Can.STOP_EVERYTHING)
def person_stop(request: Any, pk: Any) -> HttpResponse:
    """The one action that stops everything about someone; it leads back to where one decided it."""
    person = member(request, pk, Can.STOP_EVERYTHING)
    back = safe_next(request) if "next" in request.GET else reverse("member_detail", args=[person.pk])
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.stop_person(person, actor=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Everything is stopped: nothing leaves any more about this person."))
        return redirect(request, back)
    known = detail(request, person, back=back)
    roles = [held.role for held in known["memberships"] if held.ended_on is None]
    return show_form(
        request, "people/person_stop.html", form, **known, recognised_name=context.recognised_name(person, roles)
    )


@gate(Can.STOP_EVERYTHING)
def person_resume(request: Any, pk: Any) -> HttpResponse:
    person = member(request, pk, Can.STOP_EVERYTHING)
    form = ReasonForm(request.POST or None, prefix="resume")
    if request.method == "POST" and form.is_valid():
        actions.resume_person(person, actor=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Messages may leave again. Nothing that was cancelled comes back by itself."))
        return redirect(request, "member_detail", pk=person.pk)
    return show_form(request, "people/member_detail.html", form, **detail(request, person, resume_form=form))


@gate(Can.MANAGE_MEMBERS)
def invitation_create(request: Any) -> HttpResponse:
    form = InvitationForm(request.POST or None, initial={"role": request.GET.get("role", "")})
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite(
                form.cleaned_data["email"],
                Role(form.cleaned_data["role"]),
                actor=request.actor,
                organisation=context.here(request.actor),
                is_second_chance=form.cleaned_data["is_second_chance"],
            )
        except Refused as refusal:
            return ask_second_chance(request, form, refusal)
        messages.success(request, _("The invitation is on its way. It is valid for seven days."))
        return redirect(request, "member_list")
    return show_form(request, "people/invitation_create.html", form, roles=STORED_ROLES)


def ask_second_chance(request: Any, form: InvitationForm, refusal: Refused) -> HttpResponse:
    """« Déjà refusé »: said on the same page, where it can be decided to invite all the same."""
    if refusal.code != "refused_before":
        raise refusal
    form.add_error("email", refusal.sentence)
    form.show_second_chance()
    return show_form(request, "people/invitation_create.html", form, roles=STORED_ROLES)


@gate(Can.MANAGE_MEMBERS)
def invitation_withdraw(request: Any, pk: Any) -> HttpResponse:
    invitation = get_visible(Invitation, request.actor, pk=pk)
    if request.method == "POST":
        actions.withdraw_invitation(invitation, actor=request.actor)
        messages.success(request, _("The invitation is withdrawn: its link opens nothing any more."))
    return redirect(request, "member_list")
