"""The one way forms look and speak: crispy helper, our sentences, dates in three fields.

Native date inputs and Django's own messages speak the browser's language or a stiff one; the fields and the
mixin here keep labels, hints and errors in the words of the page, and keep what was typed.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import today


class FieldsHelper(FormHelper):
    """Renders fields only; crispy would look an empty action up in the URLconf each time."""

    form_action = ""


def helper() -> FormHelper:
    """The crispy helper of every form: the template owns <form>, CSRF and buttons."""
    crispy = FieldsHelper()
    crispy.form_tag = False
    crispy.disable_csrf = True
    crispy.include_media = False
    return crispy


# --- messages


def subject(label: object) -> str:
    """The label as it stands inside a sentence: "Nama lengkap" -> "nama lengkap", "NIK" stays."""
    text = str(label).strip().rstrip(":.?")
    return text if text[:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]


def _required_message(field: forms.Field, label: str) -> str:
    name = subject(label)
    if isinstance(field, DatePartsField):
        return field.whole_sentence(label)
    if isinstance(field, ClockField):
        return _("Tulis %(name)s, misalnya 08.00.") % {"name": name}
    if isinstance(field, forms.FileField):
        return _("Pilih berkas %(name)s.") % {"name": name}
    if isinstance(field, forms.BooleanField):
        return _("Centang “%(name)s” untuk melanjutkan.") % {"name": str(label).rstrip(".")}
    if label.rstrip().endswith("?"):
        return _("Jawab pertanyaan “%(name)s”.") % {"name": label}
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return _("Pilih %(name)s.") % {"name": name}
    return _("Isi %(name)s.") % {"name": name}


def _other_messages(field: forms.Field, label: str) -> dict[str, str]:
    """Sentences by error code; %(limit_value)s and the like are filled by Django's validators."""
    named = {"label": label.rstrip(":").replace("%", "%%"), "name": subject(label).replace("%", "%%")}
    messages = {
        "max_length": _("%(label)s paling panjang %%(limit_value)d huruf. Anda menulis %%(show_value)d huruf."),
        "min_length": _("%(label)s paling pendek %%(limit_value)d huruf. Anda menulis %%(show_value)d huruf."),
        "max_value": _("%(label)s paling banyak %%(limit_value)s."),
        "min_value": _("%(label)s paling sedikit %%(limit_value)s."),
        "invalid_choice": _("Pilih %(name)s dari daftar."),
        "invalid_pk_value": _("Pilih %(name)s dari daftar."),
        "invalid_list": _("Pilih %(name)s dari daftar."),
        "empty": _("Berkas kosong. Pilih berkas lain."),
        "missing": _("Pilih berkas %(name)s."),
        "contradiction": _("Pilih berkas baru atau centang hapus, jangan keduanya."),
        "invalid_image": _("Berkas harus JPG atau PNG."),
        "null_characters_not_allowed": _("Hapus tanda yang tidak terbaca dari %(name)s."),
    }
    if isinstance(field, forms.IntegerField):  # also float and decimal
        messages["invalid"] = _("%(label)s harus berupa angka, misalnya 5.")
        messages["max_digits"] = messages["max_whole_digits"] = _("%(label)s terlalu panjang. Periksa angkanya.")
        messages["max_decimal_places"] = _("%(label)s paling banyak %%(max)s angka di belakang koma.")
    elif isinstance(field, forms.EmailField):
        messages["invalid"] = _("Tulis alamat email lengkap, misalnya nama@contoh.id.")
    elif isinstance(field, forms.URLField):
        messages["invalid"] = _("Tulis alamat situs lengkap, misalnya https://contoh.id.")
    elif isinstance(field, forms.FileField):
        messages["invalid"] = _("Pilih berkas %(name)s.")
    elif type(field).__name__ == "PhoneNumberField":
        messages["invalid"] = _("Tulis nomor WhatsApp yang diawali 08 atau +62, misalnya 0812-3456-7890.")
    return {code: text % named for code, text in messages.items()}


