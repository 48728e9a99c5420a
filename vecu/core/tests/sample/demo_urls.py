from __future__ import annotations

from django.urls import path

from vecu.core.tests.sample.urls import done

urlpatterns = [path("enter/<str:who>/", done, name="enter_as")]
