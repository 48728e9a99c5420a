"""Organisations, their sites, and which one I act for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.people import actions, context
from vecu.people.forms import OrganisationEditForm, OrganisationForm, SiteForm
from vecu.people.middleware import ORGANISATION_KEY
from vecu.people.models import Organisation, Site
from vecu.people.policy import Can
from vecu.people.views.signin import safe_next


@gate(Can.SEE_ORGANISATION)
def organisation_list(request: Any) -> HttpResponse:
    """The tree one may see: one's own organisation and those below it."""
    tree = context.tree(visible(Organisation, request.actor).order_by("name"))
    return show(request, "people/organisation_list.html", tree=tree)


@gate(Can.SEE_ORGANISATION)
def organisation_detail(request: Any, pk: Any = None) -> HttpResponse:
    """An organisation within reach; without a key, the one I act for."""
    organisation = get_visible(Organisation, request.actor, pk=pk or request.actor.organisation_id)
    is_here = organisation.pk == request.actor.organisation_id
    return show(
        request,
        "people/organisation_detail.html",
        organisation=organisation,
        sites=organisation.sites.all(),
        children=visible(Organisation, request.actor).filter(parent=organisation),
        can_manage=is_here and request.actor.may(Can.MANAGE_ORGANISATION),
        can_create=request.actor.may(Can.CREATE_ORGANISATION),
    )


@gate(Can.SEE_ORGANISATION)
def organisation_switch(request: Any) -> HttpResponse:
    """Act for another of my organisations, for the rest of this session."""
    if request.method != "POST":
        return redirect(request, "today")
    wanted = request.POST.get("organisation", "")
    if wanted not in {str(place.organisation_id) for place in request.places}:
        raise Http404
    request.session[ORGANISATION_KEY] = wanted
    return redirect(request, safe_next(request))


@gate(Can.CREATE_ORGANISATION)
def organisation_create(request: Any) -> HttpResponse:
    """A new organisation below mine, handed over to its coordinator."""
    parents = visible(Organisation, request.actor, Can.CREATE_ORGANISATION)
    form = OrganisationForm(request.POST or None, parents=parents, initial={"parent": request.GET.get("parent")})
    if request.method == "POST" and form.is_valid():
        made = actions.create_organisation(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The organisation is created and its coordinator is invited."))
        return redirect(request, "organisation_detail", pk=made.pk)
    return show_form(request, "people/organisation_create.html", form)


@gate(Can.MANAGE_ORGANISATION)
def organisation_edit(request: Any, pk: Any) -> HttpResponse:
    organisation = managed(request, pk)
    form = OrganisationEditForm(request.POST or None, initial=OrganisationEditForm.initial_of(organisation))
    if request.method == "POST" and form.is_valid():
        actions.change_organisation(organisation, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The organisation is up to date."))
        return redirect(request, "organisation_detail", pk=organisation.pk)
    return show_form(request, "people/organisation_edit.html", form, organisation=organisation)


@gate(Can.MANAGE_ORGANISATION)
def site_create(request: Any, pk: Any) -> HttpResponse:
    organisation = managed(request, pk)
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "town", "departement")}
        actions.create_site(organisation, actor=request.actor, **fields)
        messages.success(request, _("The site is added."))
        return redirect(request, "organisation_detail", pk=organisation.pk)
    return show_form(request, "people/site_edit.html", form, organisation=organisation)


@gate(Can.MANAGE_ORGANISATION)
def site_edit(request: Any, pk: Any) -> HttpResponse:
    site = get_visible(Site, request.actor, Can.MANAGE_ORGANISATION, pk=pk)
    form = SiteForm(request.POST or None, initial=SiteForm.initial_of(site))
    if request.method == "POST" and form.is_valid():
        actions.change_site(site, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The site is up to date."))
        return redirect(request, "organisation_detail", pk=site.organisation_id)
    return show_form(request, "people/site_edit.html", form, organisation=site.organisation, site=site)


def managed(request: Any, pk: Any) -> Organisation:
    """An organisation I manage: my own; one below mine has its own coordinator."""
    return get_visible(
        Organisation, request.actor, Can.MANAGE_ORGANISATION, pk=pk, **{"pk__in": [request.actor.organisation_id]}
    )
