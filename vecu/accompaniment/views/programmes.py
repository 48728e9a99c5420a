"""Programmes and the doors of wards, for the coordinator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.accompaniment.actions import programmes
from vecu.accompaniment.forms import programmes as forms
from vecu.accompaniment.models import Programme, WardDoor
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.people.models import Organisation, Site
from vecu.people.policy import Can


@gate(Can.MANAGE_PROGRAMME)
def programme_list(request: HttpRequest) -> HttpResponse:
    """The organisation's programmes; straight to the only one when there is one."""
    rows = list(visible(Programme, request.actor, Can.MANAGE_PROGRAMME).order_by("name"))
    if len(rows) == 1:
        return redirect(request, "programme_detail", rows[0].pk)
    return show(request, "accompaniment/programme_list.html", rows=rows)


@gate(Can.MANAGE_PROGRAMME)
def programme_add(request: HttpRequest) -> HttpResponse:
    """A new programme, closed until it is opened on its own page."""
    usual = forms.kept(Programme(follow_up_weeks=[4, 12]))
    form = forms.ProgrammeForm(request.POST or None, initial=usual)
    if not form.is_valid():
        return show_form(request, "accompaniment/programme_edit.html", form, programme=None)
    here = get_visible(Organisation, request.actor, Can.MANAGE_ORGANISATION, pk=request.actor.organisation_id)
    made = programmes.create_programme(here, actor=request.actor, **form.cleaned_data)
    return redirect(request, "programme_detail", made.pk)


@gate(Can.MANAGE_PROGRAMME)
def programme_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What it promises, whether it may open, and the doors of its wards."""
    programme = _programme(request, pk)
    doors = visible(WardDoor, request.actor).filter(programme=programme).select_related("site")
    return show(
        request,
        "accompaniment/programme_detail.html",
        programme=programme,
        gate=programmes.gate_of(programme),
        doors=list(doors.order_by("-is_open", "site__name", "ward")),
    )


@gate(Can.MANAGE_PROGRAMME)
def programme_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its name, phone and clocks."""
    programme = _programme(request, pk)
    form = forms.ProgrammeForm(request.POST or None, initial=forms.kept(programme))
    if not form.is_valid():
        return show_form(request, "accompaniment/programme_edit.html", form, programme=programme)
    programmes.change_programme(programme, actor=request.actor, **form.cleaned_data)
    messages.success(request, _("The settings are saved. Promises already made keep their date."))
    return redirect(request, "programme_detail", programme.pk)


@gate(Can.MANAGE_PROGRAMME)
@require_POST
def programme_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open to requests, or close."""
    programme = _programme(request, pk)
    if request.POST.get("is_open") == "1":
        programmes.open_programme(programme, actor=request.actor)
        messages.success(request, _("The programme is open: people can ask."))
    else:
        programmes.close_programme(programme, actor=request.actor)
        messages.success(request, _("The programme takes no new request. Those received go on."))
    return redirect(request, "programme_detail", programme.pk)


@gate(Can.MANAGE_PROGRAMME)
def ward_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A link for one more ward."""
    programme = _programme(request, pk)
    form = forms.DoorForm(request.POST or None, sites=_sites(request))
    if not form.is_valid():
        return show_form(request, "accompaniment/ward_edit.html", form, programme=programme, door=None)
    door = programmes.open_door(programme, actor=request.actor, **form.cleaned_data)
    messages.success(request, _("The link is ready. Print its poster for the ward."))
    return redirect(request, "ward_poster", door.pk)


@gate(Can.MANAGE_PROGRAMME)
def ward_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct the ward's name or where its two messages go."""
    door = _door(request, pk)
    kept = {"site": door.site_id, "ward": door.ward, "reply_to": door.reply_to}
    form = forms.DoorForm(request.POST or None, initial=kept, sites=_sites(request))
    if not form.is_valid():
        return show_form(request, "accompaniment/ward_edit.html", form, programme=door.programme, door=door)
    programmes.change_door(door, actor=request.actor, **form.cleaned_data)
    return redirect(request, "programme_detail", door.programme_id)


@gate(Can.MANAGE_PROGRAMME)
def ward_poster(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A page to print: the code to photograph, and the short address to type."""
    door = _door(request, pk)
    address = f"{settings.PUBLIC_URL}{reverse('ward_request', args=[programmes.written(door.token)])}"
    return show(
        request,
        "accompaniment/ward_poster.html",
        door=door,
        address=address,
        short=address.partition("://")[2].rstrip("/"),
        code=_drawn(address),
    )


@gate(Can.MANAGE_PROGRAMME)
@require_POST
def ward_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a ward's link, or open it again."""
    door = _door(request, pk)
    programmes.set_door(door, actor=request.actor, is_open=request.POST.get("is_open") == "1")
    return redirect(request, "programme_detail", door.programme_id)


@gate(Can.MANAGE_PROGRAMME)
@require_POST
def ward_renew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new link: the old one no longer opens anything."""
    door = programmes.renew_door(_door(request, pk), actor=request.actor)
    messages.success(request, _("The old link is closed. Print the new poster."))
    return redirect(request, "ward_poster", door.pk)


def _programme(request: HttpRequest, pk: UUID) -> Programme:
    found: Any = visible(Programme, request.actor, Can.MANAGE_PROGRAMME).select_related("organisation")
    row: Programme = get_object_or_404(found, pk=pk)
    return row


def _door(request: HttpRequest, pk: UUID) -> WardDoor:
    found: Any = visible(WardDoor, request.actor).select_related("programme__organisation", "site")
    row: WardDoor = get_object_or_404(found, pk=pk)
    return row


def _sites(request: HttpRequest) -> Any:
    return visible(Site, request.actor, Can.MANAGE_ORGANISATION).filter(is_open=True).order_by("name")


def _drawn(address: str) -> SafeString:
    """The QR code as an image of the page, with its name for screen readers."""
    drawn = segno.make(address, error="m").svg_inline(scale=6, border=2, dark="#000", light="#fff", omitsize=True)
    named = drawn.replace("<svg ", f'<svg role="img" aria-label="{_("QR code of the ward’s link")}" ', 1)
    return mark_safe(named)  # noqa: S308 drawn here from our own address
