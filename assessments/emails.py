"""Mails about role plays and results."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import Lsp, User
from assessments.models import Appeal, Assessment, Decision, Record, RolePlay
from assessments.selectors import next_steps
from assessments.selectors.plays import assessed_registration, seat, seat_name, with_seats
from assessments.states import AppealStatus, AssessmentStatus, Mode, PlayRole, RecordStatus, RolePlayStatus
from core import clock
from core.models import AuditEntry
from core.templatetags.ui import moment
from notifications.registry import Message, Variable, context_read_once, register, render
from notifications.rendering import render_templates
from notifications.services import queue_email
from participants.models import Registration
from participants.selectors.next_step import WhatNow


def tell(kind: str, user: User, **ids: int) -> None:
    """Owes a person the mail of this kind, in the caller's transaction."""
    queue_email(kind, to=user, **ids)


# --- results and appeals
# kind -> (subject with the batch's name, title in the outbox)
TO_PARTICIPANTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "result_released": (gettext_lazy("Hasil uji Anda sudah dirilis (%(batch)s)"), gettext_lazy("Hasil dirilis")),
    "retake_opened": (gettext_lazy("Uji ulang Anda sudah dibuka (%(batch)s)"), gettext_lazy("Uji ulang dibuka")),
    "attempt_voided": (gettext_lazy("Uji Anda dibatalkan (%(batch)s)"), gettext_lazy("Uji dibatalkan")),
    "appeal_filed": (gettext_lazy("Banding Anda sudah kami terima (%(batch)s)"), gettext_lazy("Banding diajukan")),
    "appeal_withdrawn": (gettext_lazy("Banding Anda sudah dicabut (%(batch)s)"), gettext_lazy("Banding dicabut")),
    "appeal_accepted": (gettext_lazy("Banding Anda memenuhi syarat (%(batch)s)"), gettext_lazy("Banding diterima")),
    "appeal_rejected_formally": (
        gettext_lazy("Banding Anda tidak dapat diperiksa (%(batch)s)"), gettext_lazy("Banding ditolak formil"),
    ),
    "appeal_under_review": (
        gettext_lazy("Banding Anda sedang diperiksa panel (%(batch)s)"), gettext_lazy("Banding diperiksa"),
    ),
    "appeal_upheld": (gettext_lazy("Putusan banding Anda (%(batch)s)"), gettext_lazy("Banding dikabulkan")),
    "appeal_dismissed": (gettext_lazy("Putusan banding Anda (%(batch)s)"), gettext_lazy("Banding tidak dikabulkan")),
    "appeal_closed": (gettext_lazy("Banding Anda sudah ditutup (%(batch)s)"), gettext_lazy("Banding ditutup")),
}  # fmt: skip
TO_STAFF: dict[str, tuple[str | Promise, str | Promise]] = {
    "result_sent_back": (
        gettext_lazy("Koreksi rekaman uji %(name)s (%(batch)s)"), gettext_lazy("Rekomendasi dikembalikan"),
    ),
    "appeal_panel_invited": (
        gettext_lazy("Anda memeriksa banding %(name)s (%(batch)s)"), gettext_lazy("Panel banding ditunjuk"),
    ),
    "appeal_panel_released": (
        gettext_lazy("Banding %(name)s dicabut (%(batch)s)"), gettext_lazy("Panel banding dibebaskan"),
    ),
}  # fmt: skip
OF_BATCH = {  # names in the LSP's own words
    "angkatan": Variable(gettext_lazy("Nama angkatan"), "batch.name"),
    "nomor": Variable(gettext_lazy("Nomor pendaftaran"), "registration.number"),
}
OF_READER = {"nama": Variable(gettext_lazy("Nama penerima"), "name"), **OF_BATCH}
OF_PARTICIPANT = {"peserta": Variable(gettext_lazy("Nama peserta"), "name"), **OF_BATCH}
ASKS_FOR_AN_ACT = frozenset({"result_sent_back", "appeal_panel_invited"})
PERSON = ("registration__person__user", "registration__batch__scheme")
NOT_DECIDED = (AssessmentStatus.OPEN, AssessmentStatus.RECOMMENDED)
CLOSES = dict.fromkeys(["upheld", "dismissed", "rejected_formally"], (AppealStatus.CLOSED,))


