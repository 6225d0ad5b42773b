"""What now? One answer for page and mail: the state, why, what to do, until when, and who acts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from participants.models import Registration, RegistrationEvent
from participants.selectors.waiting import waiting_position, withdraw_fairly_until
from participants.states import RegistrationStatus, Verdict

S = RegistrationStatus
PARTICIPANT, STAFF = "participant", "staff"
PERSON_PAGE, DESK_PAGE = "participants:registration_detail", "participants:review_registration"
SCHEDULE_PAGE, BATCHES_PAGE = "participants:my_schedule", "batches:batch_list"


@dataclass(frozen=True, kw_only=True)
class WhatNow:
    """Texts are in the active language. `action_*` are "" when there is nothing to press."""

    status: str
    state_label: str
    tone: str
    title: str  # one sentence: what the state means
    text: str = ""  # what happens next
    reason: str = ""  # of the LSP or the person, as written
    next_action: str = ""  # what to do, as a sentence; "" = only wait
    action_label: str = ""
    action_url_name: str = ""
    action_args: tuple[Any, ...] = ()
    deadline: date | None = None
    who_acts: str = ""  # "Anda", "Admin LSP", ""
    items: tuple[tuple[str, str], ...] = ()  # documents to mend or facts to know: (label, text)

    @property
    def action_url(self) -> str:
        return reverse(self.action_url_name, args=self.action_args) if self.action_url_name else ""

    @property
    def deadline_text(self) -> str:
        """ "Jumat, 27 November 2026"; "" without a deadline."""
        return format_date(self.deadline, "l, j F Y") if self.deadline else ""


def what_now(registration: Registration, viewer: str = PARTICIPANT, event: RegistrationEvent | None = None) -> WhatNow:
    """What the viewer should know and do. With `event`, as it was right after that event (for mails)."""
    status = S(event.to_status if event else registration.status)
    reason = event.reason if event else registration.reason
    texts = _STAFF if viewer == STAFF else _PARTICIPANT
    now = WhatNow(status=status.value, state_label=str(status.label), tone=status.tone, title="", reason=reason)
    changes = texts[status](registration)
    if "action_label" in changes and "action_url_name" not in changes:
        changes |= {"action_url_name": DESK_PAGE if viewer == STAFF else PERSON_PAGE}
    if changes.get("action_url_name") in {DESK_PAGE, PERSON_PAGE, SCHEDULE_PAGE}:
        changes |= {"action_args": (registration.code,)}
    if reason == ", ".join(label for label, _why in changes.get("items", ())):
        changes |= {"reason": ""}  # the documents below say it, each with its own words
    return replace(now, **changes)


def history(registration: Registration, viewer: str = PARTICIPANT) -> list[dict[str, str]]:
    """Items for components/timeline.html, oldest first; participants see neither claims nor who of the LSP acted."""
    events = registration.events.select_related("by").order_by("id")
    steps = [event for event in events if viewer == STAFF or not _is_desk_move(event)]
    last = len(steps) - 1
    return [
        {
            "title": str(S(event.to_status).label),
            "text": event.reason,
            "time": _moment(event.at) + (f" · {event.by or _('Portal')}" if viewer == STAFF else ""),
            "state": "now" if index == last else "done",
        }
        for index, event in enumerate(steps)
    ]


def _is_desk_move(event: RegistrationEvent) -> bool:
    """A claim or its release: who looks at the file is the desk's business."""
    return event.to_status == S.IN_REVIEW or (event.from_status, event.to_status) == (S.IN_REVIEW, S.SUBMITTED)


def _moment(at: datetime) -> str:
    return format_date(at.astimezone(timezone.get_current_timezone()), "j F Y, H.i")


def _day(day: date | None) -> str:
    return format_date(day, "l, j F Y") if day else ""


# --- the participant's texts, one function per state


