"""Account pages: allauth's own, and ours beside them (all under /akun/)."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
