"""Where allauth meets the portal: its mails go through the outbox, its sentences are ours."""

import re
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import emails
from accounts.freshness import is_fresh
from accounts.models import User
from accounts.sealed import BOUND_TO
from core import crypto
from core.middleware import client_ip

PASSWORD_SENTENCES = {
    "password_too_short": _("Kata sandi paling pendek %(min_length)d huruf. Rangkaian empat kata mudah diingat."),
    "password_too_common": _("Kata sandi ini ada dalam daftar kata sandi yang sering dibobol. Pilih yang lain."),
    "password_too_similar": _("Kata sandi terlalu mirip dengan nama atau email Anda. Pilih yang lain."),
}


def plain_password_errors(error: ValidationError) -> ValidationError:
    """Django's findings about a password in our words."""
    return ValidationError(
        [
            ValidationError(PASSWORD_SENTENCES.get(one.code, one.message), code=one.code, params=one.params)
            for one in error.error_list
        ]
    )


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and the rest, in the portal's words and through the portal's outbox."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Akun ini sedang nonaktif. Hubungi LSP."),
        "cannot_remove_primary_email": _("Alamat email utama tidak dapat dihapus."),
        "duplicate_email": _("Alamat email ini sudah dipakai akun Anda."),
        "email_password_mismatch": _("Email atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."),
        "email_taken": _("Alamat email ini sudah dipakai."),
        "enter_current_password": _("Kata sandi sekarang tidak cocok. Tulis kata sandi yang Anda pakai untuk masuk."),
        "incorrect_code": _("Kode tidak cocok. Tulis kode terbaru dari aplikasi autentikator."),
        "incorrect_password": _("Kata sandi tidak cocok. Coba lagi."),
        "invalid_login": _("Email atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."),
        "invalid_or_expired_key": _("Tautan ini sudah dipakai atau sudah kedaluwarsa. Minta tautan baru."),
        "invalid_password_reset": _("Tautan ini sudah dipakai atau sudah kedaluwarsa. Minta tautan baru."),
        "max_email_addresses": _("Satu akun paling banyak memiliki %d alamat email."),
        "rate_limited": _("Terlalu banyak percobaan. Coba lagi beberapa menit lagi."),
        "same_as_current": _("Isian baru harus berbeda dari yang sekarang."),
        "too_many_login_attempts": _("Terlalu banyak percobaan. Coba lagi dalam 5 menit."),
        "unknown_email": _("Alamat email ini belum terdaftar."),
        "unverified_primary_email": _("Konfirmasi dahulu alamat email utama Anda."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Stores the mail in the running transaction; nothing here waits for SMTP or the broker."""
        emails.queue_account_mail(template_prefix, email, context)

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def clean_password(self, password: str, user: User | None = None) -> str:
        try:
            return super().clean_password(password, user)
        except ValidationError as error:
            raise plain_password_errors(error) from error

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not again right after signing in."""
        return super().is_reauthentication_required(app=app, **kwargs) and not is_fresh(self.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request) or "127.0.0.1"  # a Unix socket has no address

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", quote(key))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count per address and caller: nobody locks somebody else out from afar."""
        login = re.sub(r"\s", "", credentials.get("email", "")).lower()
        return f"{self.get_client_ip(request)}:{login}"


class MFAAdapter(DefaultMFAAdapter):
    """Second factors in our words, their secrets sealed in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Lepas dahulu langkah kedua saat masuk, lalu ganti alamat email."),
        "cannot_delete_authenticator": _("Langkah kedua saat masuk ini tidak dapat dilepas."),
        "cannot_generate_recovery_codes": _("Pasang dahulu aplikasi autentikator atau kunci sandi."),
        "incorrect_code": _("Kode tidak cocok. Tulis kode terbaru dari aplikasi autentikator."),
        "unverified_email": _("Konfirmasi dahulu alamat email Anda."),
    }

    def encrypt(self, text: str) -> str:
        return crypto.seal(text, BOUND_TO)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(encrypted_text, BOUND_TO)
