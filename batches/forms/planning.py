"""The plan of a batch as an admin types it."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import ZONES
from batches.models import AgendaTemplate, Batch, Scheme, Venue
from batches.plan import BatchPlan, plan_problems
from batches.states import SCHEME_FREE
from batches.suggestions import DAYS_BEFORE_START, last_day, window
from batches.wording import localized
from core.clock import today
from core.errors import DomainError
from core.forms import DateField3, DateTimeField3, PortalForm, in_zone
from core.templatetags.ui import day, moment, zone_label

YEARS_AHEAD = 3
FIELD_OF = {  # where a broken rule is told
    "name_taken": "name",
    "period_too_short": "ends_on",
    "zone_of_venue_differs": "time_zone",
    "window_not_ordered": "registration_closes_at",
    "window_after_start": "registration_closes_at",
    "minimum_above_capacity": "min_people",
    "capacity_below_seats": "capacity",
    "scheme_is_fixed": "scheme",
}
MOMENTS = ("registration_opens_at", "registration_closes_at")


class TitledChoice(forms.ModelChoiceField):
    """Reference data under its public code, labelled in the page's language."""

    def __init__(self, queryset: QuerySet, **options: Any) -> None:
        super().__init__(queryset, to_field_name="code", **options)

    def label_from_instance(self, obj: Any) -> str:
        return localized(getattr(obj, "title", "")) or str(obj)

    def offer(self, queryset: QuerySet) -> None:
        """These rows, asked for once: drawing a select looks at its choices more than once."""
        self.queryset = queryset
        empty = [("", self.empty_label)] if self.empty_label is not None else []
        self.choices = [*empty, *((row.code, self.label_from_instance(row)) for row in queryset)]


def _number(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    box = forms.TextInput({"inputmode": "numeric", "class": "input-short"})
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=box, help_text=help_text)


