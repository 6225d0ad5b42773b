"""What a participant should know and do about a result or an appeal: the same words on the page and in the mail."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Lsp
from assessments.models import Appeal, Assessment, Decision
from assessments.selectors.appeals import appeal_deadline, can_still_appeal
from assessments.selectors.results import current_decision, failed_units
from assessments.states import OPEN_APPEAL, AppealStatus, AssessmentStatus, Result
from participants.selectors.next_step import WhatNow

A = AppealStatus
MY_RESULT, MY_APPEAL, FILE = "assessments:my_result", "assessments:appeal_detail", "assessments:file_appeal"


def result_now(attempts: list[Assessment], lsp: Lsp, *, has_appeal: bool | None = None) -> WhatNow:
    """Where a person's exam stands, by the latest of the attempts (`load_attempts`); a decision counts from its release
    on. `has_appeal`: the latest decision was appealed, when that is known already.
    """
    if not attempts:
        return _waiting(_("Hasil uji muncul di sini setelah pimpinan menetapkan dan merilisnya."))
    latest = attempts[-1]
    if latest.status == AssessmentStatus.VOID:
        return void_now(latest)
    decision = current_decision(latest)
    if decision is None or decision.released_at is None:
        awaits_date = latest.attempt > 1 and latest.status == AssessmentStatus.OPEN
        return retake_now(latest) if awaits_date else _waiting(_STEPS[latest.status]())
    return decision_now(decision, lsp, has_appeal=has_appeal)


def decision_now(decision: Decision, lsp: Lsp, *, has_appeal: bool | None = None) -> WhatNow:
    """A released decision, and what follows from it."""
    registration = decision.assessment.registration
    code = registration.code
    if decision.result == Result.COMPETENT:
        asked = _("Konfirmasi nama untuk sertifikat pada halaman Sertifikat."), _("Anda")
        done = _("Nama Anda sudah dikonfirmasi. Kemajuan sertifikat tampil pada halaman Sertifikat."), _("Pimpinan LSP")
        next_action, who_acts = done if registration.name_confirmed_at else asked
        return WhatNow(
            status=decision.result, state_label=str(Result.COMPETENT.label), tone=Result.COMPETENT.tone,
            title=_("Anda dinyatakan kompeten."),
            text=_("Semua unit yang diuji terpenuhi."),
            next_action=next_action,
            action_label=_("Lihat hasil"), action_url_name=MY_RESULT, action_args=(code,), who_acts=who_acts,
        )  # fmt: skip
    count = len(failed_units(decision))
    now = WhatNow(
        status=decision.result, state_label=str(Result.NOT_YET.label), tone=Result.NOT_YET.tone,
        title=_("Anda dinyatakan belum kompeten."),
        text=ngettext(
            "Ada %(count)s unit yang perlu diuji lagi. Alasan dan tindak lanjutnya tertulis per unit.",
            "Ada %(count)s unit yang perlu diuji lagi. Alasan dan tindak lanjutnya tertulis per unit.",
            count,
        ) % {"count": count},
        next_action=_("Baca alasannya, kerjakan tindak lanjutnya, lalu tunggu jadwal uji ulang dari LSP."),
        action_label=_("Lihat hasil dan alasan"), action_url_name=MY_RESULT, action_args=(code,),
        who_acts=_("LSP"),
    )  # fmt: skip
    if not can_still_appeal(decision, lsp, has_appeal=has_appeal):
        return now
    return replace(
        now,
        next_action=_(
            "Baca alasannya, kerjakan tindak lanjutnya, lalu tunggu jadwal uji ulang dari LSP. Bila menurut Anda hasil "
            "ini keliru, ajukan banding sebelum batas waktunya."
        ),
        deadline=appeal_deadline(decision, lsp),
        who_acts=_("Anda"),
    )


def retake_now(assessment: Assessment) -> WhatNow:
    """A further attempt that is open."""
    now = _waiting(
        _("LSP mengirim jadwalnya lewat surel. Yang diuji: %(units)s.") % {"units": ", ".join(assessment.units)},
        title=_("Uji ulang Anda sudah dibuka."),
    )
    return replace(now, action_label=_("Lihat hasil"), action_url_name=MY_RESULT, action_args=(_code(assessment),))


def void_now(assessment: Assessment) -> WhatNow:
    """An attempt that the person did not take."""
    return WhatNow(
        status=assessment.status, state_label=str(AssessmentStatus.VOID.label), tone=AssessmentStatus.VOID.tone,
        title=_("Uji Anda dibatalkan."), text=_("Uji ini tidak dihitung sebagai kesempatan."),
        reason=assessment.void_reason,
        next_action=_("Hubungi admin LSP bila Anda ingin mengikuti uji pada waktu lain."),
        action_label=_("Lihat hasil"), action_url_name=MY_RESULT, action_args=(_code(assessment),), who_acts=_("Anda"),
    )  # fmt: skip


def appeal_now(appeal: Appeal, status: str = "") -> WhatNow:
    """The appeal for the participant; with `status` as it was right after that step (for mails)."""
    status = A(status or appeal.status)
    now = WhatNow(
        status=status.value, state_label=str(status.label), tone=status.tone, title="",
        action_label=_("Lihat banding"), action_url_name=MY_APPEAL, action_args=(appeal.code,),
    )  # fmt: skip
    if status in OPEN_APPEAL:
        now = replace(now, deadline=appeal.answer_due_on, who_acts=_("LSP"))
    return replace(now, **_APPEAL[status](appeal))


def _waiting(text: str, title: str = "") -> WhatNow:
    return WhatNow(
        status="waiting", state_label=_("Belum dirilis"), tone="info", title=title or _("Nilai belum dirilis."),
        text=text, who_acts=_("LSP"),
    )  # fmt: skip


def _code(assessment: Assessment) -> str:
    return assessment.registration.code


_STEPS: dict[str, Callable[[], str]] = {
    AssessmentStatus.OPEN: lambda: _("Uji Anda sedang berlangsung atau sedang dinilai oleh penguji."),
    AssessmentStatus.RECOMMENDED: lambda: _("Penguji sudah menilai. Pimpinan menetapkan hasilnya, lalu merilisnya."),
    AssessmentStatus.DECIDED: lambda: _("Penguji sudah menilai. Pimpinan menetapkan hasilnya, lalu merilisnya."),
}


def _outcome(title: str, action: str) -> Callable[[Appeal], dict[str, Any]]:
    return lambda appeal: {"title": title, "reason": appeal.outcome_text, "next_action": action}


def _filed(appeal: Appeal) -> dict[str, Any]:
    text = _("LSP memeriksa kelengkapannya, lalu menunjuk panel yang tidak terlibat dalam penilaian Anda.")
    return {"title": _("Banding Anda sudah kami terima."), "text": text}


def _accepted(appeal: Appeal) -> dict[str, Any]:
    return {"title": _("Banding Anda memenuhi syarat."), "text": _("Pimpinan menunjuk panel pemeriksa.")}


def _under_review(appeal: Appeal) -> dict[str, Any]:
    text = _("Anggota panel tidak terlibat dalam penilaian Anda. Panel dapat menghubungi Anda.")
    return {"title": _("Banding Anda sedang diperiksa panel."), "text": text}


def _rejected_formally(appeal: Appeal) -> dict[str, Any]:
    return _outcome(_("Banding Anda tidak dapat diperiksa."), _("Hubungi admin LSP bila ada pertanyaan."))(appeal)


def _upheld(appeal: Appeal) -> dict[str, Any]:
    action = _("LSP menjadwalkan uji ulang. Uji ini tidak mengurangi kesempatan Anda.")
    return _outcome(_("Banding Anda dikabulkan."), action)(appeal)


def _dismissed(appeal: Appeal) -> dict[str, Any]:
    return _outcome(_("Banding Anda tidak dikabulkan."), _("Hasil semula tetap berlaku."))(appeal)


def _closed(appeal: Appeal) -> dict[str, Any]:
    return _outcome(_("Banding Anda sudah ditutup."), "")(appeal) | {"text": appeal.get_outcome_display()}


def _withdrawn(appeal: Appeal) -> dict[str, Any]:
    return {"title": _("Anda mencabut banding ini."), "text": _("Hasil semula tetap berlaku.")}


_APPEAL: dict[AppealStatus, Callable[[Appeal], dict[str, Any]]] = {
    A.FILED: _filed,
    A.ACCEPTED: _accepted,
    A.UNDER_REVIEW: _under_review,
    A.REJECTED_FORMALLY: _rejected_formally,
    A.UPHELD: _upheld,
    A.DISMISSED: _dismissed,
    A.CLOSED: _closed,
    A.WITHDRAWN: _withdrawn,
}
