"""People and roles, for admins."""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import services
from accounts.forms import GrantRoleForm, InviteStaffForm, PeopleFilterForm
from accounts.freshness import fresh_sign_in
from accounts.models import RoleGrant, User
from accounts.roles import Role
from accounts.selectors import has_second_factor, people
from core.errors import DomainError
from core.views import explain_domain_errors
from notifications.selectors import emails_of

PER_PAGE = 50


def user_list(request: HttpRequest) -> HttpResponse:
    """People with their roles; staff unless another group is asked for."""
    form = PeopleFilterForm(request.GET or None, initial={"role": "staff"})
    chosen = form.cleaned_data if form.is_valid() else {}
    words, role = chosen.get("q", ""), chosen.get("role") or "staff"
    found = people(words=words, role="" if role == "all" else role)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("h"))
    context = {"form": form, "page": page, "active": bool(words or role != "staff")}
    return render(request, "accounts/user_list.html", context)


@fresh_sign_in
def invite_user(request: HttpRequest) -> HttpResponse:
    """Bring a staff member in."""
    form = InviteStaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.invite_staff(by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Undangan untuk %(email)s sedang dikirim.") % {"email": user.email})
            return redirect("user_detail", code=user.code)
    return render(request, "accounts/invite_user.html", {"form": form})


def user_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One person: roles with their ends, and what an admin may do."""
    return _user_page(request, get_object_or_404(User, code=code), GrantRoleForm())


def _user_page(request: HttpRequest, person: User, form: GrantRoleForm, status: int = 200) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "grants": RoleGrant.objects.filter(user=person).select_related("granted_by", "revoked_by").order_by("-id"),
        "live": set(RoleGrant.objects.live().filter(user=person).values_list("pk", flat=True)),
        "second_factor": has_second_factor(person),
        "address": EmailAddress.objects.filter(user=person, email=person.email).first(),
        "unsent": emails_of(person),
        "is_self": person.pk == request.user.pk,
    }
    return render(request, "accounts/user_detail.html", context, status=status)


@fresh_sign_in
def grant_role(request: HttpRequest, code: str) -> HttpResponse:
    """Give one more role."""
    person = get_object_or_404(User, code=code)
    form = GrantRoleForm(request.POST)
    if form.is_valid():
        try:
            grant = services.grant_role(person, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Peran %(role)s diberikan.") % {"role": grant.get_role_display()})
            return redirect("user_detail", code=code)
    return _user_page(request, person, form)


@fresh_sign_in
@explain_domain_errors
def revoke_role(request: HttpRequest, code: str, role: str) -> HttpResponse:
    """Take a role back, after a page that says what follows."""
    person, role = get_object_or_404(User, code=code), get_role_or_404(role)
    if request.method != "POST":
        return render(request, "accounts/revoke_role.html", {"person": person, "role": role.label})
    services.revoke_role(person, role, by=request.user)
    messages.success(request, _("Peran %(role)s dicabut.") % {"role": role.label})
    if person.pk == request.user.pk:  # signed out by that
        return redirect("home")
    return redirect("user_detail", code=code)


def get_role_or_404(role: str) -> Role:
    try:
        return Role(role)
    except ValueError as error:
        raise Http404 from error


@fresh_sign_in
@explain_domain_errors
def deactivate_user(request: HttpRequest, code: str) -> HttpResponse:
    """Close an account, after a page that says what follows."""
    person = get_object_or_404(User, code=code)
    if request.method != "POST":
        return render(request, "accounts/deactivate_user.html", {"person": person})
    services.deactivate_user(person, by=request.user)
    messages.success(request, _("Akun dinonaktifkan."))
    return redirect("user_detail", code=code)


@fresh_sign_in
@explain_domain_errors
def reactivate_user(request: HttpRequest, code: str) -> HttpResponse:
    """Open an account again."""
    services.reactivate_user(get_object_or_404(User, code=code), by=request.user)
    messages.success(request, _("Akun aktif lagi."))
    return redirect("user_detail", code=code)


@fresh_sign_in
@explain_domain_errors
def reset_second_factor(request: HttpRequest, code: str) -> HttpResponse:
    """Forget a lost phone, after a page that says what follows."""
    person = get_object_or_404(User, code=code)
    if request.method != "POST":
        return render(request, "accounts/reset_second_factor.html", {"person": person})
    services.reset_second_factor(person, by=request.user)
    messages.success(request, _("Langkah kedua saat masuk dihapus. Orang ini memasangnya lagi saat masuk berikutnya."))
    return redirect("user_detail", code=code)
