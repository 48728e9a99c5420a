"""Addresses of courses, cohorts and attestations."""

from django.urls import path

from vecu.training.views import attestations, checks, cohorts, courses, equivalences, looks, own

urlpatterns = [
    path("formations/", courses.training_list, name="training_list"),
    path("formations/cours/ajouter/", courses.course_add, name="course_add"),
    path("formations/cours/<uuid:pk>/", courses.course_edit, name="course_edit"),
    path("formations/cours/<uuid:pk>/groupe/", cohorts.cohort_open, name="cohort_open"),
    path("formations/catalogue/", courses.known_course_list, name="known_course_list"),
    path("formations/catalogue/ajouter/", courses.known_course_add, name="known_course_add"),
    path("formations/catalogue/<uuid:pk>/", courses.known_course_edit, name="known_course_edit"),
    path("formations/groupes/<uuid:pk>/", cohorts.cohort_detail, name="cohort_detail"),
    path("formations/groupes/<uuid:pk>/inscrire/", cohorts.trainee_add, name="trainee_add"),
    path("formations/groupes/<uuid:pk>/nouvelle-personne/", cohorts.newcomer_add, name="newcomer_add"),
    path("formations/groupes/<uuid:pk>/attestations/", cohorts.cohort_issue, name="cohort_issue"),
    path("formations/groupes/<uuid:pk>/reperes/", looks.cohort_standing, name="cohort_standing"),
    path("formations/groupes/<uuid:pk>/avis/clore/", looks.review_close, name="review_close"),
    path("formations/stagiaires/<uuid:pk>/grille/", looks.assessment_write, name="assessment_write"),
    path("formations/stagiaires/<uuid:pk>/pieces/", cohorts.trainee_papers, name="trainee_papers"),
    path("formations/attestations/", attestations.attestation_list, name="attestation_list"),
    path("formations/attestations/<uuid:pk>/", attestations.attestation_detail, name="attestation_detail"),
    path("formations/attestations/<uuid:pk>/renouveler/", attestations.attestation_renew, name="attestation_renew"),
    path("formations/attestations/<uuid:pk>/retirer/", attestations.attestation_revoke, name="attestation_revoke"),
    path("formations/attestations/<uuid:pk>/pdf/", attestations.attestation_pdf, name="attestation_pdf"),
    path("formations/attestations/<uuid:pk>/badge/", attestations.attestation_badge, name="attestation_badge"),
    path("formations/echeances/", attestations.expiry_list, name="expiry_list"),
    path("formations/diplomes/", equivalences.equivalence_list, name="equivalence_list"),
    path("formations/diplomes/de/<uuid:pk>/", equivalences.equivalence_enter, name="equivalence_enter"),
    path("formations/diplomes/<uuid:pk>/", equivalences.equivalence_detail, name="equivalence_detail"),
    path("formations/diplomes/<uuid:pk>/decider/", equivalences.equivalence_decide, name="equivalence_decide"),
    path("formations/diplomes/<uuid:pk>/preuve/", equivalences.equivalence_proof, name="equivalence_proof"),
    path("ma-formation/", own.own_training, name="own_training"),
    path("ma-formation/attestations/<uuid:pk>/", own.own_attestation, name="own_attestation"),
    path("ma-formation/groupes/<uuid:pk>/reperes/", looks.own_standing, name="own_standing"),
    path("ma-formation/groupes/<uuid:pk>/avis/", looks.course_review, name="course_review"),
    path("ma-formation/diplome/", own.equivalence_ask, name="equivalence_ask"),
    path("badges/<uuid:pk>/", checks.badge_issuer, name="badge_issuer"),
    path("badges/<uuid:pk>/etat/", checks.badge_status, name="badge_status"),
    path("verifier/", checks.attestation_find, name="attestation_find"),
    path("verifier/<str:code>/", checks.attestation_check, name="attestation_check"),
]