def tell_recorder(kind: str, record: Record, entry: AuditEntry) -> None:
    """Owes a recorder the mail that the record must be corrected; the reason is that of the audit entry."""
    tell(kind, record.recorder, record_id=record.pk, entry_id=entry.pk)


def _result_released(params: dict[str, Any]) -> tuple[Registration, WhatNow] | None:
    if decision := params.get("drafted"):  # by draft_release
        return decision.assessment.registration, next_steps.decision_now(decision, params["lsp"], has_appeal=False)
    rows = Decision.objects.select_related(*(f"assessment__{path}" for path in PERSON))
    decision = rows.filter(pk=params["decision_id"], superseded_at=None).exclude(released_at=None).first()
    if decision is None:
        return None
    return decision.assessment.registration, next_steps.decision_now(decision, Lsp.current())


def draft_release(decisions: Iterable[Decision]) -> list[Message]:
    """The mail of each decision as a release would send it now; nothing is stored."""
    lsp, drafts = Lsp.current(), []
    with context_read_once():
        for decision in decisions:
            decision.released_at = decision.released_at or clock.now()  # in memory only: the deadline counts from it
            language = decision.assessment.registration.person.user.language
            drafts.append(render("result_released", {"drafted": decision, "lsp": lsp}, language))
    return drafts


def _attempt(
    now: Callable[[Assessment], WhatNow], status: AssessmentStatus, params: dict[str, Any]
) -> tuple[Registration, WhatNow] | None:
    """While the attempt is in this state."""
    rows = Assessment.objects.select_related(*PERSON).filter(status=status)
    assessment = rows.filter(pk=params["assessment_id"]).first()
    return assessment and (assessment.registration, now(assessment))


def _appeal(status: str, params: dict[str, Any]) -> tuple[Registration, WhatNow] | None:
    """While the appeal is in the state of the mail; a verdict is told after the file is closed too."""
    rows = Appeal.objects.select_related(*(f"decision__assessment__{path}" for path in PERSON))
    appeal = rows.filter(pk=params["appeal_id"], status__in=[status, *CLOSES.get(status, ())]).first()
    return appeal and (appeal.decision.assessment.registration, next_steps.appeal_now(appeal, status))


def _sent_back(params: dict[str, Any]) -> tuple[Registration, WhatNow] | None:
    """While the record stands uncorrected and nothing was decided from it."""
    rows = Record.objects.select_related(*(f"role_play__assessment__{path}" for path in PERSON))
    rows = rows.filter(status=RecordStatus.SIGNED, role_play__assessment__status__in=NOT_DECIDED)
    record = rows.filter(pk=params["record_id"]).first()
    entry = AuditEntry.objects.filter(pk=params["entry_id"]).first()
    if record is None or entry is None:
        return None
    return record.role_play.assessment.registration, WhatNow(
        status="sent_back", state_label=_("Dikembalikan"), tone="warn", title=_("Rekaman uji perlu dikoreksi."),
        text=_("Pimpinan belum dapat menetapkan hasil dari rekaman ini."), reason=entry.reason,
        next_action=_("Buka rekaman, pilih “Koreksi”, perbaiki, lalu tanda tangani lagi."),
        action_label=_("Buka rekaman"), action_url_name="assessments:record_detail", action_args=(record.code,),
        who_acts=_("Anda"),
    )  # fmt: skip


def _panel(kind: str, params: dict[str, Any]) -> tuple[Registration, WhatNow] | None:
    rows = Appeal.objects.select_related(*(f"decision__assessment__{path}" for path in PERSON))
    is_over = kind == "appeal_panel_released"
    state = AppealStatus.WITHDRAWN if is_over else AppealStatus.UNDER_REVIEW
    appeal = rows.filter(pk=params["appeal_id"], status=state).first()
    if appeal is None:
        return None
    now = panel_now(appeal)
    if is_over:
        now = WhatNow(
            status="withdrawn", state_label=pgettext("appeal", "Dicabut"), tone="plain",
            title=_("Banding ini dicabut oleh peserta."), text=_("Panel tidak perlu memeriksanya lagi."),
        )  # fmt: skip
    return appeal.decision.assessment.registration, now