def _draft(registration: Registration) -> dict[str, Any]:
    batch = registration.batch
    if not batch.accepts_registrations():
        return {
            "title": _("Pendaftaran belum dikirim, dan pendaftaran angkatan ini sudah ditutup."),
            "text": _("Isian Anda tetap tersimpan selama 30 hari."),
            "next_action": _("Pilih angkatan lain. Data diri Anda ikut terpakai."),
            "action_label": _("Lihat angkatan lain"),
            "action_url_name": BATCHES_PAGE,
            "who_acts": _("Anda"),
        }
    return {
        "title": _("Pendaftaran belum dikirim."),
        "text": _("Isian tersimpan otomatis. Anda dapat melanjutkannya di perangkat lain."),
        "next_action": _("Lengkapi setiap bagian, lalu kirim pendaftaran."),
        "action_label": _("Lanjutkan pengisian"),
        "deadline": _local_day(batch.registration_closes_at, batch.time_zone),
        "who_acts": _("Anda"),
    }


def _submitted(registration: Registration) -> dict[str, Any]:
    return {
        "title": _("Pendaftaran sudah kami terima."),
        "text": _("Admin LSP memeriksa berkas dan syarat Anda, lalu mengabari lewat email."),
        "deadline": registration.review_due_on,
        "who_acts": _("Admin LSP"),
    }


def _in_review(registration: Registration) -> dict[str, Any]:
    return {
        "title": _("Admin LSP sedang memeriksa berkas Anda."),
        "text": _("Hasilnya kami kirim lewat email. Anda tidak perlu melakukan apa pun."),
        "deadline": registration.review_due_on,
        "who_acts": _("Admin LSP"),
    }


def _returned(registration: Registration) -> dict[str, Any]:
    return {
        "title": _("Ada yang perlu diperbaiki sebelum pendaftaran diperiksa lagi."),
        "text": _("Perbaiki hanya yang diminta. Bagian lain tidak perlu diulang."),
        "next_action": _("Perbaiki yang diminta, lalu kirim lagi."),
        "action_label": _("Perbaiki sekarang"),
        "deadline": registration.return_due_on,
        "who_acts": _("Anda"),
        "items": returned_documents(registration),
    }


def _eligible(registration: Registration) -> dict[str, Any]:
    return {
        "title": _("Anda memenuhi syarat."),
        "text": _("Admin LSP mengonfirmasi kursi menurut urutan pemeriksaan, lalu mengabari lewat email."),
        "deadline": _local_day(registration.batch.registration_closes_at, registration.batch.time_zone),
        "who_acts": _("Admin LSP"),
    }


def _waitlisted(registration: Registration) -> dict[str, Any]:
    position = waiting_position(registration)
    place = _("Anda di urutan %(position)s daftar tunggu.") % {"position": position} if position else ""
    return {
        "title": _("Kursi sudah penuh. Anda masuk daftar tunggu."),
        "text": f"{place} {_('Bila ada kursi kosong, kursi itu langsung menjadi milik urutan pertama.')}".strip(),
        "next_action": _("Tunggu kabar dari kami, atau tarik pendaftaran bila Anda memilih angkatan lain."),
        "action_label": _("Lihat daftar tunggu"),
        "deadline": registration.batch.starts_on,
        "who_acts": _("Admin LSP"),
    }


def _confirmed(registration: Registration) -> dict[str, Any]:
    batch = registration.batch
    if batch.has_started():
        return {
            "title": _("Anda mengikuti pelatihan ini."),
            "text": _("Hubungi admin LSP bila ada halangan."),
            "action_label": _("Lihat jadwal"),
            "action_url_name": SCHEDULE_PAGE,
            "who_acts": _("Anda"),
        }
    return {
        "title": _("Kursi Anda sudah terkonfirmasi."),
        "text": _("Pelatihan dimulai %(day)s.") % {"day": _day(batch.starts_on)},
        "next_action": _("Bila tidak dapat ikut, tarik pendaftaran sebelum batas ini agar kursi sampai ke orang lain."),
        "action_label": _("Lihat rincian"),
        "deadline": withdraw_fairly_until(batch),
        "who_acts": _("Anda"),
    }


def _completed(registration: Registration) -> dict[str, Any]:
    return {
        "title": _("Anda telah menyelesaikan pelatihan ini."),
        "text": _("Hasil uji dan sertifikat tetap dapat Anda buka di sini."),
        "action_label": _("Lihat rincian"),
    }


def _rejected(registration: Registration) -> dict[str, Any]:
    return {
        "title": _("Pendaftaran ini tidak memenuhi syarat skema."),
        "text": _("Anda dapat mendaftar lagi setelah syaratnya terpenuhi."),
        "next_action": _("Bila menurut Anda keputusan ini keliru, sampaikan keberatan kepada admin LSP."),
        "action_label": _("Lihat alasan dan cara keberatan"),
        "who_acts": _("Anda"),
    }


