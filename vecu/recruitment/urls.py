"""Addresses of recruiting."""

from django.urls import path

from vecu.recruitment.views import applying, campaigns, following, meeting, pipeline, recruitments

urlpatterns = [
    # without an account
    path("devenir-pair/", applying.apply, name="apply"),
    path("devenir-pair/pause/", applying.apply_pause, name="apply_pause"),
    path("devenir-pair/reprendre/", applying.apply_resume, name="apply_resume"),
    path("devenir-pair/oublier/", applying.apply_forget, name="apply_forget"),
    path("devenir-pair/recue/", applying.apply_done, name="apply_done"),
    path("devenir-pair/<uuid:recruitment>/<slug:profile>/verifier/", applying.apply_review, name="apply_review"),
    path("devenir-pair/<uuid:recruitment>/<slug:profile>/<slug:step>/", applying.apply_step, name="apply_step"),
    path("devenir/<slug:slug>/", campaigns.campaign_answer, name="campaign_answer"),
    path("ma-candidature/", following.application_follow, name="application_follow"),
    path("ma-candidature/rendez-vous/rendre/", following.interview_give_back, name="interview_give_back"),
    path("ma-candidature/rendez-vous/<uuid:pk>/", following.interview_book, name="interview_book"),
    path("ma-candidature/lettre/<uuid:pk>/", following.letter_confirm, name="letter_confirm"),
    path("ma-candidature/arreter/", following.application_withdraw, name="application_withdraw"),
    path("ma-candidature/effacer/", following.application_erase, name="application_erase"),
    path("ma-candidature/quitter/", following.application_leave, name="application_leave"),
    path("ma-candidature/<slug:token>/", following.application_enter, name="application_enter"),
    # those who recruit
    path("candidatures/", pipeline.application_list, name="application_list"),
    path("candidatures/reglages/", recruitments.recruitment_settings, name="recruitment_settings"),
    path("candidatures/reglages/condition/", recruitments.condition_edit, name="condition_edit"),
    path("candidatures/reglages/condition/<uuid:pk>/retirer/", recruitments.condition_remove, name="condition_remove"),
    path("candidatures/campagnes/", campaigns.campaign_list, name="campaign_list"),
    path("candidatures/campagnes/preparer/", campaigns.campaign_prepare, name="campaign_prepare"),
    path("candidatures/campagnes/ajouter/", campaigns.campaign_add, name="campaign_add"),
    path("candidatures/campagnes/<uuid:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("candidatures/campagnes/<uuid:pk>/modifier/", campaigns.campaign_edit, name="campaign_edit"),
    path("candidatures/campagnes/<uuid:pk>/fermer/", campaigns.campaign_close, name="campaign_close"),
    path("candidatures/entretiens/", meeting.slot_list, name="slot_list"),
    path("candidatures/entretiens/<uuid:pk>/retirer/", meeting.slot_remove, name="slot_remove"),
    path("candidatures/entretiens/<uuid:pk>/compte-rendu/", meeting.interview_record, name="interview_record"),
    path("candidatures/entretiens/<uuid:pk>/absence/", meeting.interview_absent, name="interview_absent"),
    path("candidatures/guides/<uuid:pk>/", meeting.interview_guide, name="interview_guide"),
    path("candidatures/guides/<uuid:pk>/notes/", meeting.interview_notes, name="interview_notes"),
    path("candidatures/<uuid:pk>/", pipeline.application_detail, name="application_detail"),
    path("candidatures/<uuid:pk>/inviter/", pipeline.application_invite, name="application_invite"),
    path("candidatures/<uuid:pk>/heure/", pipeline.interview_give, name="interview_give"),
    path("candidatures/<uuid:pk>/decider/", pipeline.application_decide, name="application_decide"),
    path("candidatures/<uuid:pk>/confirmer/", pipeline.application_confirm, name="application_confirm"),
    path("candidatures/<uuid:pk>/reprendre/", pipeline.application_take_back, name="application_take_back"),
    path("candidatures/<uuid:pk>/lettre/", pipeline.application_letter, name="application_letter"),
]
