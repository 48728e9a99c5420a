"""Following a module online, page by page, at one's own pace; and one's own diary."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import sounds
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.peers.forms.inputs import accepted
from vecu.people.policy import Can
from vecu.training import actions, followings
from vecu.training.enums import PageKind
from vecu.training.followings import OwnModule
from vecu.training.forms import ChoiceForm, NoteForm
from vecu.training.models import DiaryNote, ModulePage, PageSound, Trainee
from vecu.training.views.looks import own_trainee


@gate(Can.SEE_TRAINING)
def own_module(request: HttpRequest, pk: UUID, module: UUID) -> HttpResponse:
    """The page where one is, or the one asked for; sent, it was seen and the next one comes."""
    trainee, is_sent = own_trainee(request, pk), request.method == "POST"
    own = next((one for one in followings.of_trainee(trainee) if one.module.pk == module), None)
    found = own and (own.page_sent(request.POST.get("on", "")) if is_sent else own.page_at(request.GET.get("page", "")))
    if is_sent and found is None:
        return _page_gone(request, trainee)
    if own is None or not visible(Trainee, request.actor).with_place().filter(pk=trainee.pk).exists():
        raise Http404
    if found is None:
        return show(request, "training/own_module_end.html", trainee=trainee, own=own)
    page = get_visible(ModulePage, request.actor, pk=found.pk)
    form = _form(request, trainee, page)
    if is_sent and _is_kept(request, trainee, page, form):
        actions.see_page(trainee, page, actor=request.actor)
        return redirect(request, f"{request.path}?page={own.after(page)}")
    return _shown(request, trainee, own, page, form)


def _shown(
    request: HttpRequest, trainee: Trainee, own: OwnModule, page: ModulePage, form: ChoiceForm | NoteForm | None
) -> HttpResponse:
    return show(
        request,
        "training/own_module.html",
        status=422 if form and form.is_bound and not form.is_valid() else 200,
        **{"trainee": trainee, "own": own, "page": page, "number": own.number_of(page), "form": form},
        blocks=followings.blocks(page.body),
        counted=own.counted if trainee.cohort.course.online_minutes else "",
        sound=visible(PageSound, request.actor).filter(page=page).defer("data").first(),
    )


def _page_gone(request: HttpRequest, trainee: Trainee) -> HttpResponse:
    """The page was taken out while it was read: what was written on it goes to the diary, freely."""
    if "words" not in request.POST:
        messages.info(request, _("This page was taken out meanwhile: you have nothing more to do with it."))
        return redirect(request, "own_training")
    form, write = NoteForm(request.POST), actions.write_note
    if form.is_valid() and accepted(form, lambda: write(trainee, form.cleaned_data["words"], actor=request.actor)):
        messages.success(request, _("This page was taken out meanwhile: what you wrote is in your diary."))
        return redirect(request, "own_diary", trainee.pk)
    return _diary(request, trainee, form)


def _form(request: HttpRequest, trainee: Trainee, page: ModulePage) -> ChoiceForm | NoteForm | None:
    """What this kind of page asks; a question is answered by the page itself, which keeps nothing of it."""
    if page.kind == PageKind.QUESTION:
        return ChoiceForm(page, request.POST if request.POST.get("move") == "answer" else None)
    if page.kind == PageKind.REFLECTION:
        note = visible(DiaryNote, request.actor).filter(trainee=trainee, page=page).select_related("trainee__person")
        said = [str(row.words) for row in note]
        return NoteForm(request.POST if _is_written(request) else None, initial={"words": said[0] if said else ""})
    return None


def _is_written(request: HttpRequest) -> bool:
    """They keep what they wrote; they may also go on without writing."""
    return request.method == "POST" and request.POST.get("move") == "keep"


def _is_kept(request: HttpRequest, trainee: Trainee, page: ModulePage, form: ChoiceForm | NoteForm | None) -> bool:
    if isinstance(form, ChoiceForm):
        return not form.is_bound
    if form is None or not _is_written(request):
        return True
    write = actions.write_note
    return form.is_valid() and bool(
        accepted(form, lambda: write(trainee, form.cleaned_data["words"], actor=request.actor, page=page))
    )


@gate(Can.SEE_TRAINING)
def page_sound(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is listened to, whole or in parts as a player asks, for whoever follows the course or runs it."""
    sound = get_visible(PageSound, request.actor, pk=pk)
    return sounds.served(request, sound.kind, bytes(sound.data))


@gate(Can.SEE_TRAINING)
def own_diary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything I wrote for myself in this course, and room for more."""
    trainee = own_trainee(request, pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words, write = form.cleaned_data["words"], actions.write_note
        if accepted(form, lambda: write(trainee, words, actor=request.actor)):
            messages.success(request, _("Kept in your diary, for you alone."))
            return redirect(request, "own_diary", trainee.pk)
    return _diary(request, trainee, form)


def _diary(request: HttpRequest, trainee: Trainee, form: NoteForm) -> HttpResponse:
    notes = visible(DiaryNote, request.actor).filter(trainee=trainee).select_related("trainee__person", "page")
    return show_form(request, "training/own_diary.html", form, trainee=trainee, notes=notes)


@gate(Can.SEE_TRAINING)
def diary_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One note of mine, to write otherwise or to erase."""
    note = get_visible(DiaryNote, request.actor, pk=pk)
    form = NoteForm(request.POST or None, initial={"words": str(note.words)})
    if request.method == "POST" and form.is_valid():
        words, change = form.cleaned_data["words"], actions.change_note
        if accepted(form, lambda: change(note, words, actor=request.actor)):
            messages.success(request, _("Written down. What it said before is kept nowhere."))
            return redirect(request, "own_diary", note.trainee_id)
    return show_form(request, "training/diary_note.html", form, note=note)


@gate(Can.SEE_TRAINING)
@require_POST
def diary_erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    note = get_visible(DiaryNote, request.actor, pk=pk)
    actions.erase_note(note, actor=request.actor)
    messages.success(request, _("Erased."))
    return redirect(request, "own_diary", note.trainee_id)
