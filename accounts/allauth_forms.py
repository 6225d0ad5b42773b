"""allauth's forms with the portal's labels, sentences and helper (ACCOUNT_FORMS, MFA_FORMS)."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import record_consent
from core.forms import PortalFormMixin

PASSWORD_HELP = _("Paling sedikit 12 huruf. Rangkaian empat kata mudah diingat dan sulit ditebak.")
CODE_HELP = _("Enam angka dari aplikasi autentikator, atau satu kode cadangan.")


class _Wording(PortalFormMixin):
    """Labels and hints by field name; placeholders go, because they vanish when somebody types."""

    labels: dict[str, Any] = {
        "code": _("Kode"),
        "email": _("Email"),
        "login": _("Email"),
        "oldpassword": _("Kata sandi sekarang"),
        "password": _("Kata sandi"),
        "password1": _("Kata sandi"),
        "password2": _("Kata sandi sekali lagi"),
    }
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = self.hints.get(name, "")

    def _give_sentences(self, name: str, field: forms.Field) -> None:
        field.label = self.labels.get(name, field.label)
        super()._give_sentences(name, field)


class _TwoPasswords(_Wording):
    labels = _Wording.labels | {"password1": _("Kata sandi baru")}
    hints = {"password1": PASSWORD_HELP}

    def clean(self) -> dict[str, Any]:
        """allauth says it in its own words; ours name the field."""
        cleaned = forms.Form.clean(self)
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("Kedua kata sandi berbeda. Tulis yang sama dua kali."))
        return cleaned


class SignupForm(_Wording, account_forms.SignupForm):
    """Name, address, one password, and the box for the privacy notice: never ticked beforehand."""

    name = forms.CharField(
        label=_("Nama lengkap"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_("Saya sudah membaca pemberitahuan privasi dan menyetujui pemrosesan data saya"),
        error_messages={"required": _("Centang persetujuan pemberitahuan privasi untuk membuat akun.")},
    )
    field_order = ["name", "email", "password1", "consent"]
    hints = {
        "name": _("Seperti pada KTP atau paspor. Nama ini dipakai pada sertifikat."),
        "email": _("Kami mengirim tautan konfirmasi ke alamat ini."),
        "password1": PASSWORD_HELP,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        read = gettext("Baca pemberitahuan privasi (tab baru)")
        self.fields["consent"].help_text = format_html('<a href="{}" target="_blank">{}</a>', reverse("privacy"), read)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this inside save(): the consent is part of the sign-up's transaction."""
        record_consent(user, "PRIVASI")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """A known address gets the same answer and the same work as a new one; so does the loser of a race."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])


class LoginForm(_Wording, account_forms.LoginForm):
    pass


class AddEmailForm(_Wording, account_forms.AddEmailForm):
    labels = _Wording.labels | {"email": _("Alamat email baru")}
    hints = {"email": _("Alamat lama tetap berlaku sampai alamat baru dikonfirmasi.")}


class ReauthenticateForm(_Wording, account_forms.ReauthenticateForm):
    pass


class ResetPasswordForm(_Wording, account_forms.ResetPasswordForm):
    hints = {"email": _("Alamat yang Anda pakai untuk masuk.")}


class ResetPasswordKeyForm(_TwoPasswords, account_forms.ResetPasswordKeyForm):
    pass


class SetPasswordForm(_TwoPasswords, account_forms.SetPasswordForm):
    pass


class ChangePasswordForm(_TwoPasswords, account_forms.ChangePasswordForm):
    pass


class AuthenticateForm(_Wording, mfa_forms.AuthenticateForm):
    hints = {"code": CODE_HELP}


class MFAReauthenticateForm(_Wording, mfa_forms.ReauthenticateForm):
    hints = {"code": CODE_HELP}


class ActivateTOTPForm(_Wording, totp_forms.ActivateTOTPForm):
    hints = {"code": _("Enam angka yang sedang ditampilkan aplikasi.")}


class AddWebAuthnForm(_Wording, webauthn_forms.AddWebAuthnForm):
    labels = _Wording.labels | {
        "name": _("Nama kunci"),
        "passwordless": _("Pakai kunci ini untuk masuk tanpa kata sandi"),
    }
    hints = {
        "name": _("Agar Anda mengenalinya, misalnya “Ponsel saya”."),
        "passwordless": _("Kunci meminta sidik jari, wajah, atau PIN perangkat."),
    }


class EditWebAuthnForm(_Wording, webauthn_forms.EditWebAuthnForm):
    labels = _Wording.labels | {"name": _("Nama kunci")}
