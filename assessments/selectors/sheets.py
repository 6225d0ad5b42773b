"""A sheet as its pages show it: blocks of lines in the order of recording, who plays, and what was saved last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Rating, RatingEvent, Record, RolePlay, Seat
from assessments.records import EVIDENCE, Place, Sheet, may_be_not_relevant
from assessments.rubric import Criterion, EvidenceItem, Phase
from assessments.selectors.plays import seat_name
from assessments.states import Aspect, PlayRole, Value

CHIPS, CHIP_LENGTH = 6, 80  # notes offered again, and how long one may be for that
Typed = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One place of the sheet with what is chosen there. `name` is its name in the form and in `seen`."""

    item: str
    aspect: str
    text: str
    value: str
    note: str
    version: int
    choices: tuple[tuple[str, Any], ...]
    is_critical: bool = False
    rival: RatingEvent | None = None

    @property
    def name(self) -> str:
        return place_name(self.item, self.aspect)

    @property
    def value_label(self) -> str:
        return str(Value(self.value).label) if self.value else ""


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence with its four lines."""

    id: str
    label: str
    kind: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Block:
    """A phase: what is recorded there, and what leaves the count by itself and why."""

    code: str
    label: str
    recorded: int
    total: int
    lines: tuple[Line, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    idle: tuple[tuple[str, str, str], ...] = ()  # (id, text, why)


@dataclass(frozen=True)
class Cast:
    """Who plays what, by name."""

    asesor: str
    asesi: str
    observers: tuple[str, ...]


def place_name(item: str, aspect: str) -> str:
    """The name of a place in forms: the item, or item.ASPECT."""
    return f"{item}.{aspect}" if aspect else item


def blocks_of(sheet: Sheet, typed: Typed | None = None) -> list[Block]:
    """The whole sheet; `typed` (a form that was refused) stands instead of what is stored."""
    counts = sheet.counts()
    blocks = [_block(sheet, phase, counts[phase.code], typed) for phase in sheet.rubric.sheet]
    pieces = tuple(_evidence(sheet, item, typed) for item in sheet.rubric.evidence)
    return [*blocks, Block(EVIDENCE, _("Bukti"), *counts[EVIDENCE], evidence=pieces)]


def seen_of(sheet: Sheet) -> str:
    """What the page shows, place by place, for telling what was changed on it: name=version.mark."""
    shown = [
        f"{place_name(*place)}={one.version}.{mark_of(one.value, one.note)}"
        for place, one in sorted(sheet.ratings.items())
    ]
    return ";".join(shown)


def mark_of(value: str, note: str) -> str:
    """A short mark of a value with its note."""
    return sha256(f"{value}|{note}".encode()).hexdigest()[:8]


def last_saved(record: Record) -> datetime | None:
    """When the server last took a tap for this record."""
    return RatingEvent.objects.filter(record=record).aggregate(at=Max("received_at"))["at"]


def last_notes(user: User) -> list[str]:
    """The short notes that this assessor wrote last, each once: offered again for one tap."""
    notes = RatingEvent.objects.filter(by=user).exclude(note="").order_by("-id").values_list("note", flat=True)[:60]
    return [note for note in dict.fromkeys(notes) if len(note) <= CHIP_LENGTH][:CHIPS]


def cast_of(play: RolePlay) -> Cast:
    seats = Seat.objects.filter(role_play=play).select_related("registration__person").order_by("id")
    names: dict[str, list[str]] = {role: [] for role in PlayRole.values}
    for seat in seats:
        names[seat.role].append(seat_name(seat))
    return Cast(
        " ".join(names[PlayRole.ASESOR]), " ".join(names[PlayRole.ASESI]), tuple(names[PlayRole.PENGAMAT])
    )  # fmt: skip


def versions_of(record: Record) -> list[Record]:
    """All versions of the record on its play that were ever signed or are being corrected, the latest first."""
    return list(Record.objects.filter(role_play=record.role_play_id).select_related("recorder").order_by("-version"))


def events_since(record: Record, shown: int) -> list[RatingEvent]:
    """What was tapped after a page had shown the first `shown` taps."""
    return list(RatingEvent.objects.filter(record=record).order_by("id")[shown:])


def event_count(record: Record) -> int:
    return RatingEvent.objects.filter(record=record).count()


def _block(sheet: Sheet, phase: Phase, counts: list[int], typed: Typed | None) -> Block:
    lines = tuple(_criterion(sheet, one, typed) for one in phase.criteria if one.id in sheet.applicable)
    idle = tuple((one.id, one.text, _why_idle(sheet, one)) for one in phase.criteria if one.id not in sheet.applicable)
    return Block(phase.code, phase.label, *counts, lines=lines, idle=idle)


def _criterion(sheet: Sheet, one: Criterion, typed: Typed | None) -> Line:
    values = [Value.YES, Value.NO]
    if may_be_not_relevant(one, sheet.facts):
        values.append(Value.NOT_RELEVANT)
    return _line(sheet, (one.id, ""), one.text, values, typed, is_critical=one.critical)


def _evidence(sheet: Sheet, item: EvidenceItem, typed: Typed | None) -> Evidence:
    kind = _("Bukti langsung") if item.is_direct else ""
    lines = [_line(sheet, (item.id, one.value), one.label, [Value.YES, Value.NO], typed) for one in Aspect]
    return Evidence(item.id, item.label, kind, tuple(lines))


def _line(
    sheet: Sheet, place: Place, text: Any, values: list[Value], typed: Typed | None, *, is_critical: bool = False
) -> Line:
    rating = sheet.ratings.get(place) or Rating(version=0)
    value, note, name = rating.value, rating.note, place_name(*place)
    if typed is not None:
        value, note = typed.get(name, ""), typed.get(f"n-{name}", "")
    choices = tuple((one.value, one.label) for one in values)
    return Line(*place, str(text), value, note, rating.version, choices, is_critical, rating.rival)


def _why_idle(sheet: Sheet, one: Criterion) -> str:
    labels = {method.code: method.label for method in sheet.rubric.methods}
    return labels.get(one.method, "") if one.method else _("Tidak ada keberatan asesi")
