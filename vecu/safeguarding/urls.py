from django.urls import path

from vecu.safeguarding.views import alerts, duties, reports, talks

urlpatterns = [
    path("aide/maintenant/", alerts.help_now, name="help_now"),
    path("aide/maintenant/<uuid:pk>/", alerts.help_now_sent, name="help_now_sent"),
    path("alertes/", alerts.alert_list, name="alert_list"),
    path("alertes/ouvrir/", alerts.alert_open, name="alert_open"),
    path("alertes/<uuid:pk>/", alerts.alert_detail, name="alert_detail"),
    path("alertes/<uuid:pk>/prendre/", alerts.alert_take, name="alert_take"),
    path("alertes/<uuid:pk>/fermer/", alerts.alert_close, name="alert_close"),
    path("astreinte/", duties.duty_page, name="duty_page"),
    path("astreinte/horaires/", duties.duty_hours, name="duty_hours"),
    path("astreinte/ajouter/", duties.duty_shift_add, name="duty_shift_add"),
    path("astreinte/<uuid:pk>/confirmer/", duties.duty_shift_confirm, name="duty_shift_confirm"),
    path("astreinte/<uuid:pk>/retirer/", duties.duty_shift_remove, name="duty_shift_remove"),
    path("conduite-a-tenir/", duties.crisis_path, name="crisis_path"),
    path("conduite-a-tenir/ecrire/", duties.crisis_path_write, name="crisis_path_write"),
    path("signalements/", reports.report_list, name="report_list"),
    path("signalements/<uuid:pk>/prendre/", reports.report_take, name="report_take"),
    path("mes-signalements/<uuid:pk>/", reports.report_followed, name="report_followed"),
    path("besoin-de-parler/", talks.talk_ask, name="talk_ask"),
    path("besoin-de-parler/<uuid:pk>/retirer/", talks.talk_withdraw, name="talk_withdraw"),
    path("besoin-de-parler/<uuid:pk>/", talks.talk_detail, name="talk_detail"),
    path("besoin-de-parler/<uuid:pk>/parle/", talks.talk_finish, name="talk_finish"),
]
