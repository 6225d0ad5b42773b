"""Input about people, the LSP and the audit log."""

from typing import Any

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from accounts.adapter import plain_password_errors
from accounts.allauth_forms import PASSWORD_HELP
from accounts.models import Lsp, User
from accounts.roles import STAFF, Role
from core import clock
from core.forms import DateField3, PortalForm, PortalModelForm

ROLE_CHOICES = [(role.value, role.label) for role in Role if role in STAFF]
SIGNATORIES = 3


def _name_field() -> forms.CharField:
    return forms.CharField(label=_("Nama lengkap"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))


def _expiry_field() -> DateField3:
    hint = _("Hari terakhir peran berlaku. Kosongkan bila tanpa batas.")
    return DateField3(label=_("Berlaku sampai"), required=False, help_text=hint, example="31 12 2027")


def _thirds(*names: str) -> Row:
    """Side by side on a wide screen, one below the other on a phone."""
    return Row(*(Column(name, css_class="col-lg-4") for name in names))


class _ExpiryMixin:
    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day and day < clock.today():
            raise ValidationError(_("Tanggal akhir peran harus hari ini atau sesudahnya."), code="past")
        return day


class ProfileForm(PortalForm):
    """What a person may change about the account."""

    name = _name_field()
    language = forms.ChoiceField(
        label=_("Bahasa surat"), choices=settings.LANGUAGES, help_text=_("Bahasa halaman diganti di bagian atas layar.")
    )


