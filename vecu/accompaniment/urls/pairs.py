"""Addresses of proposals, exchanges and of the following of pairs."""

from django.urls import path

from vecu.accompaniment.views import contacts, evaluations, exchange, pairs, proposals

urlpatterns = [
    path("propositions/", proposals.proposal_list, name="proposal_list"),
    path("propositions/<uuid:pk>/", proposals.proposal_detail, name="proposal_detail"),
    path("propositions/<uuid:pk>/repondre/", proposals.proposal_answer, name="proposal_answer"),
    path("echanges/", exchange.exchange_list, name="exchange_list"),
    path("echanges/<uuid:pk>/", exchange.exchange, name="exchange"),
    path("echanges/<uuid:pk>/rencontre/", contacts.contact_add, name="contact_add"),
    path("echanges/<uuid:pk>/rencontre/merci/", contacts.contact_done, name="contact_done"),
    path("echanges/<uuid:pk>/appel/", exchange.call_ask, name="call_ask"),
    path("echanges/<uuid:pk>/changer/", exchange.change_ask, name="change_ask"),
    path("echanges/<uuid:pk>/inquietude/", exchange.worry, name="worry"),
    path("accompagnements/", pairs.pair_list, name="pair_list"),
    path("accompagnements/<uuid:pk>/", pairs.pair_detail, name="pair_detail"),
    path("accompagnements/<uuid:pk>/terminer/", pairs.pair_close, name="pair_close"),
    path("accompagnements/<uuid:pk>/changer/", pairs.pair_change, name="pair_change"),
    path("accompagnements/<uuid:pk>/appel/", pairs.call_plan, name="call_plan"),
    path("suivis/<uuid:pk>/", contacts.follow_up_record, name="follow_up_record"),
    path("evaluations/<uuid:pk>/", evaluations.evaluation_answer, name="evaluation_answer"),
    path("evaluations/<uuid:pk>/telephone/", evaluations.evaluation_by_phone, name="evaluation_by_phone"),
]
