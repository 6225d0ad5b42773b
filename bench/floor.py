"""The floor: a Django view that says hello, with nothing else, under the portal's own web server."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    DEBUG=False, ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], LOGGING_CONFIG=None,
    SECRET_KEY="floor" * 12,
)  # fmt: skip


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world.", headers={"Content-Length": "13"})  # or the server would send it in pieces


urlpatterns = [path("", hello)]
application = get_wsgi_application()
