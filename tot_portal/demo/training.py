"""How a class of the demo lives: sessions and their attendance, role plays, the exam, results, certificates.

Every act goes through the services at the moment when it would have happened, by the person whose act it is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from accounts.models import User
from assessments import services
from assessments.models import Assessment, Decision, Record, RolePlay
from assessments.records import open_sheet, sheet_digest
from assessments.selectors.plays import assessed_registration, rounds_of
from assessments.selectors.releases import release_mark, staged_decisions
from assessments.services import Mark
from assessments.states import Aspect, AttendanceStatus, Mode, Result, Value
from assessments.taps import Entry
from batches import services as planning
from batches.models import Assignment, Batch, Room, Session, SessionKind
from batches.services import SessionPlan
from certificates import services as papers
from certificates.selectors.checklist import batch_checklists
from core import clock
from participants.models import Registration
from participants.states import SEATED

if TYPE_CHECKING:
    from tot_portal.demo.story import Stage

METHODS = ["OBS", "WAW", "POR", "TUL"]
SUMMARY = "Pelaksanaan runtut dan tercatat. Umpan balik disampaikan secara pribadi."
GAP = "Rencana belum memuat kebutuhan bukti dari setiap KUK, dan peta instrumen belum mencakup semua unit."
FACT = "Kebutuhan bukti hanya ditulis untuk dua dari lima elemen."
SICK = "Rawat jalan, surat dokter diserahkan."
MADE_UP = "Mengikuti sesi pengganti daring bersama fasilitator dan menyerahkan tugasnya."


def use_rooms(stage: "Stage", batch: Batch, *, day: int) -> None:
    """The admin gives each session of the class a room of its venue."""
    room = Room.objects.filter(venue=batch.venue).order_by("pk").first()
    with stage.at(stage.day(day)):
        for session in Session.objects.live().filter(batch=batch).exclude(kind=SessionKind.BREAK).order_by("period"):
            plan = SessionPlan(
                session.title, session.kind, session.starts_at, session.ends_at, session.jp, session.needs_attendance,
                rooms=[room], instructors=[one.person for one in session.bookings.filter(room=None)],
            )  # fmt: skip
            planning.update_session(session, plan, version=session.version, by=stage.admin)


def hold_sessions(stage: "Stage", batch: Batch, *, until: datetime, missed: Mapping[int, int] | None = None) -> None:
    """The roll is called at the end of each session that has ended; `missed`: registration id -> day when it was sick.

    What was missed is made up a day later, with the admin's approval.
    """
    caller = _people(batch, Assignment.Function.FACILITATOR)[0]
    missed = missed or {}
    sessions = Session.objects.countable().filter(batch=batch, period__endswith__lte=until).order_by("period")
    for session in sessions:
        sick = {pk: Mark(AttendanceStatus.SICK) for pk, day in missed.items() if day == session.day and session.jp}
        with stage.at(session.ends_at):
            if sick:
                services.mark_attendance(session, sick, by=caller)
            services.mark_all_present(session, by=caller)
        for pk in sick:
            with stage.at(min(session.ends_at + timedelta(days=1), stage.now)):
                services.approve_make_up(Registration.objects.get(pk=pk), session, MADE_UP, by=stage.admin)


def practise(stage: "Stage", batch: Batch, *, recorded: int) -> None:
    """The rounds of practice up to now; the first `recorded` plays have a record and both decisions on the asesi."""
    with stage.at(_session_before(batch, "role_play")):
        rotation = services.make_rotation(
            batch, mode=Mode.FORMATIVE, seed=7, minutes=80, methods=METHODS, by=stage.admin
        )
        services.publish_rotation(rotation, by=stage.admin)
    plays = _play_rounds(stage, rotation)
    for play in plays[:recorded]:
        with stage.at(min(play.round.planned_end, stage.now)):
            _compare_decisions(play)
            _sign(_record(play, {"PLN-06": Value.NO}))


def examine(
    stage: "Stage", batch: Batch, *, not_yet: Iterable[int] = (), rounds: int | None = None, minutes: int
) -> list[RolePlay]:
    """The exam in its first `rounds` rounds (None: all), each play recorded and signed by its examiner.

    `not_yet`: ids of registrations that are BK in planning. Returns the plays that were not played yet.
    """
    with stage.at(_session_before(batch, "exam")):
        rotation = services.make_rotation(
            batch, mode=Mode.SUMMATIVE, seed=11, minutes=minutes, methods=METHODS, by=stage.admin
        )
        services.publish_rotation(rotation, by=stage.admin)
    failing = set(not_yet)
    for play in _play_rounds(stage, rotation, rounds):
        with stage.at(min(play.round.planned_end, stage.now)):
            missing = {"PLN-03": Value.NO} if assessed_registration(play).pk in failing else {}
            _sign(_record(play, missing))
    return [
        play for round_ in rounds_of(rotation)[rounds or len(rotation.rounds.all()) :] for play in round_.plays.all()
    ]


def begin_record(stage: "Stage", play: RolePlay, *, criteria: int) -> None:
    """A sheet that its examiner has begun: the first `criteria` lines."""
    with stage.at(stage.now - timedelta(minutes=20)):
        _record(play, {}, first=criteria)


def decide(stage: "Stage", batch: Batch, *, minutes: str, at: datetime) -> None:
    """The director decides what is recommended, then shows the results of the batch."""
    with stage.at(at):
        waiting = Assessment.objects.filter(registration__batch=batch, status="recommended").order_by("pk")
        services.decide_results(list(waiting), minutes=minutes, by=stage.director)
        services.release_results(batch, seen=release_mark(staged_decisions(batch)), by=stage.director)


def retake(stage: "Stage", registration: Registration, *, at: datetime) -> None:
    """A second attempt at the units that were left; this time it is K."""
    assessment = Assessment.objects.filter(registration=registration).latest("attempt")
    with stage.at(at):
        attempt = services.open_retake(assessment, by=stage.admin)
        examiner = _people(registration.batch, Assignment.Function.EXAMINER)[0]
        play = services.plan_retake(
            attempt, assessor=examiner, asesi=None, external_name="Mahasiswa praktik", starts_at=at, minutes=45,
            room=None, methods=METHODS, by=stage.admin,
        )  # fmt: skip
    with stage.at(at + timedelta(minutes=45)):
        _sign(_record(play, {}))


def appeal(stage: "Stage", registration: Registration, *, at: datetime) -> None:
    """An appeal that a panel has heard and dismissed."""
    decision = Decision.objects.filter(assessment__registration=registration).latest("pk")
    uninvolved = stage.assessors[-1]
    with stage.at(at):
        filed = services.file_appeal(
            decision, "Kebutuhan bukti sudah saya tulis pada lampiran rencana, tetapi tidak ikut dibaca.",
            by=registration.person.user,
        )  # fmt: skip
    with stage.at(at + timedelta(days=1)):
        services.accept_appeal(filed, by=stage.admin)
        services.appoint_panel(filed, [uninvolved], by=stage.admin)
    with stage.at(at + timedelta(days=3)):
        services.decide_appeal(
            filed, upheld=False, text="Lampiran memuat dua elemen saja. Putusan tetap; uji ulang unit terbuka.",
            by=uninvolved,
        )  # fmt: skip
        services.close_appeal(filed, by=stage.admin)


def confirm_names(people: Iterable[Registration], *, at: datetime) -> None:
    """Each looks at the own name as it will be printed, and confirms it."""
    for registration in people:
        with clock.at(at):
            papers.confirm_certificate_name(registration, registration.person.display_name, by=registration.person.user)


def issue(stage: "Stage", batch: Batch, *, at: datetime) -> None:
    """The director issues for everybody whose checklist is green. The worker makes the files."""
    with stage.at(at):
        ready = [one.registration for one in batch_checklists(batch) if one.is_ready]
        papers.issue_certificates(batch, ready, by=stage.director)


def correct_one_name(stage: "Stage", registration: Registration, name: str, *, at: datetime) -> None:
    """A degree was forgotten: the desk corrects the name, the person confirms, the director issues a new number."""
    certificate = registration.certificates.get(status="issued")
    reason = "Gelar belum tercantum pada nama."
    with stage.at(at):
        papers.correct_certificate_name(registration, name, reason, by=stage.admin)
    with stage.at(at + timedelta(hours=3)):
        papers.confirm_certificate_name(registration, name, by=registration.person.user)
    with stage.at(at + timedelta(days=1)):
        papers.reissue_certificate(certificate, reason, by=stage.director)


def seated(batch: Batch) -> list[Registration]:
    """Who holds a seat, in the order of registration."""
    rows = Registration.objects.filter(batch=batch, status__in=SEATED)
    return list(rows.select_related("person__user", "batch").order_by("pk"))


# --- pieces


def _people(batch: Batch, function: str) -> list[User]:
    live = Assignment.objects.filter(batch=batch, function=function, released_at=None).select_related("person")
    return [assignment.person for assignment in live.order_by("pk")]


def _session_before(batch: Batch, kind: str) -> datetime:
    """An hour before the first session of that kind: the plan is made just in time."""
    first = Session.objects.live().filter(batch=batch, kind=kind).order_by("period").first()
    return first.starts_at - timedelta(hours=1)


def _play_rounds(stage: "Stage", rotation, rounds: int | None = None) -> list[RolePlay]:
    """Starts and ends the rounds whose time has come; returns their plays."""
    played = []
    for round_ in rounds_of(rotation)[:rounds]:
        if rounds is None and round_.starts_at > stage.now:
            break
        with stage.at(min(round_.starts_at, stage.now)):
            services.start_round(round_, by=stage.admin)
        with stage.at(min(round_.planned_end, stage.now)):
            services.end_round(round_, by=stage.admin)
        played += list(
            RolePlay.objects.filter(round=round_).select_related("round__rotation__batch", "assessor").order_by("group")
        )
    return played


def _record(play: RolePlay, missing: Mapping[str, str], first: int | None = None) -> Record:
    """The examiner's sheet: Ya everywhere but in `missing`; `first`: only so many criteria, and no evidence yet."""
    record = services.start_record(play, by=play.assessor)
    sheet = open_sheet(record)
    criteria = [item for item, aspect in sheet.places() if not aspect and item in sheet.applicable]
    entries = [
        Entry(item, "", missing.get(item, Value.YES), FACT if item in missing else "", 0) for item in criteria[:first]
    ]
    if first is None:
        entries += [
            Entry(item.id, aspect, Value.YES, "", 0) for item in sheet.rubric.evidence for aspect in Aspect.values
        ]
    services.save_sheet(record, entries, client_id=uuid4(), by=play.assessor)
    return record


def _sign(record: Record) -> None:
    record = Record.objects.with_play().get(pk=record.pk)
    sheet = open_sheet(record)
    units = {one.unit: (GAP, ["uji_ulang_unit"]) for one in sheet.outcome.units if one.result == Result.NOT_YET}
    services.sign_record(record, digest=sheet_digest(sheet), summary=SUMMARY, units=units, by=record.recorder)


def _compare_decisions(play: RolePlay) -> None:
    """Both sides decide on the asesi; one sees more than the other."""
    services.start_record(play, by=play.assessor)
    trainee = assessed_registration(play).person.user
    services.save_play_decision(play, "trainee", Result.COMPETENT, "Semua langkah kerja sesuai urutan.", by=trainee)
    services.save_play_decision(
        play, "senior", Result.NOT_YET, "Bukti satu KUK belum memadai: alat ukur tidak diperiksa.", by=play.assessor
    )
