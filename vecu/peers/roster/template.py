"""The model spreadsheet to start from: one example line, and a sheet that explains each column."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vecu.core.spreadsheet import Sheet
from vecu.peers import terms
from vecu.peers.enums import TermKind
from vecu.peers.roster.columns import COLUMNS


def template_sheets() -> tuple[Sheet, Sheet, Sheet]:
    """The sheet to fill, the one that explains it, the list of lived experience."""
    return (
        Sheet(
            _("Peers"),
            [column.title for column in COLUMNS],
            [[column.example for column in COLUMNS]],
        ),
        Sheet(
            _("Help"),
            [_("Column"), _("What to write"), _("Example")],
            [[column.title, str(column.help), column.example] for column in COLUMNS],
        ),
        Sheet(
            _("Lived experience"),
            [_("Kind"), _("Family"), _("Write this"), _("or this code")],
            [
                [str(TermKind(one.kind).label), terms.family_label(one.family), one.label, one.code]
                for one in terms.all_terms()
            ],
        ),
    )
