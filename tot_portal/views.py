"""Home pages and what belongs to no app (written by the roof)."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


about = prepare = help_page = privacy = accessibility = set_language = set_theme = health_live = health_ready = home
dashboard = participant_home = admin_home = assessor_home = director_home = auditor_home = home
server_error = home


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(status=403)
