"""Work experience: up to ten rows of employer, position, field and months."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import MonthYearField, PortalForm
from participants.eligibility import Covered, Experience, covered
from participants.forms.base import TYPED, Answer
from participants.models import Registration

MOST_ROWS = 10
PREFIX = "job"


class JobForm(PortalForm):
    """One stretch of work; an emptied row is dropped."""

    mark_optional = False  # the month of the end is needed unless the box beside it is ticked

    employer = forms.CharField(
        label=_("Instansi atau perusahaan"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "organization"}),
        error_messages={"required": _("Tulis nama instansi atau perusahaan.")},
    )
    position = forms.CharField(
        label=_("Jabatan"), max_length=120, error_messages={"required": _("Tulis jabatan Anda di sana.")}
    )
    field = forms.CharField(
        label=_("Bidang pekerjaan"),
        help_text=_("Sesuaikan bila berbeda dari bidang yang akan Anda ases."),
        max_length=200,
        error_messages={"required": _("Tulis bidang pekerjaan Anda di sana.")},
    )
    starts_on = MonthYearField(label=_("Mulai"), years=(1950, 2100))
    ends_on = MonthYearField(label=_("Selesai bekerja"), years=(1950, 2100), required=False)
    still = forms.BooleanField(label=_("Masih bekerja di sini"), required=False)

    def __init__(self, *args: Any, target_field: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].initial = target_field

    def clean_starts_on(self) -> date:
        starts_on = self.cleaned_data["starts_on"]
        if starts_on > today():
            raise forms.ValidationError(gettext("Bulan mulai belum lewat. Periksa tahunnya."), code="future")
        return starts_on

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if "ends_on" in self.errors:
            return data
        if data.get("still"):
            data["ends_on"] = None
        elif ends_on is None:
            self.add_error("ends_on", gettext("Tulis bulan selesai, atau centang “Masih bekerja di sini”."))
        elif ends_on > today():
            self.add_error("ends_on", gettext("Bulan selesai belum lewat. Centang “Masih bekerja di sini”."))
        elif starts_on and ends_on < starts_on:
            self.add_error("ends_on", gettext("Bulan selesai harus setelah bulan mulai."))
        else:
            data["ends_on"] = ends_on.replace(day=monthrange(ends_on.year, ends_on.month)[1])
        return data

    def has_changed(self) -> bool:
        return self.is_filled()

    def is_filled(self) -> bool:
        """Something besides the prefilled field was typed."""
        names = ("employer", "position", "starts_on", "ends_on", "still")
        return any(_has_text(self[name].data) for name in names)

    def item(self) -> dict[str, Any]:
        """The row as it is stored."""
        data = self.cleaned_data
        ends_on = data["ends_on"]
        return {
            "employer": data["employer"],
            "position": data["position"],
            "field": data["field"],
            "starts_on": data["starts_on"].isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else None,
        }

    def typed(self) -> dict[str, Any]:
        """The row as it was typed."""
        return {name: self[name].data for name in self.fields}


class ExperienceForms(BaseFormSet):
    """The rows as one part; speaks like a PartForm."""

    default_error_messages = {
        "missing_management_form": _("Halaman ini tidak lengkap terkirim. Muat ulang halaman, lalu isi lagi."),
        "too_many_forms": _("Tulis paling banyak %(num)d pengalaman, dimulai dari yang terbaru."),
    }

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        registration: Registration,
        stored: Mapping[str, Any],
        more: int = 0,
    ) -> None:
        self.registration = registration
        rows = stored.get(TYPED) or [_shown(item) for item in stored.get("items", [])]
        self.extra = max(more, 0 if rows else 1)
        kwargs = {"target_field": registration.target_field}
        super().__init__(data, prefix=PREFIX, initial=rows, form_kwargs=kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> JobForm:
        form = super()._construct_form(i, **kwargs)
        form.empty_permitted = True  # also a row that was stored: emptying it takes it away
        return form

    def filled(self) -> list[JobForm]:
        return [form for form in self.forms if form.is_filled()]

    def clean(self) -> None:
        if not self.filled():
            raise forms.ValidationError(gettext("Tambahkan pengalaman pertama Anda."), code="empty")

    def answers(self) -> dict[str, Any]:
        good = [form for form in self.filled() if form.is_valid()]
        return {"items": sorted((form.item() for form in good), key=lambda item: item["starts_on"], reverse=True)}

    def draft(self) -> dict[str, Any]:
        self.is_valid()
        filled = self.filled()
        complete = all(form.is_valid() for form in filled)
        return self.answers() | ({} if complete else {TYPED: [form.typed() for form in filled]})

    def facts(self) -> tuple[Experience, ...]:
        """The good rows as facts, for a check before saving."""
        return tuple(
            Experience(
                date.fromisoformat(item["starts_on"]),
                date.fromisoformat(item["ends_on"]) if item["ends_on"] else None,
                item["field"],
                item["employer"],
            )
            for item in self.answers()["items"]
        )

    def total(self) -> Covered:
        """All rows without overlap, up to the first day of training."""
        items = self.facts() if self.is_bound else stored_experience(self.initial)
        return covered(((item.starts_on, item.ends_on) for item in items), self.registration.batch.starts_on)

    def summary(self) -> list[Answer]:
        if not self.is_bound:
            return [_answer(form.initial) for form in self.initial_forms]
        self.is_valid()
        return [_answer(form.item() if form.is_valid() else form.typed()) for form in self.filled()]

    def problem_count(self) -> int:
        return self.total_error_count()


ExperienceFormSet = formset_factory(
    JobForm, formset=ExperienceForms, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS + 5
)


def _shown(item: Mapping[str, Any]) -> dict[str, Any]:
    """A stored row as initial values of the form."""
    ends_on = item.get("ends_on")
    return {
        **item,
        "starts_on": date.fromisoformat(item["starts_on"]),
        "ends_on": date.fromisoformat(ends_on) if ends_on else None,
        "still": not ends_on,
    }


def stored_experience(rows: list[Mapping[str, Any]] | None) -> tuple[Experience, ...]:
    """Initial rows that are complete, as facts."""
    return tuple(
        Experience(row["starts_on"], row.get("ends_on"), row.get("field", ""), row.get("employer", ""))
        for row in rows or []
        if isinstance(row.get("starts_on"), date) and (row.get("still") or isinstance(row.get("ends_on"), date))
    )


def _answer(row: Mapping[str, Any]) -> Answer:
    place = ", ".join(filter(None, (row.get("position"), row.get("employer"))))
    until = _month(row.get("ends_on")) or gettext("sekarang")
    period = f"{_month(row.get('starts_on')) or '…'} – {until}"
    return Answer(place, gettext("%(period)s, bidang %(field)s") % {"period": period, "field": row.get("field") or "…"})


def _month(value: Any) -> str:
    if isinstance(value, str) and value:
        value = date.fromisoformat(value)
    if isinstance(value, date):
        return format_date(value, "F Y")
    return " ".join(filter(None, value)) if isinstance(value, list) else ""


def _has_text(value: Any) -> bool:
    return any(value) if isinstance(value, list | tuple) else bool(value)
