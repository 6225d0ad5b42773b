"""The mails of accounts: texts of allauth's occasions, invitations, and what every mail says about the LSP."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Lsp, User
from accounts.roles import Role
from core import clock
from notifications.models import Email
from notifications.registry import Message, Variable, add_context, register
from notifications.rendering import render_templates
from notifications.services import queue_ready_email

INVITATION = "accounts.invitation"
# allauth's template -> (kind, title): mails with a link of their own
LINK_MAILS = {
    "account/email/email_confirmation": ("accounts.confirm_email", _("Konfirmasi alamat email")),
    "account/email/email_confirmation_signup": ("accounts.confirm_signup", _("Konfirmasi akun baru")),
    "account/email/password_reset_key": ("accounts.reset_password", _("Tautan kata sandi baru")),
    "account/email/account_already_exists": ("accounts.already_exists", _("Akun sudah ada")),
    "account/email/unknown_account": ("accounts.unknown_account", _("Akun tidak dikenal")),
}
# allauth's template -> what happened: mails that only tell the owner
NOTICES = {
    "account/email/email_changed": _("Alamat email akun Anda diganti."),
    "account/email/email_confirm": _("Alamat email akun Anda dikonfirmasi."),
    "account/email/email_deleted": _("Satu alamat email dihapus dari akun Anda."),
    "account/email/password_changed": _("Kata sandi akun Anda diganti."),
    "account/email/password_reset": _("Kata sandi akun Anda diganti lewat tautan dari email."),
    "account/email/password_set": _("Kata sandi akun Anda dibuat."),
    "mfa/email/recovery_codes_generated": _("Kode cadangan baru dibuat untuk akun Anda."),
    "mfa/email/totp_activated": _("Aplikasi autentikator dipasang pada akun Anda."),
    "mfa/email/totp_deactivated": _("Aplikasi autentikator dilepas dari akun Anda."),
    "mfa/email/webauthn_added": _("Kunci sandi ditambahkan ke akun Anda."),
    "mfa/email/webauthn_removed": _("Kunci sandi dilepas dari akun Anda."),
}
SECURITY_NOTICE = "accounts.security_notice"
# how long the links work
LIVES = {
    "accounts.reset_password": timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    "accounts.confirm_email": timedelta(days=settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS),
    "accounts.confirm_signup": timedelta(days=settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS),
}


def queue_account_mail(prefix: str, address: str, context: dict[str, Any]) -> Email:
    """Owes one of allauth's mails, in our words; part of the caller's transaction."""
    recipient = context.get("user") or User.objects.filter(email=address.lower()).first()
    language = recipient.language if recipient else get_language() or settings.LANGUAGE_CODE
    links = {name: own_address(value) for name, value in context.items() if name.endswith("_url")}
    values = {"user": recipient, "email": address} | links
    if prefix in NOTICES:
        values |= {"happened": NOTICES[prefix], "ip": context.get("ip", ""), "at": context.get("timestamp")}
        kind, message = SECURITY_NOTICE, render_templates("account/security_notice", values, language)
    else:
        kind, message = LINK_MAILS[prefix][0], render_templates(prefix, values, language)
    expires_at = clock.now() + LIVES[kind] if kind in LIVES else None
    return queue_ready_email(kind, address, message, recipient=recipient, language=language, expires_at=expires_at)


def queue_invitation(user: User, *, link: str, roles: Iterable[Role], new: bool, until: date, by: User | None) -> Email:
    """Owes the mail that brings a staff member in; the link, good until that day, is forgotten once sent."""
    values = {
        "user": user, "link": link, "roles": list(roles), "is_new": new, "until": until,
        "inviter": by.name if by else "",
    }  # fmt: skip
    deadline = until if new else None
    message: Message = render_templates("accounts/invitation", values, user.language, action=True, deadline=deadline)
    ends = datetime.combine(until + timedelta(days=1), time.min, tzinfo=UTC)  # everywhere in Indonesia that day is over
    return queue_ready_email(
        INVITATION, user.email, message, recipient=user, language=user.language, expires_at=ends
    )  # fmt: skip


def own_address(url: str) -> str:
    """The same page at SITE_URL: links in mails never follow the host that a request claimed."""
    parts = urlsplit(url)
    return settings.SITE_URL + parts.path + (f"?{parts.query}" if parts.query else "")


def _sender() -> dict[str, Any]:
    return {"lsp": Lsp.current()}


for _kind, _title in [*LINK_MAILS.values(), (INVITATION, _("Undangan petugas")), (SECURITY_NOTICE, _("Keamanan akun"))]:
    register(_kind, None, title=_title)
add_context(_sender, variables={"lsp": Variable(_("Nama LSP"), "lsp.name")})
