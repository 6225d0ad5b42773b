"""One document: the file and the facts that stand on it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from batches.models import DocumentType
from core.clock import today
from core.forms import DateField3, PortalForm
from core.templatetags.ui import size_text

KKNI = [("", _("Tidak tertulis")), *((str(level), str(level)) for level in range(1, 10))]
MIME = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


def _text(label: Promise, hint: Promise | str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=160, required=required, widget=forms.TextInput({"autocomplete": "off"})
    )


def _past_day(label: Promise, hint: Promise | str = "", *, required: bool = True) -> DateField3:
    return DateField3(label=label, help_text=hint, years=(1950, 2100), required=required, validators=[_not_ahead])


def _not_ahead(value: date) -> None:
    if value > today():
        raise forms.ValidationError(gettext("Tanggal ini belum lewat. Periksa tahunnya."), code="future")


# Name in DocumentType.fields -> (key of Document.fields, field).
FACTS: dict[str, tuple[str, Callable[[], forms.Field]]] = {
    "nomor": ("number", lambda: _text(_("Nomor sertifikat"))),
    "nomor_met": ("number", lambda: _text(_("Nomor registrasi (No. MET)"))),
    "nomor_surat": ("number", lambda: _text(_("Nomor surat"), required=False)),
    "penerbit": ("issuer", lambda: _text(_("Penerbit"), _("LSP atau lembaga yang menerbitkan."))),
    "nama_lsp": ("issuer", lambda: _text(_("LSP yang memberi rekomendasi"))),
    "penandatangan": ("signatory", lambda: _text(_("Nama penanda tangan"), required=False)),
    "skema": ("scheme", lambda: _text(_("Skema pada sertifikat"), _("Tulis seperti pada sertifikat."))),
    "jenjang": (
        "level",
        lambda: forms.TypedChoiceField(
            label=_("Jenjang KKNI"), choices=KKNI, coerce=int, empty_value=None, required=False
        ),
    ),
    "terbit": ("issued_on", lambda: _past_day(_("Tanggal terbit"))),
    "tanggal": ("issued_on", lambda: _past_day(_("Tanggal surat"), required=False)),
    "berlaku_sampai": (
        "valid_until",
        lambda: DateField3(
            label=_("Berlaku sampai"),
            help_text=_("Kosongkan bila tidak ada tanggalnya."),
            years=(1990, 2100),
            required=False,
        ),
    ),
    "jumlah_asesmen": (
        "assessments",
        lambda: forms.IntegerField(
            label=_("Jumlah asesmen dalam tiga tahun terakhir"),
            min_value=0,
            max_value=9999,
            widget=forms.TextInput({"inputmode": "numeric", "class": "input-short"}),
        ),
    ),
    "instansi": ("employer", lambda: _text(_("Instansi yang menerbitkan"), required=False)),
    "jabatan": ("position", lambda: _text(_("Jabatan yang tertulis"), required=False)),
    "mulai": ("starts_on", lambda: _past_day(_("Bekerja sejak"), required=False)),
    "selesai": ("ends_on", lambda: _past_day(_("Bekerja sampai"), _("Kosongkan bila masih bekerja."), required=False)),
}
DATES = frozenset({"issued_on", "valid_until", "starts_on", "ends_on"})


class PaperForm(PortalForm):
    """The facts typed beside a file; the file itself is stored first, so that no other field can lose it."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, type: DocumentType, stored: Mapping[str, Any] | None = None
    ) -> None:
        known = [FACTS[name] for name in type.fields if name in FACTS]
        self.base_fields = {key: make() for key, make in known}
        super().__init__(data, initial={key: _value(key, text) for key, text in (stored or {}).items()})

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("issued_on"), self.cleaned_data.get("valid_until")
        if first and last and last <= first:
            self.add_error("valid_until", gettext("Tanggal akhir masa berlaku harus setelah tanggal terbit."))
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("Tanggal selesai harus setelah tanggal mulai."))
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """The good facts in the shape of Document.fields; of an unfinished form those that are right already."""
        self.is_valid()
        good = {key: value for key, value in self.cleaned_data.items() if value not in (None, "")}
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in good.items()}


def upload_limit(type: DocumentType) -> str:
    """ "PDF, JPG, atau PNG. Paling besar 2 MB." """
    names = [name.upper() for name in ("pdf", "jpg", "png") if name in type.upload_formats]
    listed = names[0] if len(names) == 1 else gettext("%(names)s atau %(last)s") % _last(names)
    words = {"formats": listed, "size": size_text(type.max_mb * 1_000_000)}
    return gettext("%(formats)s. Paling besar %(size)s.") % words


def accepted_types(type: DocumentType) -> str:
    """Value of the file input's `accept`."""
    return ",".join(MIME[name] for name in ("pdf", "jpg", "png") if name in type.upload_formats)


def _last(names: list[str]) -> dict[str, str]:
    comma = "," if len(names) > 2 else ""
    return {"names": ", ".join(names[:-1]) + comma, "last": names[-1]}


def _value(key: str, value: Any) -> Any:
    if key in DATES and isinstance(value, str) and value:
        return date.fromisoformat(value)
    return value
