"""Pages about one's own account."""

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import backends, services
from accounts.errors import InvitationSpent
from accounts.forms import AcceptInvitationForm, ProfileForm
from accounts.roles import STAFF
from accounts.selectors import has_second_factor
from core.views import explain_domain_errors


@explain_domain_errors
def profile(request: HttpRequest) -> HttpResponse:
    """Name and language, and the ways to the security pages."""
    user = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        services.update_profile(user, by=user, **form.cleaned_data)
        messages.success(request, _("Profil tersimpan."))
        return redirect("profile")
    context = {"form": form, "person": user, "tasks": _security_tasks(request)}
    return render(request, "accounts/profile.html", context)


def _security_tasks(request: HttpRequest) -> list[dict[str, str]]:
    user = request.user
    enrolled = has_second_factor(user)
    return [
        {
            "label": _("Langkah kedua saat masuk"),
            "url": reverse("mfa_index"),
            "hint": _("Aplikasi autentikator, kunci sandi, dan kode cadangan."),
            "status": _("Aktif") if enrolled else _("Belum dipasang"),
            "tone": "ok" if enrolled else "warn" if user.is_staff_member else "muted",
        },
        {"label": _("Kata sandi"), "url": reverse("account_change_password"), "hint": _("Ganti kata sandi.")},
        {"label": _("Alamat email"), "url": reverse("account_email"), "hint": user.email},
        {
            "label": _("Perangkat yang masuk"),
            "url": reverse("usersessions_list"),
            "hint": _("Lihat dan keluarkan perangkat lain."),
        },
    ]


@never_cache
@sensitive_post_parameters("password")
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: set name and password, then enrol the second factor."""
    try:
        user = services.read_invitation(token)
        form = AcceptInvitationForm(request.POST or None, user=user, initial={"name": user.name})
        if request.method == "POST" and form.is_valid():
            user = services.accept_invitation(token, **form.cleaned_data)
            return _sign_in(request, user)
    except InvitationSpent as error:
        return render(request, "accounts/invitation_spent.html", {"reason": str(error)}, status=410)
    context = {"form": form, "invited": user, "roles": sorted(role.label for role in user.roles & STAFF)}
    return render(request, "accounts/accept_invitation.html", context)


def _sign_in(request: HttpRequest, user) -> HttpResponse:
    """The link proved the address and the password was just set; a stranger's session in this browser ends."""
    logout(request)
    login(request, user, backend=backends.PATH)
    UserSession.objects.create_from_request(request)  # listed, so that end_sessions finds it
    record_authentication(request, user, method="password", email=user.email)
    messages.success(request, _("Selamat datang. Akun Anda siap dipakai."))
    return redirect("mfa_index" if settings.SECOND_FACTOR_REQUIRED else "dashboard")
