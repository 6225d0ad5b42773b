"""Mails that remind of what is near: written from the facts as they are when the mail goes out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from assessments.emails import OF_PARTICIPANT, OF_READER, panel_now, play_message
from assessments.models import DutyEntry, RolePlay
from assessments.reminders import own_sessions, plays_to_come, unsigned_plays
from assessments.selectors.plays import assessed_registration, with_seats
from assessments.states import AppealStatus, Mode
from batches.models import Batch, Session
from batches.reminders import session_line, sessions_on, venue_lines
from core import clock
from core.templatetags.ui import clock as clock_time
from core.templatetags.ui import weekday_date
from notifications.registry import Message, register
from notifications.reminders import OF_LETTER, Letter, begins_near, day_of, write_letter
from notifications.rendering import render_templates

Line = tuple[str, str]


def render_duties(params: dict[str, Any], language: str) -> Message | None:
    """What the person teaches and records on the day, over all batches; None when nothing is left of it."""
    user, on = _reader(params), date.fromisoformat(params["on"])
    if user is None:
        return None
    sessions = sessions_on(own_sessions(user), on)
    plays = _plays_on(plays_to_come().filter(assessor=user), on)
    times = sorted([*(one.starts_at for one in sessions), *(one.round.starts_at for one in plays)])
    if not times or times[-1] <= clock.now():
        return None
    batches = _batches(sessions, plays)
    is_today = on <= clock.today(batches[0].time_zone)
    words = {"day": weekday_date(on)}
    letter = Letter(
        subject=(_("Sesi Anda hari ini, %(day)s") if is_today else _("Sesi Anda besok, %(day)s")) % words,
        title=(_("Sesi Anda hari ini, %(day)s") if is_today else _("Sesi Anda besok, %(day)s")) % words,
        name=user.name,
        lines=_in_order(sessions, plays, name_batches=len(batches) > 1),
        facts=_facts(batches),
        url=reverse("assessments:my_assignments" if plays else "batches:calendar"),
        action_label=_("Lihat tugas menilai") if plays else _("Lihat jadwal"),
    )
    return write_letter(letter, language)


def render_unsigned(params: dict[str, Any], language: str) -> Message | None:
    """The sheets of that day that still wait for a signature; None when all are signed."""
    user, on = _reader(params), date.fromisoformat(params["on"])
    plays = _plays_on(unsigned_plays().filter(assessor=user), on) if user else []
    if not plays:
        return None
    batches = _batches([], plays)
    words = {"count": len(plays), "day": weekday_date(on)}
    letter = Letter(
        subject=ngettext(
            "%(count)s rekaman belum ditandatangani", "%(count)s rekaman belum ditandatangani", len(plays)
        ) % words,
        title=ngettext(
            "%(count)s rekaman dari %(day)s belum ditandatangani.",
            "%(count)s rekaman dari %(day)s belum ditandatangani.",
            len(plays),
        ) % words,
        text=_("Lengkapi setiap rekaman, lalu tanda tangani."),
        name=user.name,
        lines=_in_order([], plays, name_batches=len(batches) > 1),
        facts=_facts(batches),
        url=reverse("assessments:my_assignments"),
        action_label=_("Buka tugas menilai"),
    )  # fmt: skip
    return write_letter(letter, language, action=True)


def render_play(params: dict[str, Any], language: str) -> Message | None:
    """A single exam play for who plays in it; None when it is on another day, cancelled, or has begun."""
    play = with_seats(plays_to_come()).filter(pk=params["play_id"]).first()
    if play is None or play.round.starts_at <= clock.now():
        return None
    if day_of(play.round.starts_at, play.round.rotation.batch.time_zone).isoformat() != params["on"]:
        return None
    subject = _("Pengingat uji: %(when)s (%(batch)s)")
    return play_message(play, params, subject, language)


def render_appeal(params: dict[str, Any], language: str) -> Message | None:
    """The appeal for a member of its panel; None when it was answered, got another date, or another panel."""
    registration = "appeal__decision__assessment__registration"
    rows = DutyEntry.objects.select_related(f"{registration}__person__user", f"{registration}__batch__scheme")
    duty = rows.filter(appeal=params["appeal_id"], user=params["user_id"], user__is_active=True).first()
    if duty is None or duty.appeal.status != AppealStatus.UNDER_REVIEW:
        return None
    if duty.appeal.answer_due_on.isoformat() != params["due_on"]:
        return None
    person = duty.appeal.decision.assessment.registration
    name = person.person.display_name or person.person.user.name
    subject = _("Pengingat: putusan banding %(name)s (%(batch)s)") % {"name": name, "batch": person.batch.name}
    title = _("Putusan panel ditunggu paling lambat %(day)s.") % {"day": weekday_date(duty.appeal.answer_due_on)}
    context = {
        "registration": person, "batch": person.batch, "now": replace(panel_now(duty.appeal), title=title),
        "name": name, "is_staff": True, "subject_line": subject,
    }  # fmt: skip
    due_on = duty.appeal.answer_due_on
    return render_templates("assessments/result", context, language, action=True, deadline=due_on)


def _reader(params: dict[str, Any]) -> User | None:
    return User.objects.filter(pk=params["user_id"], is_active=True).first()


def _plays_on(plays: Any, on: date) -> list[RolePlay]:
    """Those that begin on this day at their place, in order; three queries."""
    found = with_seats(plays.filter(begins_near("round__starts_at", on))).select_related(
        "round__rotation__batch__venue", "room", "assessor"
    )
    ordered = found.order_by("round__starts_at", "group", "id")
    return [one for one in ordered if day_of(one.round.starts_at, one.round.rotation.batch.time_zone) == on]


def _batches(sessions: Iterable[Session], plays: Iterable[RolePlay]) -> list[Batch]:
    """Each once, in order of name."""
    found = {one.batch_id: one.batch for one in sessions}
    found |= {one.round.rotation.batch_id: one.round.rotation.batch for one in plays}
    return sorted(found.values(), key=lambda batch: batch.name)


def _facts(batches: list[Batch]) -> list[Line]:
    names = [(_("Angkatan"), batch.name) for batch in batches]
    return [*names, *((_("Tempat"), place) for place in venue_lines(batches))]


def _in_order(sessions: Iterable[Session], plays: Iterable[RolePlay], *, name_batches: bool) -> list[Line]:
    """Sessions and plays by time; each names its batch where there are several."""
    timed = [(one.starts_at, session_line(one), one.batch) for one in sessions]
    timed += [(one.round.starts_at, _play_line(one), one.round.rotation.batch) for one in plays]
    timed.sort(key=lambda row: row[0])
    return [(label, f"{text} · {batch.name}" if name_batches else text) for _at, (label, text), batch in timed]


def _play_line(play: RolePlay) -> Line:
    """("09.45 WIB", "Uji: Siti Rahmawati · Ruang Cendana")"""
    mode, person = Mode(play.round.rotation.mode).label, assessed_registration(play).person
    words = [f"{mode}: {person.display_name or person.user.name}", *([str(play.room)] if play.room else [])]
    return clock_time(play.round.starts_at, play.round.rotation.batch.time_zone), " · ".join(words)


register("duties_tomorrow", render_duties, title=gettext_lazy("Pengingat sesi besok (petugas)"), variables=OF_LETTER)
register("exam_play_tomorrow", render_play, title=gettext_lazy("Pengingat uji besok"), variables=OF_READER)
register("records_unsigned", render_unsigned, title=gettext_lazy("Pengingat tanda tangan rekaman"), variables=OF_LETTER)
register("appeal_due", render_appeal, title=gettext_lazy("Pengingat putusan banding"), variables=OF_PARTICIPANT)