class BatchForm(PortalForm):
    """A new batch (`scheme` given), or a change of `batch`. What is left blank is worked out from the first day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Nama angkatan"), max_length=80, widget=forms.TextInput({"autocomplete": "off"}))
    scheme = TitledChoice(Scheme.objects.none(), label=_("Skema"), empty_label=None)
    agenda = TitledChoice(AgendaTemplate.objects.none(), label=_("Agenda"), empty_label=None)
    starts_on = DateField3(label=_("Tanggal mulai"), example="3 8 2026")
    ends_on = DateField3(
        label=_("Tanggal selesai"), example="8 8 2026", required=False,
        help_text=_("Bila kosong: hari agenda berurutan sejak tanggal mulai. Bila lebih panjang: Minggu dan hari libur dilewati."),  # noqa: E501
    )  # fmt: skip
    venue = TitledChoice(Venue.objects.none(), label=_("Tempat"), required=False, empty_label=_("Diumumkan kemudian"))
    time_zone = forms.ChoiceField(
        label=_("Zona waktu"), choices=ZONES, help_text=_("Jam pada agenda dan masa pendaftaran memakai zona ini.")
    )
    registration_opens_at = DateTimeField3(
        label=_("Pendaftaran dibuka"), naive=True, required=False,
        help_text=_("Bila kosong: begitu Anda membuka angkatan ini."),
    )  # fmt: skip
    registration_closes_at = DateTimeField3(
        label=_("Pendaftaran ditutup"), naive=True, required=False, example=_("24 7 2026 jam 17.00")
    )
    capacity = _number(_("Jumlah kursi"), 500)
    min_people = _number(_("Peserta paling sedikit"), 500, _("Di bawah jumlah ini portal memberi peringatan."))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        batch: Batch | None = None,
        scheme: Scheme | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.batch, self.planned_scheme = batch, scheme
        super().__init__(data, initial=dict(initial or {}) | (stored_values(batch) if batch else {}))
        self._offer_choices()
        for name in ("starts_on", "ends_on", *MOMENTS):
            self.fields[name].years = (today().year - 1, today().year + YEARS_AHEAD)
        closes = _("Bila kosong: %(days)s hari sebelum pelatihan, pukul 17.00.") % {"days": DAYS_BEFORE_START}
        self.fields["registration_closes_at"].help_text = closes
        for name in self._fixed_fields():
            del self.fields[name]

    def _offer_choices(self) -> None:
        agendas, schemes = AgendaTemplate.objects.in_force(), Scheme.objects.filter(is_active=True)
        if self.batch:  # a batch keeps the version it was planned with
            own = self.batch.agenda
            agendas = AgendaTemplate.objects.filter(Q(pk=own.pk) | Q(pk__in=agendas.exclude(code=own.code)))
            schemes = Scheme.objects.filter(Q(is_active=True) | Q(pk=self.batch.scheme_id))
        offered = {"agenda": agendas.order_by("code"), "scheme": schemes, "venue": Venue.objects.all()}
        for name in offered.keys() - self._fixed_fields():
            self.fields[name].offer(offered[name])

    def _fixed_fields(self) -> set[str]:
        """Fields that this form does not ask for."""
        if self.batch is None:
            return {"version", "scheme"}
        return set() if self.batch.status in SCHEME_FREE else {"scheme", "agenda"}

    def has_own_times(self) -> bool:
        """Something was typed where the portal could have worked it out."""
        names = ("ends_on", *MOMENTS)
        return any(self.data.get(f"{name}_{part}") for name in names for part in ("day", "month", "year", "time"))

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            self._fill_in(self.cleaned_data)
            for problem in plan_problems(self.plan(), self.batch):
                self.tell(problem)
        return self.cleaned_data

    def _fill_in(self, values: dict[str, Any]) -> None:
        values.setdefault("scheme", self.batch.scheme if self.batch else self.planned_scheme)
        values.setdefault("agenda", self.batch.agenda if self.batch else None)
        values["ends_on"] = values["ends_on"] or last_day(values["starts_on"], values["agenda"])
        blank = dict(zip(MOMENTS, window(values["starts_on"], values["time_zone"]), strict=True))
        for name in MOMENTS:
            typed = values[name]
            values[name] = in_zone(typed, values["time_zone"]) if typed else blank[name]

    def plan(self, **extra: Any) -> BatchPlan:
        """The plan of a form that is right; `extra` adds staff."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return BatchPlan(**values | extra)

    def tell(self, error: DomainError) -> None:
        """Shows a refusal at the field that it concerns."""
        field = FIELD_OF.get(error.code)
        self.add_error(field if field in self.fields else None, str(error))

    def renewed(self, batch: Batch) -> "BatchForm":
        """The same answers upon the batch as it is now, after somebody else saved it."""
        data = self.data.copy()
        data["version"] = batch.version
        return BatchForm(data, batch=batch)

    def differences(self) -> list[dict[str, str]]:
        """Where the answers differ from what is stored: label and stored value."""
        names = [name for name in self.changed_data if name != "version"]
        words = stored_words(self.batch) if self.batch else {}
        return [{"label": str(self.fields[name].label), "value": words[name]} for name in names if name in words]


def stored_values(batch: Batch) -> dict[str, Any]:
    """Initial values of a change; moments as clocks at the place show them."""
    names = ("version", "name", "scheme", "agenda", "starts_on", "ends_on", "venue", "time_zone", "capacity")
    values = {name: getattr(batch, name) for name in (*names, "min_people")}
    return values | {name: _local(batch, name) for name in MOMENTS}


def stored_words(batch: Batch) -> dict[str, str]:
    """The stored plan as a person reads it."""
    return {
        "name": batch.name,
        "scheme": localized(batch.scheme.title),
        "agenda": localized(batch.agenda.title),
        "starts_on": day(batch.starts_on),
        "ends_on": day(batch.ends_on),
        "venue": str(batch.venue or _("Diumumkan kemudian")),
        "time_zone": zone_label(batch.time_zone),
        "registration_opens_at": moment(batch.registration_opens_at, batch.time_zone),
        "registration_closes_at": moment(batch.registration_closes_at, batch.time_zone),
        "capacity": str(batch.capacity),
        "min_people": str(batch.min_people),
    }


def _local(batch: Batch, name: str) -> Any:
    return getattr(batch, name).astimezone(ZoneInfo(batch.time_zone)).replace(tzinfo=None)
