"""One tap on a sheet and what it does to what stands there. Pure: the same order of arrival gives the same sheet.

Two devices never overwrite each other silently. A tap that has not seen what stands, and says something else than
another device said, is kept as the rival of it until the assessor chooses.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from assessments.models import RatingEvent
from core.versioned import content_digest

Outcome = RatingEvent.Outcome


@dataclass(frozen=True)
class Tap:
    """What a device sends: `seq` counts its taps, `base_version` is the version of the rating that it had seen."""

    key: UUID
    client_id: UUID
    seq: int
    item: str
    aspect: str
    value: str
    note: str
    base_version: int
    tapped_at: datetime

    @property
    def place(self) -> tuple[str, str]:
        return self.item, self.aspect

    @property
    def content(self) -> tuple[str, str]:
        return self.value, self.note

    @property
    def digest(self) -> str:
        """SHA-256 of the body; the same key with another one is refused."""
        return content_digest({name: str(value) for name, value in asdict(self).items()})


@dataclass(frozen=True)
class Entry:
    """One place of the plain form: what was chosen on a page that had shown `base_version`."""

    item: str
    aspect: str
    value: str
    note: str
    base_version: int

    def tap(self, client_id: UUID, seq: int, at: datetime) -> Tap:
        """The same entry of the same page gives the same key, so that a form sent twice counts once."""
        key = uuid5(client_id, "|".join([self.item, self.aspect, self.value, self.note, str(self.base_version)]))
        return Tap(key, client_id, seq, self.item, self.aspect, self.value, self.note, self.base_version, at)


@dataclass(frozen=True)
class Standing:
    """What stands in one place. `rivals` are what other devices say against it, the latest last, one per device.

    `writer` is the device that said it; None when two said the same, or none (a corrected record): then a device has
    to have seen it before its word is followed.
    """

    value: str = ""
    note: str = ""
    version: int = 0
    writer: UUID | None = None
    rivals: tuple[Tap, ...] = ()

    @property
    def rival(self) -> Tap | None:
        """The latest of the open rivals."""
        return self.rivals[-1] if self.rivals else None

    @property
    def content(self) -> tuple[str, str]:
        return self.value, self.note


def judge(standing: Standing, tap: Tap, newest_seq: int = 0) -> tuple[str, Standing]:
    """The outcome of a tap and what stands afterwards.

    `newest_seq` is the highest seq that this device has sent for this place: what is older comes late and changes
    nothing. A device that follows its own last word, or has seen what stands, is followed; one that says the same is
    in agreement; any other is a conflict.
    """
    if tap.seq < newest_seq:
        return Outcome.LATE, standing
    has_seen = not standing.version or tap.base_version == standing.version or tap.client_id == standing.writer
    if not has_seen and not _agrees(standing, tap):
        others = (one for one in standing.rivals if one.client_id != tap.client_id)
        return Outcome.CONFLICT, replace(standing, rivals=(*others, tap))
    return Outcome.APPLIED, _settle(_apply(standing, tap, has_seen), tap)


def _agrees(standing: Standing, tap: Tap) -> bool:
    """The same value, and no two different notes."""
    return tap.value == standing.value and (not tap.note or tap.note == standing.note or not standing.note)


def _apply(standing: Standing, tap: Tap, has_seen: bool) -> Standing:
    note = tap.note if has_seen else tap.note or standing.note
    if has_seen and (tap.value, note) == standing.content:
        return standing
    writer = tap.client_id if has_seen else None
    return replace(standing, value=tap.value, note=note, version=standing.version + 1, writer=writer)


def _settle(standing: Standing, tap: Tap) -> Standing:
    """A rival is over once its own device says something else that is followed, or both say the same."""
    others = [one for one in standing.rivals if one.client_id != tap.client_id]
    waiting = tuple(one for one in others if one.content != standing.content)
    writer = standing.writer if len(waiting) == len(others) else None
    return replace(standing, rivals=waiting, writer=writer)


def answer(tap: Tap, outcome: str, standing: Standing, counts: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What the device is told, as JSON; `saved_at` is the server's time."""
    told: dict[str, Any] = {
        "item": tap.item, "aspect": tap.aspect, "value": standing.value, "note": standing.note,
        "version": standing.version, "outcome": str(outcome), "saved_at": at.isoformat(timespec="seconds"),
        "counts": counts,
    }  # fmt: skip
    if standing.rival:
        told["rival"] = {"value": standing.rival.value, "note": standing.rival.note}
    return told