class AcceptInvitationForm(PortalForm):
    """Name and password of an invited person."""

    name = _name_field()
    password = forms.CharField(
        label=_("Kata sandi"), strip=False, max_length=128, help_text=PASSWORD_HELP,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        try:
            validate_password(password, self.user)
        except ValidationError as error:
            raise plain_password_errors(error) from error
        return password


class InviteStaffForm(_ExpiryMixin, PortalForm):
    """Whom an admin brings in, and as what."""

    name = _name_field()
    email = forms.EmailField(label=_("Email"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=_("Peran"), choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple,
        help_text=_("Satu orang boleh memegang beberapa peran."),
    )  # fmt: skip
    expires_on = _expiry_field()


class GrantRoleForm(_ExpiryMixin, PortalForm):
    """One more role for a person."""

    role = forms.ChoiceField(label=_("Peran"), choices=[("", _("Pilih peran")), *ROLE_CHOICES])
    expires_on = _expiry_field()


class PeopleFilterForm(PortalForm):
    """Narrows the list of people."""

    mark_optional = False
    q = forms.CharField(
        label=_("Nama atau email"), required=False, max_length=254, widget=forms.TextInput({"type": "search"})
    )
    role = forms.ChoiceField(
        label=_("Kelompok"),
        required=False,
        choices=[
            ("staff", _("Semua petugas")),
            *ROLE_CHOICES,
            ("participant", _("Peserta")),
            ("inactive", _("Akun nonaktif")),
            ("all", _("Semua orang")),
        ],
    )


class LspForm(PortalModelForm):
    """Identity and thresholds of the LSP; the thresholds are its own, not a rule of BNSP."""

    new_logo = forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG atau JPG, paling besar 1 MB. Kosongkan bila tidak diganti."),
        widget=forms.FileInput({"accept": "image/png,image/jpeg"}),
    )  # fmt: skip

    class Meta:
        model = Lsp
        fields = [
            "name", "short_name", "kind", "licence_number", "new_logo", "address", "phone", "email", "office_hours",
            "time_zone", "review_working_days", "return_days", "uses_bnsp_approval", "bnsp_lead_working_days",
            "appeal_working_days", "appeal_answer_working_days", "certificate_code", "hold_decisions",
        ]  # fmt: skip
        labels = {
            "uses_bnsp_approval": _("Angkatan memerlukan surat dan persetujuan BNSP sebelum dibuka"),
            "hold_decisions": _("Tahan surat keputusan"),
        }
        help_texts = {
            "hold_decisions": _(
                "Surat memenuhi syarat, tidak memenuhi syarat, kursi, dan daftar tunggu menunggu dilepas bersama per "
                "angkatan. Halaman peserta langsung menunjukkan keputusannya."
            ),
            "short_name": _("Tampil di bagian atas setiap halaman."),
            "licence_number": _("Seperti pada keputusan lisensi."),
            "office_hours": _("Misalnya: Senin sampai Jumat, pukul 08.00–16.00 WIB."),
        }

    review_working_days = forms.IntegerField(
        label=_("Batas memeriksa pendaftaran (hari kerja)"), min_value=1, max_value=60,
        help_text=_("Janji kepada peserta yang sudah mengirim. Pengaturan LSP, usulan: 5."),
    )  # fmt: skip
    return_days = forms.IntegerField(
        label=_("Waktu memperbaiki pendaftaran (hari kalender)"), min_value=1, max_value=90,
        help_text=_("Tanggal yang tampil pada halaman dan email peserta. Pengaturan LSP, usulan: 7."),
    )  # fmt: skip
    bnsp_lead_working_days = forms.IntegerField(
        label=_("Surat ke BNSP paling lambat sebelum pelatihan (hari kerja)"), min_value=0, max_value=120,
        help_text=_("Dipakai untuk mengingatkan admin. Pengaturan LSP, usulan: 20."),
    )  # fmt: skip

    appeal_working_days = forms.IntegerField(
        label=_("Waktu mengajukan banding setelah hasil dirilis (hari kerja)"), min_value=1, max_value=60,
        help_text=_("Tanggal yang tampil pada halaman hasil peserta. Pengaturan LSP, usulan: 7."),
    )  # fmt: skip
    appeal_answer_working_days = forms.IntegerField(
        label=_("Batas menjawab banding (hari kerja)"), min_value=1, max_value=90,
        help_text=_("Janji kepada peserta yang mengajukan banding. Pengaturan LSP, usulan: 14."),
    )  # fmt: skip
    certificate_code = forms.RegexField(
        label=_("Kode LSP pada nomor sertifikat"), regex=r"^[A-Z0-9-]{2,20}$",
        help_text=_("Huruf besar, angka, atau tanda hubung, misalnya LSP-CN. Berlaku untuk sertifikat berikutnya."),
        error_messages={"invalid": _("Tulis 2 sampai 20 huruf besar, angka, atau tanda hubung, misalnya LSP-CN.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            Fieldset(_("Identitas"), "name", "short_name", "kind", "licence_number", "new_logo"),
            Fieldset(_("Kontak"), "address", "phone", "email", "office_hours", "time_zone"),
            Fieldset(
                _("Batas waktu, pengaturan LSP"),
                "review_working_days", "return_days", "uses_bnsp_approval", "bnsp_lead_working_days",
                "appeal_working_days", "appeal_answer_working_days",
            ),
            Fieldset(_("Sertifikat"), "certificate_code"),
            Fieldset(_("Surat"), "hold_decisions"),
        )  # fmt: skip


class SignatoryForm(PortalForm):
    """One of the people who sign; an empty row is left out."""

    mark_optional = False
    name = forms.CharField(label=_("Nama"), max_length=120, required=False)
    title = forms.CharField(label=_("Jabatan"), max_length=120, required=False)
    number = forms.CharField(label=_("Nomor pegawai atau registrasi"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(_thirds("name", "title", "number"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("title") and not cleaned.get("name"):
            self.add_error("name", _("Isi nama penanda tangan, atau kosongkan jabatannya."))
        if cleaned.get("name") and not cleaned.get("title"):
            self.add_error("title", _("Isi jabatan penanda tangan."))
        return cleaned


SignatoryFormSet: type[BaseFormSet] = formset_factory(SignatoryForm, extra=0, min_num=SIGNATORIES, max_num=SIGNATORIES)


def filled_rows(formset: BaseFormSet) -> list[dict[str, str]]:
    """The signatories in the order of signing."""
    return [{**form.cleaned_data} for form in formset.forms if form.cleaned_data.get("name")]


class AuditFilterForm(PortalForm):
    """Narrows the audit log."""

    mark_optional = False
    act = forms.ChoiceField(label=_("Tindakan"), required=False)
    person = forms.CharField(label=_("Orang (kode, nama, atau email)"), required=False, max_length=120)
    object = forms.CharField(label=_("Objek (kode atau jenis)"), required=False, max_length=120)
    since = DateField3(label=_("Sejak"), required=False)
    until = DateField3(label=_("Sampai"), required=False)

    def __init__(self, *args: Any, acts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", _("Semua tindakan")), *acts]
        self.helper.layout = Layout(_thirds("act", "person", "object"), _thirds("since", "until"))