def _django_defaults(field: forms.Field) -> Mapping[str, object]:
    """The messages a field has when nobody wrote better ones for it."""
    messages: dict[str, object] = {}
    for parent in reversed(type(field).__mro__):
        if not parent.__module__.startswith("core."):
            messages.update(getattr(parent, "default_error_messages", {}))
    return messages


class PortalFormMixin:
    """Our sentences, `.helper`, no browser validation. Also fits allauth's forms (ACCOUNT_FORMS, MFA_FORMS)."""

    use_required_attribute = False
    mark_optional = True
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = helper()
        for name, field in self.fields.items():
            self._give_sentences(name, field)

    def _give_sentences(self, name: str, field: forms.Field) -> None:
        label = str(field.label or name.replace("_", " ").capitalize())
        defaults = _django_defaults(field)
        wanted = {"required": _required_message(field, label), **_other_messages(field, label)}
        for code, text in wanted.items():
            if field.error_messages.get(code) == defaults.get(code):
                field.error_messages[code] = text

    def problem_count(self) -> int:
        errors: ErrorDict = self.errors  # type: ignore[attr-defined]
        return sum(len(messages) for messages in errors.values())


class PortalForm(PortalFormMixin, forms.Form):
    """Base of the portal's forms."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """Base of the portal's model forms."""


# --- parts of dates


def month_choices() -> list[tuple[str, object]]:
    return [("", gettext_lazy("Bulan")), *((str(number), name) for number, name in MONTHS.items())]


