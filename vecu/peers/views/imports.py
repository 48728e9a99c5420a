"""Patient partners from a spreadsheet: the model, the preview, the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.core import spreadsheet
from vecu.core.access import gate, get_visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.peers import actions, roster, terms
from vecu.peers.forms import ImportForm
from vecu.peers.forms.inputs import accepted
from vecu.peers.models import ImportDraft
from vecu.peers.views.lists import attachment
from vecu.people.context import here
from vecu.people.policy import Can

FORMATS = ("xlsx", "ods", "csv")
SHOWN_PEOPLE = 20


@gate(Can.IMPORT_PEERS)
def peer_import(request: Any) -> HttpResponse:
    """Send a file; it is read and shown, nobody is added yet."""
    is_sent = request.method == "POST"
    form = ImportForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        read = actions.read_import
        draft = accepted(
            form, lambda: read(file, actor=request.actor, organisation=here(request.actor), file_name=file.name)
        )
        if draft:
            return redirect(request, "peer_import_preview", pk=draft.pk)
    return show_form(request, "peers/peer_import.html", form, columns=roster.COLUMNS, formats=FORMATS)


@gate(Can.IMPORT_PEERS)
def peer_import_template(request: Any, end: str) -> HttpResponse:
    """The model in one of three formats, with an example line and its explanations."""
    sheets = roster.template_sheets()
    if end == "csv":
        content, kind = spreadsheet.write_csv(sheets[0].header, sheets[0].rows), spreadsheet.CSV_TYPE
    elif end == "xlsx":
        content, kind = spreadsheet.write_xlsx(*sheets), spreadsheet.XLSX_TYPE
    elif end == "ods":
        content, kind = spreadsheet.write_ods(*sheets), spreadsheet.ODS_MIME
    else:
        raise Http404
    return attachment(content, kind, f"{_('model')}.{end}")


@gate(Can.IMPORT_PEERS)
def peer_import_preview(request: Any, pk: Any) -> HttpResponse:
    """What would be added, and each refused line with its number, why, and what to mend."""
    draft = get_visible(ImportDraft, request.actor, pk=pk)
    found = roster.Roster.from_json(draft.rows)
    page = page_of(found.problems, request)
    problems = [(one.line, roster.BY_CODE[one.column].title, one.sentence) for one in page.object_list]
    people = [
        (
            line["line"],
            line["given_name"],
            line["family_name"],
            ", ".join(terms.label(row[0]) for row in line["experiences"]),
        )
        for line in found.people[:SHOWN_PEOPLE]
    ]
    return show(
        request,
        "peers/peer_import_preview.html",
        draft=draft,
        found=found,
        page=page,
        problems=problems,
        people=people,
        places=roster.places(found),
    )


@gate(Can.IMPORT_PEERS)
def peer_import_confirm(request: Any, pk: Any) -> HttpResponse:
    """Everyone or nobody."""
    draft = get_visible(ImportDraft, request.actor, pk=pk)
    if request.method != "POST":
        return redirect(request, "peer_import_preview", pk=draft.pk)
    added = len(actions.confirm_import(draft, actor=request.actor))
    words = ngettext("%(n)s person was added.", "%(n)s people were added.", added) % {"n": added}
    messages.success(request, words)
    return redirect(request, "peer_list")


@gate(Can.IMPORT_PEERS)
def peer_import_give_up(request: Any, pk: Any) -> HttpResponse:
    draft = get_visible(ImportDraft, request.actor, pk=pk)
    if request.method == "POST":
        actions.give_up_import(draft, actor=request.actor)
        messages.success(request, _("The file is erased here; nobody was added."))
    return redirect(request, "peer_import")


@gate(Can.IMPORT_PEERS)
def peer_import_refused(request: Any, pk: Any) -> HttpResponse:
    """The refused lines as they were sent, with what to mend beside them."""
    draft = get_visible(ImportDraft, request.actor, pk=pk)
    found = roster.Roster.from_json(draft.rows)
    why: dict[int, list[str]] = {}
    for one in found.problems:
        why.setdefault(one.line, []).append(
            _("%(column)s: %(sentence)s") % {"column": roster.BY_CODE[one.column].title, "sentence": one.sentence}
        )
    rows = [[*found.cells[line], line, "\n".join(why[line])] for line in found.refused]
    sheet = spreadsheet.Sheet(_("To mend"), [*found.header, _("Line"), _("What to mend")], rows)
    return attachment(spreadsheet.write_xlsx(sheet), spreadsheet.XLSX_TYPE, f"{_('to-mend')}.xlsx")
