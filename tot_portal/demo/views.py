"""The demo's bar, mailbox and walk."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts import backends
from accounts.models import User
from core.views import safe_next
from tot_portal.demo import mailbox, walk
from tot_portal.demo.people import BY_ROLE

MAILS_PER_PAGE = 50


def enter(request: HttpRequest, role: str) -> HttpResponse:
    """Signs in as the demo's person of that role, without password and second factor."""
    person = BY_ROLE.get(role)
    if person is None:
        raise Http404
    user = get_object_or_404(User, email=person.email)
    logout(request)
    login(request, user, backend=backends.PATH)
    return redirect(safe_next(request, "dashboard"))


def mail_list(request: HttpRequest) -> HttpResponse:
    """Mails as they arrived, newest first; `untuk` keeps those to one address."""
    address = request.GET.get("untuk", "").strip()
    page = Paginator(mailbox.newest(address), MAILS_PER_PAGE).get_page(request.GET.get("h"))
    context = {
        "mails": [mailbox.read(path) for path in page], "page": page, "address": address,
        "server_is_off": mailbox.is_server_off(settings.DEMO_MAIL_DIR),
    }  # fmt: skip
    return render(request, "demo/mail_list.html", context)


def switch_mail_server(request: HttpRequest) -> HttpResponse:
    """Turns the demo's mail server off, to watch what the portal makes of it, and on again."""
    off = request.POST.get("server") == "off"
    mailbox.switch_server(off=off)
    messages.info(request, _("Layanan email demo mati.") if off else _("Layanan email demo hidup lagi."))
    return redirect("demo:mail_list")


def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mail_detail.html", {"mail": mailbox.load(name)})


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"], "style-src": ["'unsafe-inline'"], "script-src": ["'none'"]})
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The mail's HTML for the sandboxed frame; mails style themselves inline, scripts stay off."""
    return HttpResponse(mailbox.load(name).html.replace("<head>", '<head><base target="_top">', 1))


def mail_attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One file of a mail, to keep: nothing of it runs here."""
    attachments = mailbox.load(name).attachments
    if not 1 <= number <= len(attachments):
        raise Http404
    one = attachments[number - 1]
    kept = HttpResponse(one.content, content_type=one.content_type, headers={"X-Content-Type-Options": "nosniff"})
    kept["Content-Disposition"] = content_disposition_header(True, one.name)
    return kept


def follow(request: HttpRequest) -> HttpResponse:
    """The main job as a list of links to its next step."""
    return render(request, "demo/follow.html", {"steps": walk.steps()})
