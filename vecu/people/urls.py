"""Addresses of sign-in, of one's own data, of members and organisations.

Only the pages of allauth that are used here have an address: nobody signs up alone, and an address is changed by
its owner in « Mes données », so the pages for that do not exist.
"""

from allauth.account import views as account
from django.urls import include, path, re_path

from vecu.people.views import consents, erasure, invitations, members, organisations, outside, own, signin

urlpatterns = [
    # signing in and out
    path("compte/connexion/", account.login, name="account_login"),
    path("compte/connexion/code/", account.request_login_code, name="account_request_login_code"),
    path("compte/connexion/code/verifier/", account.confirm_login_code, name="account_confirm_login_code"),
    path("compte/deconnexion/", account.logout, name="account_logout"),
    path("compte/ferme/", account.account_inactive, name="account_inactive"),
    path("compte/inscription/", signin.no_sign_up, name="account_signup"),
    path("compte/confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("compte/mot-de-passe/", account.password_change, name="account_change_password"),
    path("compte/mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("compte/mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("compte/mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "compte/mot-de-passe/oublie/fait/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^compte/mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("compte/securite/", include("allauth.mfa.urls")),
    path("compte/appareils/", include("allauth.usersessions.urls")),
    path("compte/deuxieme-preuve/", signin.second_factor, name="second_factor"),
    path("compte/professionnel/", outside.outside_account_list, name="outside_account_list"),
    path("compte/professionnel/<uuid:pk>/delier/", outside.outside_account_unlink, name="outside_account_unlink"),
    path("compte/professionnel/<slug:provider>/", outside.outside_sign_in, name="outside_sign_in"),
    path("compte/professionnel/<slug:provider>/lier/", outside.outside_account_link, name="outside_account_link"),
    path("compte/professionnel/<slug:provider>/retour/", outside.outside_return, name="outside_return"),
    path("compte/cle-d-acces/", signin.passkey_offer, name="passkey_offer"),
    path("compte/reprendre/", signin.typed_resume, name="typed_resume"),
    path("invitation/", invitations.invitation_accept, name="invitation_accept"),
    path("invitation/<str:token>/", invitations.invitation_open, name="invitation_open"),
    # what is held about me
    path("mes-donnees/", own.own_data, name="own_data"),
    path("mes-donnees/coordonnees/", own.own_contact, name="own_contact"),
    path("mes-donnees/compte/", own.own_account, name="own_account"),
    path("mes-donnees/lectures/", own.reading_list, name="reading_list"),
    path("mes-donnees/copie/", own.data_export, name="data_export"),
    path("mes-donnees/effacement/", erasure.erasure_ask, name="erasure_ask"),
    path("mes-donnees/effacement/annuler/", erasure.erasure_cancel, name="erasure_cancel"),
    path("mes-donnees/accords/", consents.consent_list, name="consent_list"),
    path("mes-donnees/accords/donner/<slug:purpose>/", consents.consent_give, name="consent_give"),
    path("mes-donnees/accords/<uuid:pk>/", consents.consent_detail, name="consent_detail"),
    path("mes-donnees/accords/<uuid:pk>/retirer/", consents.consent_withdraw, name="consent_withdraw"),
    # members
    path("membres/", members.member_list, name="member_list"),
    path("membres/inviter/", members.invitation_create, name="invitation_create"),
    path("membres/invitations/<uuid:pk>/retirer/", members.invitation_withdraw, name="invitation_withdraw"),
    path("membres/roles/<uuid:pk>/finir/", members.role_end, name="role_end"),
    path("membres/<uuid:pk>/", members.member_detail, name="member_detail"),
    path("membres/<uuid:pk>/identite/", members.identity_read, name="identity_read"),
    path("membres/<uuid:pk>/modifier/", members.member_edit, name="member_edit"),
    path("membres/<uuid:pk>/role/", members.role_give, name="role_give"),
    path("membres/<uuid:pk>/arreter/", members.person_stop, name="person_stop"),
    path("membres/<uuid:pk>/reprendre/", members.person_resume, name="person_resume"),
    # organisations and their places
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/choisir/", organisations.organisation_switch, name="organisation_switch"),
    path("organisations/nouvelle/", organisations.organisation_create, name="organisation_create"),
    path("organisations/textes/", consents.consent_text_list, name="consent_text_list"),
    path("organisations/textes/<slug:purpose>/", consents.consent_text_edit, name="consent_text_edit"),
    path("organisations/conservation/", erasure.retention_board, name="retention_board"),
    path("organisation/", organisations.organisation_detail, name="organisation_detail"),
    path("organisations/<uuid:pk>/", organisations.organisation_detail, name="organisation_detail"),
    path("organisations/<uuid:pk>/modifier/", organisations.organisation_edit, name="organisation_edit"),
    path("organisations/<uuid:pk>/sites/nouveau/", organisations.site_create, name="site_create"),
    path("sites/<uuid:pk>/modifier/", organisations.site_edit, name="site_edit"),
]
