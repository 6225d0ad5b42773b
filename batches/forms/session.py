"""One session as an admin types it, why one is cancelled, and a room."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from batches.calendar import instructors_of, rooms_of, served_as
from batches.errors import ScheduleClash
from batches.forms.planning import YEARS_AHEAD
from batches.forms.staff import PeopleField
from batches.models import Batch, Room, Session, SessionKind
from batches.schedule import local_moment
from batches.selectors import assessors
from batches.services import SessionPlan
from batches.wording import localized, period_hours
from core.clock import today
from core.errors import DomainError
from core.forms import ClockField, DateField3, PortalForm
from core.templatetags.ui import weekday_date

FIELD_OF = {  # where a refusal is told
    "session_ends_first": "ends_at",
    "room_elsewhere": "rooms",
    "instructor_unfit": "instructors",
    "examiner_needed": "instructors",
    "examiner_trains": "instructors",
}
MOST_JP = 12


class RoomsField(forms.ModelMultipleChoiceField):
    """Tick boxes of rooms under their public codes."""

    def __init__(self, **options: Any) -> None:
        boxes = forms.CheckboxSelectMultiple
        super().__init__(Room.objects.none(), to_field_name="code", widget=boxes, required=False, **options)


class SessionForm(PortalForm):
    """A new session of `batch`, or a change of `session` with its bookings loaded. Hours are those of the place."""

    mark_optional = False
    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Judul"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("Bentuk"), choices=SessionKind.choices)
    on = DateField3(label=_("Hari"), example="3 8 2026")
    starts_at = ClockField(label=_("Jam mulai"))
    ends_at = ClockField(label=_("Jam selesai"))
    jp = forms.IntegerField(
        label=_("JP"), min_value=0, max_value=MOST_JP, help_text=_("0 bila tidak dihitung sebagai jam pelajaran."),
        widget=forms.TextInput({"inputmode": "numeric", "class": "input-short"}),
    )  # fmt: skip
    needs_attendance = forms.BooleanField(label=_("Kehadiran dicatat"), required=False)
    rooms = RoomsField(label=_("Ruang"))
    instructors = PeopleField(
        label=_("Pengajar"),
        help_text=_("Sesi uji dipegang penguji; sesi lain fasilitator atau asesor senior lain, bukan penguji."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        batch: Batch,
        session: Session | None = None,
        on: date | None = None,
    ) -> None:
        self.batch, self.session = batch, session
        initial = (
            stored_values(session) if session else {"jp": 0, "needs_attendance": True, "kind": "lecture", "on": on}
        )
        super().__init__(data, initial=initial)
        if session is None:
            del self.fields["version"]
        self.fields["on"].years = (today().year - 1, today().year + YEARS_AHEAD)
        self._offer_rooms()
        self._offer_people()

    def _offer_rooms(self) -> None:
        field = self.fields["rooms"]
        field.queryset = Room.objects.filter(venue=self.batch.venue_id) if self.batch.venue_id else Room.objects.none()
        rooms = list(field.queryset)
        if not rooms:
            del self.fields["rooms"]
            return
        field.choices = [(room.code, room_label(room)) for room in rooms]

    def _offer_people(self) -> None:
        """Those who serve the batch first, each with the duty; whoever instructs now stays on offer."""
        duty = served_as(self.batch)
        people = list(assessors())
        people += [one for one in instructors_of(self.session) if one not in people] if self.session else []
        people.sort(key=lambda one: (one.pk not in duty, one.name, one.email))
        field = self.fields["instructors"]
        field.queryset = type(people[0]).objects.filter(pk__in=[one.pk for one in people]) if people else field.queryset
        field.choices = [(one.code, person_label(one, duty)) for one in people]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def plan(self) -> SessionPlan:
        """The plan of a form that is right."""
        values = dict(self.cleaned_data)
        values.pop("version", None)
        on, zone = values.pop("on"), self.batch.time_zone
        for name in ("starts_at", "ends_at"):
            values[name] = local_moment(on, values[name], zone)
        return SessionPlan(**values)

    def tell(self, error: DomainError) -> None:
        """Shows a refusal at the field that it concerns; a clash on the whole form, each with both sides."""
        if isinstance(error, ScheduleClash) and error.clashes:
            for sentence in error.clashes:
                self.add_error(None, sentence)
            return
        field = FIELD_OF.get(error.code)
        self.add_error(field if field in self.fields else None, str(error))

    def renewed(self, session: Session) -> "SessionForm":
        """The same answers upon the session as it is now, after somebody else saved it."""
        data = self.data.copy()
        data["version"] = session.version
        return SessionForm(data, batch=self.batch, session=session)

    def differences(self) -> list[dict[str, str]]:
        """Where the answers differ from what is stored: label and stored value."""
        words = stored_words(self.session) if self.session else {}
        names = [name for name in self.changed_data if name in words]
        return [{"label": str(self.fields[name].label), "value": words[name]} for name in names]


class CancelSessionForm(PortalForm):
    """Why a session does not take place."""

    reason = forms.CharField(
        label=_("Alasan"), max_length=300, widget=forms.Textarea({"rows": 3}),
        help_text=_("Dibaca oleh peserta dan asesor."),
    )  # fmt: skip


class RoomForm(PortalForm):
    """A room of a venue."""

    name = forms.CharField(label=_("Nama ruang"), max_length=80, widget=forms.TextInput({"autocomplete": "off"}))
    capacity = forms.IntegerField(
        label=_("Kapasitas"), min_value=1, max_value=2000, required=False,
        widget=forms.TextInput({"inputmode": "numeric", "class": "input-short"}),
    )  # fmt: skip

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


def stored_values(session: Session) -> dict[str, Any]:
    """Initial values of a change; hours as clocks at the place show them."""
    zone = ZoneInfo(session.batch.time_zone)
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    values = {name: getattr(session, name) for name in ("version", "title", "kind", "jp", "needs_attendance")}
    return values | {
        "on": start.date(),
        "starts_at": start.time(),
        "ends_at": end.time(),
        "rooms": [room.code for room in rooms_of(session)],
        "instructors": [person.code for person in instructors_of(session)],
    }


def stored_words(session: Session) -> dict[str, str]:
    """The stored session as a person reads it."""
    hours = period_hours(session.period, session.batch.time_zone)
    return {
        "title": localized(session.title),
        "kind": str(session.get_kind_display()),
        "on": weekday_date(session.starts_at.astimezone(ZoneInfo(session.batch.time_zone)).date()),
        "starts_at": hours,
        "ends_at": hours,
        "jp": str(session.jp),
        "needs_attendance": _now("Ya") if session.needs_attendance else _now("Tidak"),
        "rooms": ", ".join(room.name for room in rooms_of(session)) or _now("Belum ada"),
        "instructors": ", ".join(str(person) for person in instructors_of(session)) or _now("Belum ada"),
    }


def room_label(room: Room) -> str:
    """Melati (24 orang)"""
    if room.capacity is None:
        return room.name
    return _now("%(name)s (%(n)s orang)") % {"name": room.name, "n": room.capacity}


def person_label(person: Any, duty: Mapping[int, str]) -> str:
    """Bambang Hartono, fasilitator"""
    name = person.name or person.email
    return f"{name}, {duty[person.pk].lower()}" if person.pk in duty else name
