"""Addresses of patient partners."""

from django.urls import path

from vecu.peers.views import conventions, files, imports, lists, offers, requirements, undertakings

urlpatterns = [
    path("mon-engagement/", offers.my_peer, name="my_peer"),
    path("mon-engagement/signer/<slug:kind>/", undertakings.undertaking_sign, name="undertaking_sign"),
    path("pairs/", lists.peer_list, name="peer_list"),
    path("pairs/ajouter/", files.peer_add, name="peer_add"),
    path("pairs/exporter/", lists.peer_export, name="peer_export"),
    path("pairs/conventions/", conventions.agreement_list, name="agreement_list"),
    path("pairs/conventions/ajouter/", conventions.convention_add, name="convention_add"),
    path("pairs/conventions/<uuid:pk>/", conventions.convention_detail, name="convention_detail"),
    path("pairs/conventions/<uuid:pk>/renouveler/", conventions.convention_renew, name="convention_renew"),
    path("pairs/conventions/<uuid:pk>/fichier/", conventions.convention_file, name="convention_file"),
    path("pairs/conventions/<uuid:pk>/retirer/", conventions.convention_remove, name="convention_remove"),
    path("pairs/conventions/dates/<uuid:pk>/retirer/", conventions.agreement_remove, name="agreement_remove"),
    path("pairs/exigences/", requirements.requirement_list, name="requirement_list"),
    path("pairs/exigences/<slug:profile>/", requirements.requirement_edit, name="requirement_edit"),
    path("pairs/importer/", imports.peer_import, name="peer_import"),
    path("pairs/importer/modele.<slug:end>", imports.peer_import_template, name="peer_import_template"),
    path("pairs/importer/<uuid:pk>/", imports.peer_import_preview, name="peer_import_preview"),
    path("pairs/importer/<uuid:pk>/confirmer/", imports.peer_import_confirm, name="peer_import_confirm"),
    path("pairs/importer/<uuid:pk>/abandonner/", imports.peer_import_give_up, name="peer_import_give_up"),
    path("pairs/importer/<uuid:pk>/a-corriger.xlsx", imports.peer_import_refused, name="peer_import_refused"),
    path("pairs/<uuid:pk>/", files.peer_detail, name="peer_detail"),
    path("pairs/<uuid:pk>/mots/", files.peer_words, name="peer_words"),
    path("pairs/<uuid:pk>/modifier/", files.peer_edit, name="peer_edit"),
    path("pairs/<uuid:pk>/quitter/", files.peer_end, name="peer_end"),
    path("pairs/<uuid:pk>/limite/", files.peer_raise_limit, name="peer_raise_limit"),
    path("pairs/<uuid:pk>/preuves/", files.clearance_record, name="clearance_record"),
    path("pairs/preuves/<uuid:pk>/retirer/", files.clearance_remove, name="clearance_remove"),
    path("pairs/<uuid:pk>/pause/", offers.peer_pause, name="peer_pause"),
    path("pairs/<uuid:pk>/retour/", offers.peer_come_back, name="peer_come_back"),
    path("pairs/<uuid:pk>/disponibilites/", offers.availability_edit, name="availability_edit"),
    path("pairs/<uuid:pk>/absences/", offers.absence_add, name="absence_add"),
    path("pairs/absences/<uuid:pk>/retirer/", offers.absence_remove, name="absence_remove"),
    path("pairs/<uuid:pk>/vecu/", offers.experience_add, name="experience_add"),
    path("pairs/vecu/<uuid:pk>/", offers.experience_edit, name="experience_edit"),
    path("pairs/vecu/<uuid:pk>/retirer/", offers.experience_remove, name="experience_remove"),
    path("pairs/<uuid:pk>/cadre/<slug:activity>/", offers.limits_edit, name="limits_edit"),
]
