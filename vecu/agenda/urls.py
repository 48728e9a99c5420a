"""Addresses of gatherings."""

from django.urls import path

from vecu.agenda.views import attendance, calendars, enrolments, gatherings, half_days, own

urlpatterns = [
    path("agenda/", gatherings.gathering_list, name="gathering_list"),
    path("agenda/prevoir/", gatherings.gathering_plan, name="gathering_plan"),
    path("agenda/<uuid:pk>/", gatherings.gathering_detail, name="gathering_detail"),
    path("agenda/<uuid:pk>/modifier/", gatherings.gathering_edit, name="gathering_edit"),
    path("agenda/<uuid:pk>/annuler/", gatherings.gathering_cancel, name="gathering_cancel"),
    path("agenda/<uuid:pk>/dates/", half_days.half_day_add, name="half_day_add"),
    path("agenda/<uuid:pk>/inscrire/", enrolments.enrolment_add, name="enrolment_add"),
    path("agenda/inscriptions/<uuid:pk>/retirer/", enrolments.enrolment_remove, name="enrolment_remove"),
    path("agenda/dates/<uuid:pk>/deplacer/", half_days.half_day_move, name="half_day_move"),
    path("agenda/dates/<uuid:pk>/retirer/", half_days.half_day_remove, name="half_day_remove"),
    path("agenda/dates/<uuid:pk>/presences/", attendance.attendance_record, name="attendance_record"),
    path("agenda/dates/<uuid:pk>/signer/<uuid:person>/", attendance.attendance_sign, name="attendance_sign"),
    path("agenda/dates/<uuid:pk>/feuille/", attendance.attendance_sheet, name="attendance_sheet"),
    path("agenda/dates/<uuid:pk>/feuille.pdf", attendance.attendance_paper, name="attendance_paper"),
    path("mes-rendez-vous/", own.own_gatherings, name="own_gatherings"),
    path("mes-rendez-vous/calendrier/", calendars.calendar_address, name="calendar_address"),
    path("mes-rendez-vous/calendrier/supprimer/", calendars.calendar_remove, name="calendar_remove"),
    path("mes-rendez-vous/<uuid:pk>/", own.own_gathering, name="own_gathering"),
    path("mes-rendez-vous/<uuid:pk>/inscription/", own.own_join, name="own_join"),
    path("mes-rendez-vous/<uuid:pk>/absent/", own.own_withdraw, name="own_withdraw"),
    path("mes-rendez-vous/dates/<uuid:pk>/signer/", own.own_sign, name="own_sign"),
    path("calendrier/<slug:token>.ics", calendars.calendar_feed, name="calendar_feed"),
]
