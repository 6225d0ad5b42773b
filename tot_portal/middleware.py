"""Enforces the access table: who may call a route at all, and with which method."""

from collections.abc import Callable

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_sameorigin

from tot_portal.access import ACCESS, Who, allows
from tot_portal.sent_forms import hand_back_form, is_sent_by_hand, page_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class AccessMiddleware:
    """Undeclared routes do not exist; strangers sign in first; the wrong role gets 403, the wrong method 405.

    Whether a person may see one particular object is decided by the view's `visible_to(user)` (404).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        rule = ACCESS.get(request.resolver_match.view_name)
        if rule is None:
            raise Http404
        if rule.who != Who.PUBLIC and not request.user.is_authenticated:
            if request.headers.get("Sec-Fetch-Dest") == "iframe":
                return signed_out_frame(request)
            if is_sent_by_hand(request):
                return hand_back_form(request)
            return redirect_to_login(page_of(request.get_full_path()))
        if not allows(rule, request.user):
            raise PermissionDenied
        if request.method not in rule.methods:
            page = {"page": page_of(request.get_full_path())}
            return HttpResponseNotAllowed(rule.methods, render_to_string("405.html", page, request))
        return None


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def signed_out_frame(request: HttpRequest) -> HttpResponse:
    """What a frame within a page says once its reader has been signed out: the sign-in page may not be framed."""
    return render(request, "signed_out_frame.html", status=401)
