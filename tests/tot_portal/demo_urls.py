"""The addresses as they are in the demo: everything, and the demo's own."""

from django.urls import include, path

from tot_portal import urls
from tot_portal.urls import components, handler403, handler404, handler500

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [
    *urls.urlpatterns,
    path("demo/", include("tot_portal.demo.urls")),
    path("dev/komponen/", components, name="component_gallery"),
]
