"""Pages open to everyone."""

from django.urls import path
from django.views.i18n import set_language

from vecu.portal.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("aide/", public.help_page, name="help"),
    path("confort/", public.comfort, name="comfort"),
    path("mentions-legales/", public.legal_notice, name="legal_notice"),
    path("vos-donnees/", public.privacy, name="privacy"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("facile-a-lire/", public.easy_read, name="easy_read"),
    path("plan-du-site/", public.site_map, name="site_map"),
    path("ui/", public.catalogue, name="catalogue"),
    path("langue/", set_language, name="set_language"),
]
