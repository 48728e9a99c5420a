"""The pages of a module online, for whoever runs the course."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show_form
from vecu.peers.forms.inputs import accepted
from vecu.people.policy import Can
from vecu.training import actions, followings
from vecu.training.enums import PageKind
from vecu.training.forms import OnlineMinutesForm, PageForm
from vecu.training.models import CourseModule, ModulePage


@gate(Can.MANAGE_TRAINING)
def module_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its pages in order, as trainees read them, and how long they take."""
    module = get_visible(CourseModule, request.actor, Can.MANAGE_TRAINING, pk=pk)
    form = OnlineMinutesForm(request.POST or None, initial={"minutes": module.online_minutes or None})
    if request.method == "POST" and form.is_valid():
        minutes, keep = form.cleaned_data["minutes"] or 0, actions.set_online_minutes
        if accepted(form, lambda: keep(module, actor=request.actor, minutes=minutes)):
            messages.success(request, _("Written down."))
            return redirect(request, "module_detail", module.pk)
    pages = visible(ModulePage, request.actor, Can.MANAGE_TRAINING).filter(module=module).select_related("sound")
    lines = [(page, followings.blocks(page.body)) for page in pages.defer("sound__data")]
    return show_form(request, "training/module_detail.html", form, module=module, lines=lines, kinds=PageKind)


@gate(Can.MANAGE_TRAINING)
def page_add(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    module = get_visible(CourseModule, request.actor, Can.MANAGE_TRAINING, pk=pk)
    if kind not in PageKind.values:
        raise Http404
    form = PageForm(PageKind(kind), None, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        add = actions.add_page
        if accepted(form, lambda: add(module, kind, form.given, actor=request.actor)):
            messages.success(request, _("The page is there, after the others."))
            return redirect(request, "module_detail", module.pk)
    return show_form(request, "training/page_edit.html", form, module=module, kind=PageKind(kind), page=None)


@gate(Can.MANAGE_TRAINING)
def page_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    page, kind = _page(request, pk)
    form = PageForm(kind, page, request.POST or None, request.FILES or None)
    is_sent, edit = request.method == "POST" and form.is_valid(), actions.edit_page
    if is_sent and accepted(form, lambda: edit(page, form.given, actor=request.actor)):
        messages.success(request, _("Changed."))
        return redirect(request, "module_detail", page.module_id)
    return show_form(request, "training/page_edit.html", form, module=page.module, kind=kind, page=page)


@gate(Can.MANAGE_TRAINING)
@require_POST
def page_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One place earlier or later."""
    page, _kind = _page(request, pk)
    actions.move_page(page, actor=request.actor, steps=-1 if request.POST.get("to") == "earlier" else 1)
    return redirect(request, "module_detail", page.module_id)


@gate(Can.MANAGE_TRAINING)
@require_POST
def page_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    page, _kind = _page(request, pk)
    actions.remove_page(page, actor=request.actor)
    messages.success(request, _("Taken out. What was written in diaries stays with those who wrote it."))
    return redirect(request, "module_detail", page.module_id)


def _page(request: HttpRequest, pk: UUID) -> tuple[ModulePage, PageKind]:
    page = get_visible(ModulePage, request.actor, Can.MANAGE_TRAINING, pk=pk)
    return page, PageKind(page.kind)
