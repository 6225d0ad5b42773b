"""Mails about role plays and results."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import Lsp, User
from assessments.models import Appeal, Assessment, Decision, Record
from assessments.selectors import next_steps
from core.models import AuditEntry
from notifications.services import Message, queue_email, register, render_templates
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
ASKS_FOR_AN_ACT = frozenset({"result_sent_back", "appeal_panel_invited"})
PERSON = ("registration__person__user", "registration__batch__scheme")


def tell_recorder(kind: str, record: Record, entry: AuditEntry) -> None:
    """Owes a recorder the mail that the record must be corrected; the reason is that of the audit entry."""
    tell(kind, record.recorder, record_id=record.pk, entry_id=entry.pk)


def _result_released(params: dict[str, Any]) -> tuple[Registration, WhatNow] | None:
    rows = Decision.objects.select_related(*(f"assessment__{path}" for path in PERSON))
    decision = rows.filter(pk=params["decision_id"]).first()
    if decision is None or decision.released_at is None:
        return None
    return decision.assessment.registration, next_steps.decision_now(decision, Lsp.current())


def _attempt(now: Callable[[Assessment], WhatNow], params: dict[str, Any]) -> tuple[Registration, WhatNow] | None:
    assessment = Assessment.objects.select_related(*PERSON).filter(pk=params["assessment_id"]).first()
    return assessment and (assessment.registration, now(assessment))


def _appeal(status: str, params: dict[str, Any]) -> tuple[Registration, WhatNow] | None:
    rows = Appeal.objects.select_related(*(f"decision__assessment__{path}" for path in PERSON))
    appeal = rows.filter(pk=params["appeal_id"]).first()
    return appeal and (appeal.decision.assessment.registration, next_steps.appeal_now(appeal, status))


def _sent_back(params: dict[str, Any]) -> tuple[Registration, WhatNow] | None:
    rows = Record.objects.select_related(*(f"role_play__assessment__{path}" for path in PERSON))
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
    appeal = rows.filter(pk=params["appeal_id"]).first()
    if appeal is None:
        return None
    now = WhatNow(
        status="under_review", state_label=_("Diperiksa"), tone="rev", title=_("Anda anggota panel banding."),
        text=_("Periksa rekaman dan alasan banding, lalu tulis putusan panel."),
        next_action=_("Bila Anda mempunyai hubungan dengan peserta, kabari pimpinan."),
        action_label=_("Buka banding"), action_url_name="assessments:appeal_detail", action_args=(appeal.code,),
        deadline=appeal.answer_due_on, who_acts=_("Anda"),
    )  # fmt: skip
    if kind == "appeal_panel_released":
        now = WhatNow(
            status="withdrawn", state_label=pgettext("appeal", "Dicabut"), tone="plain",
            title=_("Banding ini dicabut oleh peserta."), text=_("Panel tidak perlu memeriksanya lagi."),
        )  # fmt: skip
    return appeal.decision.assessment.registration, now


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
    return render_templates("assessments/result", context, language, action=kind in ASKS_FOR_AN_ACT)


_TELLERS: dict[str, Teller] = {
    "result_released": _result_released,
    "retake_opened": partial(_attempt, next_steps.retake_now),
    "attempt_voided": partial(_attempt, next_steps.void_now),
    **{kind: partial(_appeal, kind.removeprefix("appeal_")) for kind in TO_PARTICIPANTS if kind.startswith("appeal_")},
    "result_sent_back": _sent_back,
    **{kind: partial(_panel, kind) for kind in TO_STAFF if kind.startswith("appeal_panel")},
}
for _kind, (_subject, _title) in (TO_PARTICIPANTS | TO_STAFF).items():
    register(_kind, partial(render_result, _kind, _TELLERS[_kind]), title=_title)