def panel_now(appeal: Appeal) -> WhatNow:
    """The appeal for a member of its panel."""
    return WhatNow(
        status="under_review", state_label=_("Diperiksa"), tone="rev", title=_("Anda anggota panel banding."),
        text=_("Periksa rekaman dan alasan banding, lalu tulis putusan panel."),
        next_action=_("Bila Anda mempunyai hubungan dengan peserta, kabari pimpinan."),
        action_label=_("Buka banding"), action_url_name="assessments:appeal_detail", action_args=(appeal.code,),
        deadline=appeal.answer_due_on, who_acts=_("Anda"),
    )  # fmt: skip


Teller = Callable[[dict[str, Any]], tuple[Registration, WhatNow] | None]


def render_result(kind: str, teller: Teller, params: dict[str, Any], language: str) -> Message | None:
    """The mail about a result or an appeal; None when its cause is gone. Participants read their own, staff the name.

    Results travel as K or BK with the next step; reasons stay on the page.
    """
    told = teller(params)
    if told is None:
        return None
    registration, now = told
    is_staff = kind in TO_STAFF
    name = registration.person.display_name or registration.person.user.name
    subject = (TO_STAFF if is_staff else TO_PARTICIPANTS)[kind][0]
    context = {
        "registration": registration, "batch": registration.batch, "now": now, "name": name, "is_staff": is_staff,
        "subject_line": str(subject) % {"batch": registration.batch.name, "name": name},
    }  # fmt: skip
    asks = kind in ASKS_FOR_AN_ACT
    return render_templates("assessments/result", context, language, action=asks, deadline=now.deadline)


_TELLERS: dict[str, Teller] = {
    "result_released": _result_released,
    "retake_opened": partial(_attempt, next_steps.retake_now, AssessmentStatus.OPEN),
    "attempt_voided": partial(_attempt, next_steps.void_now, AssessmentStatus.VOID),
    **{kind: partial(_appeal, kind.removeprefix("appeal_")) for kind in TO_PARTICIPANTS if kind.startswith("appeal_")},
    "result_sent_back": _sent_back,
    **{kind: partial(_panel, kind) for kind in TO_STAFF if kind.startswith("appeal_panel")},
}
for _kind, (_subject, _title) in (TO_PARTICIPANTS | TO_STAFF).items():
    register(
        _kind, partial(render_result, _kind, _TELLERS[_kind]), title=_title,
        variables=OF_PARTICIPANT if _kind in TO_STAFF else OF_READER,
    )  # fmt: skip


# --- role plays
# kind -> (subject, title in the outbox)
OF_PLAYS: dict[str, tuple[str | Promise, str | Promise]] = {
    "exam_play_planned": (gettext_lazy("Jadwal uji: %(when)s (%(batch)s)"), gettext_lazy("Jadwal uji dikabarkan")),
    "exam_play_assigned": (
        gettext_lazy("Anda menguji %(name)s: %(when)s (%(batch)s)"), gettext_lazy("Penguji permainan uji ditugaskan"),
    ),
    "role_play_cancelled": (
        gettext_lazy("Role play dibatalkan: %(when)s (%(batch)s)"), gettext_lazy("Role play dibatalkan"),
    ),
}  # fmt: skip


def tell_planned(play: RolePlay) -> None:
    """Owes who plays and who records the date of a single exam play, in the caller's transaction."""
    _tell_players("exam_play_planned", play)
    tell_assigned(play)


def tell_assigned(play: RolePlay) -> None:
    """Owes the assessor of a single exam play its date."""
    tell("exam_play_assigned", play.assessor, play_id=play.pk, assessor_id=play.assessor_id)


def tell_cancelled(play: RolePlay) -> None:
    """Owes who would have played and recorded the mail that the play does not take place, and why."""
    _tell_players("role_play_cancelled", play)
    if play.assessor:
        tell("role_play_cancelled", play.assessor, play_id=play.pk, assessor_id=play.assessor_id)


def _tell_players(kind: str, play: RolePlay) -> None:
    """An asesi from outside has no account, and hears of it from the LSP."""
    people = Registration.objects.filter(play_seats__role_play=play).select_related("person__user")
    for person in people.order_by("play_seats__id"):
        tell(kind, person.person.user, play_id=play.pk, registration_id=person.pk)


def render_play(kind: str, params: dict[str, Any], language: str) -> Message | None:
    """The mail about one published play; None when it was cancelled or called back, or is no longer the reader's."""
    play = with_seats(RolePlay.objects.published()).filter(pk=params["play_id"]).first()
    is_cancelled = kind == "role_play_cancelled"
    if play is None or (play.status == RolePlayStatus.CANCELLED) != is_cancelled:
        return None
    return play_message(play, params, OF_PLAYS[kind][0], language, is_cancelled=is_cancelled)


