"""Reads over people, terms and the audit log."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.models import ConsentTerm, Lsp, RoleGrant, User
from core.models import AuditEntry

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes alone are none


def has_second_factor(user: User) -> bool:
    """An authenticator app or a passkey."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()


def is_verified(user: User) -> bool:
    """The person has shown that the address is his or hers."""
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def term_in_force(code: str) -> ConsentTerm | None:
    """The notice or declaration as it stands today."""
    return ConsentTerm.objects.in_force().filter(code=code).first()


def term_text(term: ConsentTerm, language: str | None = None) -> str:
    """The text in the page's language; Indonesian where there is no other."""
    return term.content.get(language or get_language() or "id") or term.content["id"]


def people(*, words: str = "", role: str = "") -> QuerySet[User]:
    """Users with `live_grants`, `has_second_factor` and `has_verified_email`, by name; one extra query in all.

    `role`: a staff role, "staff", "participant" (no staff role), "inactive" or "" for everybody.
    """
    live = RoleGrant.objects.live().filter(user=OuterRef("pk"))
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    users = User.objects.annotate(
        has_second_factor=Exists(factor),
        has_verified_email=Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)),
    ).prefetch_related(Prefetch("role_grants", queryset=RoleGrant.objects.live(), to_attr="live_grants"))
    if role == "inactive":
        users = users.filter(is_active=False)
    elif role == "participant":
        users = users.filter(~Exists(live), is_active=True)
    elif role == "staff":
        users = users.filter(Exists(live), is_active=True)
    elif role:
        users = users.filter(Exists(live.filter(role=role)), is_active=True)
    for word in words.split():
        users = users.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return users.order_by("name", "email")


def audit_entries(chosen: dict[str, Any]) -> QuerySet[AuditEntry]:
    """Entries, newest first, narrowed by act, person (code, name or address), object, first and last day (WIB)."""
    entries = AuditEntry.objects.all()
    if act := chosen.get("act"):
        entries = entries.filter(act=act)
    if words := chosen.get("person"):
        found = User.objects.filter(Q(code=words) | Q(name__icontains=words) | Q(email__icontains=words))
        ids = list(found.values_list("pk", flat=True)[:200])
        entries = entries.filter(Q(actor_id__in=ids) | Q(subject_id__in=ids))
    if words := chosen.get("object"):
        entries = entries.filter(
            Q(object_label__icontains=words) | Q(object_kind__icontains=words) | Q(object_id=words)
        )
    zone = ZoneInfo("Asia/Jakarta")
    if day := chosen.get("since"):
        entries = entries.filter(at__gte=datetime.combine(day, time(), zone))
    if day := chosen.get("until"):
        entries = entries.filter(at__lt=datetime.combine(day + timedelta(days=1), time(), zone))
    return entries


def lsp_of(request: HttpRequest) -> Lsp:
    """The LSP as this request sees it: read once, for the view and for the frame around its page."""
    if not hasattr(request, "lsp"):
        request.lsp = Lsp.current()
    return request.lsp
