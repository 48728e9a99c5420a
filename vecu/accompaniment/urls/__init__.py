"""Addresses of one-to-one support."""

from vecu.accompaniment.urls import asking, matching, pairs, programmes, requests

urlpatterns = [
    *asking.urlpatterns,
    *requests.urlpatterns,
    *programmes.urlpatterns,
    *matching.urlpatterns,
    *pairs.urlpatterns,
]
