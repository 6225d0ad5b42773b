"""When rounds are played: spreads them over sessions and says where they do not fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from assessments.models import Round
from batches.models import Session
from core.templatetags.ui import clock


@dataclass(frozen=True)
class Slot:
    """The session of one round and when the round begins."""

    session: Session
    starts_at: datetime


def spread(sessions: Sequence[Session], rounds: int, minutes: int) -> list[Slot]:
    """`rounds` slots in time order, evenly over the sessions as far as they hold whole rounds.

    Rounds of a session follow each other from its beginning. What no session holds comes after the last one.
    """
    length = timedelta(minutes=minutes)
    holds = [int((one.ends_at - one.starts_at) / length) for one in sessions]
    taken = [0] * len(sessions)
    for _round in range(rounds):
        free = [place for place in range(len(sessions)) if taken[place] < holds[place]]
        taken[min(free, key=lambda place: (taken[place], place)) if free else -1] += 1
    return [
        Slot(session, session.starts_at + number * length)
        for session, count in zip(sessions, taken, strict=True)
        for number in range(count)
    ]


def left_behind(rounds: Sequence[Round]) -> list[tuple[Round, datetime]]:
    """The rounds, by rotation and number, that are not where their session is now, each with when it begins there.

    Wants all rounds of a rotation, with sessions: as in `spread`, those of a session follow each other from its
    beginning. Rounds that have started stay, as those whose session is gone or cancelled.
    """
    by_session: dict[tuple[int, int], list[Round]] = {}
    for one in sorted(rounds, key=lambda one: (one.rotation_id, one.number)):
        if one.session and not one.session.is_cancelled:
            by_session.setdefault((one.rotation_id, one.session.pk), []).append(one)
    return [
        (one, slot.starts_at)
        for mine in by_session.values()
        for one, slot in zip(mine, spread([mine[0].session], len(mine), mine[0].minutes), strict=True)
        if one.started_at is None and one.starts_at != slot.starts_at
    ]


def warnings(rounds: Sequence[Round], zone: str) -> list[str]:
    """A sentence per session that does not hold its rounds as planned, and for rounds whose session is gone.

    Rounds that have begun are past planning.
    """
    texts = []
    rounds = [one for one in rounds if one.started_at is None]
    late: dict[int, list[Round]] = {}
    for one in rounds:
        session = one.session
        if session and not session.starts_at <= one.starts_at <= one.planned_end <= session.ends_at:
            late.setdefault(one.session_id, []).append(one)
    for beyond in late.values():
        session = beyond[0].session
        texts.append(_(
            "Putaran %(rounds)s tidak muat dalam sesi “%(session)s” (%(start)s sampai %(end)s). Kurangi menit per "
            "putaran, tambah penguji, atau tambah sesi di Jadwal."
        ) % {
            "rounds": ", ".join(str(one.number) for one in beyond), "session": session.title,
            "start": clock(session.starts_at, zone), "end": clock(session.ends_at, zone),
        })  # fmt: skip
    if gone := [one for one in rounds if one.session is None or one.session.cancelled_at]:
        numbers = ", ".join(str(one.number) for one in gone)
        texts.append(_("Sesi untuk putaran %(rounds)s sudah tidak ada di jadwal.") % {"rounds": numbers})
    return texts