def play_message(
    play: RolePlay, params: dict[str, Any], subject: str | Promise, language: str, *, is_cancelled: bool = False
) -> Message | None:
    """The mail about a play for the person of `params`; `subject` may name the batch, the person and the time."""
    registration = _reader(play, params)
    if registration is None:
        return None
    batch, is_staff = play.round.rotation.batch, "assessor_id" in params
    role = (
        None if is_staff else PlayRole(next(one.role for one in play.seats.all() if one.registration == registration))
    )
    now = _play_now(play, registration, role, is_cancelled=is_cancelled)
    name = registration.person.display_name or registration.person.user.name
    when = moment(play.round.starts_at, batch.time_zone)
    context = {
        "registration": registration, "batch": batch, "now": now, "name": name, "is_staff": is_staff,
        "subject_line": str(subject) % {"batch": batch.name, "name": name, "when": when},
    }  # fmt: skip
    return render_templates("assessments/result", context, language)


def _reader(play: RolePlay, params: dict[str, Any]) -> Registration | None:
    """Whom the mail is about: who reads it, or for the assessor who is assessed."""
    if pk := params.get("registration_id"):
        return next((one.registration for one in play.seats.all() if one.registration_id == pk), None)
    return assessed_registration(play) if play.assessor_id == params["assessor_id"] else None


def _play_now(play: RolePlay, registration: Registration, role: PlayRole | None, *, is_cancelled: bool) -> WhatNow:
    """`role` is that of the reader; None: the assessor."""
    page = ("assessments:my_plays", (registration.code,)) if role else ("assessments:my_assignments", ())
    now = WhatNow(
        status=play.status, state_label=play.get_status_display(), tone="info", title=_("Anda menguji peserta ini."),
        next_action=_("Bila Anda mempunyai hubungan dengan peserta, kabari pimpinan."),
        action_label=_("Lihat jadwal role play"), action_url_name=page[0], action_args=page[1],
        items=_play_facts(play, role),
    )  # fmt: skip
    if is_cancelled:
        comes_again = role == PlayRole.ASESOR and Mode(play.round.rotation.mode).is_exam
        text = _("LSP mengabari Anda bila waktu penggantinya sudah ada.") if comes_again else ""
        title = _("Role play ini dibatalkan.")
        return replace(now, title=title, text=text, reason=play.cancel_reason, next_action="")
    if role:
        is_own = role == PlayRole.ASESOR
        title = _("Uji Anda sudah dijadwalkan.") if is_own else _("Anda menjadi asesi dalam sebuah uji.")
        return replace(now, title=title, next_action=_("Bila Anda berhalangan, kabari admin LSP sebelum waktunya."))
    return now


def _play_facts(play: RolePlay, role: PlayRole | None) -> tuple[tuple[str, str], ...]:
    """When, where and with whom; the units only for those whom they concern."""
    batch, is_exam = play.round.rotation.batch, Mode(play.round.rotation.mode).is_exam
    when = {"when": moment(play.round.starts_at, batch.time_zone), "minutes": play.round.minutes}
    units = play.assessment.units if play.assessment and role in {None, PlayRole.ASESOR} else []
    facts = [
        (_("Waktu"), _("%(when)s, %(minutes)s menit") % when),
        (_("Tempat"), ", ".join(str(place) for place in (play.room, batch.venue) if place) or _("Menyusul")),
        (
            str(PlayRole.ASESOR.label),
            seat_name(seat(play, PlayRole.ASESOR)) if role not in {None, PlayRole.ASESOR} else "",
        ),
        (str(PlayRole.ASESI.label), seat_name(seat(play, PlayRole.ASESI)) if role != PlayRole.ASESI else ""),
        (_("Penguji") if is_exam else _("Fasilitator"), str(play.assessor or "") if role else ""),
        (_("Unit"), ", ".join(units)),
    ]
    return tuple((label, text) for label, text in facts if text)


for _kind, (_subject, _title) in OF_PLAYS.items():
    _names = {"exam_play_planned": OF_READER, "exam_play_assigned": OF_PARTICIPANT}.get(_kind, OF_BATCH)
    register(_kind, partial(render_play, _kind), title=_title, variables=_names)
