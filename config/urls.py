"""The addresses of the site, area by area. Error pages are `vecu.core.http`'s."""

from django.urls import include, path

urlpatterns = [
    path("", include("vecu.portal.urls")),
    path("", include("vecu.people.urls")),
    path("", include("vecu.peers.urls")),
    path("", include("vecu.messaging.urls")),
    path("", include("vecu.safeguarding.urls")),
    path("", include("vecu.accompaniment.urls")),
    path("", include("vecu.impact.urls")),
]

handler400 = "vecu.core.http.bad_request"
handler403 = "vecu.core.http.denied"
handler404 = "vecu.core.http.not_found"
handler500 = "vecu.core.http.server_error"
