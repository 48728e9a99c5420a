"""Addresses of hours and expenses."""

from django.urls import path

from vecu.recognition.views import accounts, claims, decisions, own

urlpatterns = [
    path("mes-frais/", own.own_hours, name="own_hours"),
    path("mes-frais/releve-<int:year>.pdf", own.own_statement, name="own_statement"),
    path("mes-frais/activites/<uuid:pk>/", own.own_activity, name="own_activity"),
    path("mes-frais/activites/<uuid:pk>/demander/", claims.claim_start, name="claim_start"),
    path("mes-frais/depuis/<uuid:source>/", claims.claim_from, name="claim_from"),
    path("mes-frais/<uuid:pk>/", claims.own_claim, name="own_claim"),
    path("mes-frais/<uuid:pk>/modifier/", claims.claim_edit, name="claim_edit"),
    path("mes-frais/<uuid:pk>/envoyer/", claims.claim_send, name="claim_send"),
    path("mes-frais/<uuid:pk>/retirer/", claims.claim_withdraw, name="claim_withdraw"),
    path("mes-frais/<uuid:pk>/justificatif/", claims.receipt_add, name="receipt_add"),
    path("justificatifs/<uuid:pk>/", claims.receipt_read, name="receipt_read"),
    path("justificatifs/<uuid:pk>/retirer/", claims.receipt_remove, name="receipt_remove"),
    path("frais/", decisions.claim_list, name="claim_list"),
    path("frais/<uuid:pk>/", decisions.claim_detail, name="claim_detail"),
    path("frais/<uuid:pk>/decider/", decisions.claim_decide, name="claim_decide"),
    path("frais/<uuid:pk>/justificatif/", decisions.receipt_open, name="receipt_open"),
    path("frais/<uuid:pk>/payer/", decisions.claim_pay, name="claim_pay"),
    path("frais/comptes/", accounts.accounts_export, name="accounts_export"),
    path("frais/activites/", accounts.activity_list, name="activity_list"),
    path("frais/activites/<uuid:pk>/statut/", accounts.activity_status, name="activity_status"),
    path("frais/baremes/", accounts.scale_list, name="scale_list"),
    path("frais/baremes/officiel/", accounts.scale_take, name="scale_take"),
    path("frais/baremes/<uuid:pk>/retirer/", accounts.scale_remove, name="scale_remove"),
]
