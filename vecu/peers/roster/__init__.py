"""The spreadsheet of peers: columns, cells, lines, problems, and the model to start from."""

from vecu.peers.roster.columns import BY_CODE, COLUMNS
from vecu.peers.roster.lines import Roster, parse, place_at_sites, refuse_known
from vecu.peers.roster.places import Place, check_places, places
from vecu.peers.roster.problems import Problem
from vecu.peers.roster.template import template_sheets

__all__ = [
    "BY_CODE",
    "COLUMNS",
    "Place",
    "Problem",
    "Roster",
    "check_places",
    "parse",
    "place_at_sites",
    "places",
    "refuse_known",
    "template_sheets",
]