def _withdrawn(registration: Registration) -> dict[str, Any]:
    return {
        "title": _("Anda menarik pendaftaran ini."),
        "text": _("Kursi atau urutan Anda sudah dilepas."),
        "next_action": _("Anda dapat mendaftar lagi pada angkatan yang masih dibuka."),
        "action_label": _("Lihat angkatan terbuka"),
        "action_url_name": BATCHES_PAGE,
    }


def _cancelled(registration: Registration) -> dict[str, Any]:
    return {
        "title": _("LSP membatalkan pendaftaran ini."),
        "next_action": _("Anda dapat mendaftar lagi pada angkatan yang masih dibuka, atau menghubungi admin LSP."),
        "action_label": _("Lihat angkatan terbuka"),
        "action_url_name": BATCHES_PAGE,
    }


def returned_documents(registration: Registration) -> tuple[tuple[str, str], ...]:
    """(label, reason) of each document to mend. One query."""
    documents = registration.documents.filter(superseded_at=None, verdict=Verdict.RETURNED).select_related("type")
    return tuple((str(document.type), document.reason) for document in documents)


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


# --- the desk's texts


def _for_desk(title: str, action: str = "", actor: str = "", **more: Any) -> dict[str, Any]:
    return {"title": title, "who_acts": actor, **more} | (
        {"next_action": action, "action_label": action} if action else {}
    )


def _desk_submitted(registration: Registration) -> dict[str, Any]:
    return _for_desk(_("Menunggu diperiksa."), _("Mulai periksa"), _("Admin LSP"), deadline=registration.review_due_on)


def _desk_in_review(registration: Registration) -> dict[str, Any]:
    title = _("Sedang diperiksa oleh %(name)s.") % {"name": registration.claimed_by}
    return _for_desk(title, _("Putuskan hasil pemeriksaan"), _("Admin LSP"), deadline=registration.review_due_on)


def _desk_returned(registration: Registration) -> dict[str, Any]:
    return _for_desk(_("Menunggu perbaikan dari peserta."), "", _("Peserta"), deadline=registration.return_due_on)


def _desk_waitlisted(registration: Registration) -> dict[str, Any]:
    position = waiting_position(registration)
    title = _("Urutan %(position)s di daftar tunggu.") % {"position": position} if position else _("Di daftar tunggu.")
    return _for_desk(title, "", _("Portal"))


_PARTICIPANT: dict[RegistrationStatus, Callable[[Registration], dict[str, Any]]] = {
    S.DRAFT: _draft,
    S.SUBMITTED: _submitted,
    S.IN_REVIEW: _in_review,
    S.RETURNED: _returned,
    S.ELIGIBLE: _eligible,
    S.WAITLISTED: _waitlisted,
    S.CONFIRMED: _confirmed,
    S.COMPLETED: _completed,
    S.REJECTED: _rejected,
    S.WITHDRAWN: _withdrawn,
    S.CANCELLED: _cancelled,
}
_STAFF: dict[RegistrationStatus, Callable[[Registration], dict[str, Any]]] = {
    S.DRAFT: lambda registration: _for_desk(_("Belum dikirim oleh peserta."), "", _("Peserta")),
    S.SUBMITTED: _desk_submitted,
    S.IN_REVIEW: _desk_in_review,
    S.RETURNED: _desk_returned,
    S.ELIGIBLE: lambda registration: _for_desk(
        _("Memenuhi syarat dan menunggu kursi."), _("Konfirmasi kursi"), _("Admin LSP")
    ),
    S.WAITLISTED: _desk_waitlisted,
    S.CONFIRMED: lambda registration: _for_desk(_("Memegang satu kursi.")),
    S.COMPLETED: lambda registration: _for_desk(_("Telah menyelesaikan pelatihan.")),
    S.REJECTED: lambda registration: _for_desk(
        _("Tidak memenuhi syarat. Keberatan yang diterima membuka pemeriksaan lagi."), "", _("Peserta")
    ),
    S.WITHDRAWN: lambda registration: _for_desk(_("Ditarik oleh peserta.")),
    S.CANCELLED: lambda registration: _for_desk(_("Dibatalkan oleh LSP.")),
}
