"""Addresses of matching: one request at a time, and everyone who waits together."""

from django.urls import path

from vecu.accompaniment.views import board, plans, proposals

urlpatterns = [
    path("apparier/", board.board, name="board"),
    path("apparier/ensemble/", plans.plan, name="plan"),
    path("apparier/ensemble/refaire/", plans.plan_make, name="plan_make"),
    path("apparier/ensemble/<uuid:pk>/", plans.plan_line, name="plan_line"),
    path("apparier/proposees/", proposals.proposed_list, name="proposed_list"),
    path("apparier/proposees/<uuid:pk>/reprendre/", proposals.proposal_withdraw, name="proposal_withdraw"),
    path("apparier/<uuid:pk>/", board.board_request, name="board_request"),
    path("apparier/<uuid:pk>/autres/", board.board_others, name="board_others"),
    path("apparier/<uuid:pk>/proposer/<uuid:peer>/", board.proposal_make, name="proposal_make"),
]