class DatePartsWidget(forms.MultiWidget):
    """Small labelled fields under one legend: day, month by name, year, and perhaps a time of day."""

    template_name = "core/widgets/date_parts.html"
    use_fieldset = True
    part_labels = {
        "day": gettext_lazy("Tanggal"),
        "month": gettext_lazy("Bulan"),
        "year": gettext_lazy("Tahun"),
        "time": gettext_lazy("Jam"),
    }

    def __init__(self, parts: Sequence[str], attrs: dict[str, Any] | None = None) -> None:
        self.parts = tuple(parts)
        super().__init__({part: self._widget_of(part) for part in parts}, attrs)

    @staticmethod
    def _widget_of(part: str) -> forms.Widget:
        if part == "month":
            return forms.Select(choices=month_choices())
        length = {"day": "2", "year": "4", "time": "5"}[part]
        return forms.TextInput({"inputmode": "decimal" if part == "time" else "numeric", "maxlength": length})

    def decompress(self, value: date | datetime | str | None) -> list[str]:
        if not isinstance(value, date):
            return [""] * len(self.parts)
        shown = {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        if isinstance(value, datetime):
            shown["time"] = value.strftime("%H.%M")
        return [shown.get(part, "") for part in self.parts]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, widget in zip(self.parts, context["widget"]["subwidgets"], strict=True):
            widget["part"] = part
            widget["part_label"] = self.part_labels[part]
        return context


class DatePartsField(forms.MultiValueField):
    """Base of the fields below; `parts` names them, `example` ends the error sentence."""

    parts: tuple[str, ...] = ("day", "month", "year")
    default_example = "17 8 1990"

    def __init__(self, *, example: str | None = None, years: tuple[int, int] | None = None, **kwargs: Any) -> None:
        self.example = example or self.default_example
        self.years = years
        subfields = [forms.CharField(required=False) for _part in self.parts]
        kwargs.setdefault("widget", DatePartsWidget(self.parts))
        super().__init__(subfields, require_all_fields=False, **kwargs)

    def whole_sentence(self, label: str) -> str:
        """What to write, with an example; for empty and for half-filled fields alike."""
        return _("Tulis %(name)s lengkap, misalnya %(example)s.") % {"name": subject(label), "example": self.example}

    def _incomplete(self) -> ValidationError:
        return ValidationError(self.whole_sentence(str(self.label or _("Tanggal"))), code="incomplete")

    def clean(self, value: Any) -> Any:
        typed = [str(part or "").strip() for part in value] if isinstance(value, list | tuple) else value
        if isinstance(typed, list) and any(typed) and not all(typed):
            raise self._incomplete()
        return super().clean(typed)

    def compress(self, typed: list[str]) -> date | datetime | None:
        if not typed:
            return None
        named = dict(zip(self.parts, typed, strict=True))
        year = self._year(named["year"])
        try:
            return date(year, int(named["month"]), int(named.get("day", "1")))
        except ValueError:
            raise self._incomplete() from None

    def _year(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{4}", text):
            raise self._incomplete()
        least, most = self.years or (1900, today().year + 30)
        if not least <= int(text) <= most:
            words = {"label": self.label or _("Tanggal"), "least": least, "most": most}
            message = _("Tahun pada %(label)s harus antara %(least)s dan %(most)s.")
            raise ValidationError(message % (words | {"label": subject(words["label"])}), code="year")
        return int(text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        shown = initial if isinstance(initial, list) else self.widget.decompress(initial)
        return [str(part or "") for part in shown] != [str(part or "").strip() for part in data or shown]


class DateField3(DatePartsField):
    """A date typed in three fields; the value is a date."""


class MonthYearField(DatePartsField):
    """Month and year; the value is the first day of that month."""

    parts = ("month", "year")
    default_example = gettext_lazy("Agustus 2020")


CLOCK_PATTERN = re.compile(r"([01]?[0-9]|2[0-3])[.:]?([0-5][0-9])")


def parse_clock(text: str) -> time | None:
    """08.00, 8:00 or 0800 -> time; anything else None."""
    match = CLOCK_PATTERN.fullmatch(text.strip())
    return time(int(match[1]), int(match[2])) if match else None


class ClockField(forms.CharField):
    """A time of day written 08.00; the value is a time."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "class": "input-short"}))
        super().__init__(max_length=5, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H.%M") if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:  # type: ignore[override]
        if isinstance(value, time) or value in self.empty_values:
            return value or None
        clock = parse_clock(str(value))
        if clock is None:
            raise ValidationError(_("Tulis jam dengan titik, misalnya 08.00."), code="invalid")
        return clock

    def run_validators(self, value: Any) -> None:
        """The length limit is for the typed text only; a time has no length."""


def in_zone(value: datetime, zone: str | tzinfo) -> datetime:
    """The wall-clock time `value` (naive) as a moment in `zone`."""
    return value.replace(tzinfo=ZoneInfo(zone) if isinstance(zone, str) else zone)


class DateTimeField3(DatePartsField):
    """Date in three fields and a time; the value is aware, or naive when the form itself asks for the zone."""

    parts = ("day", "month", "year", "time")
    default_example = gettext_lazy("17 8 2026 jam 08.00")

    def __init__(self, *, naive: bool = False, zone: str | tzinfo | None = None, **kwargs: Any) -> None:
        self.naive, self.zone = naive, zone
        super().__init__(**kwargs)

    def _tzinfo(self) -> tzinfo:
        return ZoneInfo(self.zone) if isinstance(self.zone, str) else self.zone or timezone.get_current_timezone()

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return value.astimezone(self._tzinfo())
        return value

    def compress(self, typed: list[str]) -> datetime | None:
        day = super().compress(typed)
        if day is None:
            return None
        clock = parse_clock(typed[-1])
        if clock is None:
            raise ValidationError(_("Tulis jam dengan titik, misalnya 08.00."), code="invalid")
        value = datetime.combine(day, clock)
        return value if self.naive else in_zone(value, self._tzinfo())


class YesNoField(forms.TypedChoiceField):
    """Ya or Tidak as two large radio buttons, with no answer chosen beforehand."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("yes", gettext_lazy("Ya")), ("no", gettext_lazy("Tidak"))]
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(choices=choices, coerce=lambda text: text == "yes", empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
