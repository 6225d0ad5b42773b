"""The lists behind the board's figures: one page for all of them, each row with the page that clears it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Lsp, User
from assessments.models import Appeal, Assessment, RolePlay
from assessments.selectors import board as classes
from batches import board as batches
from batches.models import Batch, Session
from certificates.models import Certificate
from certificates.selectors import board as certificates
from core.templatetags.ui import clock, day, in_zone, moment
from notifications.models import Email
from notifications.registry import kind_title
from participants.models import Registration
from participants.selectors.decision_mails import held_everywhere
from tot_portal.dashboard import page_of

PER_PAGE = 30


@dataclass(frozen=True)
class Row:
    """One thing that waits: what it is, where it belongs, since or until when, and the page that clears it."""

    title: str
    batch: Batch
    detail: str
    url: str


@dataclass(frozen=True)
class WorkList:
    """One list: its words, its rows, and how one row is shown."""

    title: str | Promise
    empty: str | Promise
    rows: Callable[[], QuerySet | Sequence[Any]]
    show: Callable[[Any, User], Row]


def work_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Exactly the rows that the board has counted."""
    if kind not in LISTS:
        raise Http404
    found = LISTS[kind]
    page = Paginator(found.rows(), PER_PAGE).get_page(request.GET.get("h"))
    rows = [found.show(one, request.user) for one in page]
    context = {"title": found.title, "empty": found.empty, "page": page, "rows": rows}
    return render(request, "tot_portal/work_list.html", context)


def _session(session: Session, user: User) -> Row:
    zone = session.batch.time_zone
    when = f"{day(in_zone(session.starts_at, zone))}, {clock(session.starts_at, zone)}"
    page = reverse("assessments:attendance_session", args=[session.batch.code, session.code])
    return Row(session.title, session.batch, when, page)


def _session_of_today(session: Session, user: User) -> Row:
    when = f"{clock(session.starts_at, session.batch.time_zone)}–{clock(session.ends_at, session.batch.time_zone)}"
    return Row(session.title, session.batch, when, page_of("batches:schedule", session.batch, user))


def _play(play: RolePlay, user: User) -> Row:
    rotation = play.round.rotation
    words = {"mode": rotation.get_mode_display(), "round": play.round.number, "group": play.group}
    who = play.assessor.name if play.assessor else _("Belum ada perekam")
    return Row(
        _("%(mode)s, putaran %(round)s, kelompok %(group)s") % words, rotation.batch, who,
        page_of("assessments:rotation_board", rotation.batch, user),
    )  # fmt: skip


def _attempt(attempt: Assessment, user: User) -> Row:
    batch = attempt.registration.batch
    since = _("Direkomendasikan %(day)s") % {"day": moment(attempt.status_at, batch.time_zone)}
    return Row(attempt.registration.person.display_name, batch, since, page_of("assessments:result_board", batch, user))


def _appeal(appeal: Appeal, user: User) -> Row:
    registration = appeal.decision.assessment.registration
    due = _("Dijawab paling lambat %(day)s") % {"day": day(appeal.answer_due_on)}
    return Row(
        registration.person.display_name, registration.batch, f"{appeal.get_status_display()}. {due}",
        reverse("assessments:appeal_detail", args=[appeal.code]),
    )  # fmt: skip


def _ready(registration: Registration, user: User) -> Row:
    batch = registration.batch
    return Row(
        registration.certificate_name, batch, _("Semua syarat terpenuhi"),
        page_of("certificates:certificate_board", batch, user),
    )  # fmt: skip


def _certificate(certificate: Certificate, user: User) -> Row:
    batch = certificate.registration.batch
    page = reverse("certificates:certificate_detail", args=[certificate.code])
    return Row(
        certificate.number, batch, _("Belum berhasil dibuat") if certificate.is_stuck else _("Sedang dibuat"), page
    )


def _held_mail(held: tuple[Email, Batch], user: User) -> Row:
    email, batch = held
    name = email.recipient.name if email.recipient else email.to_address
    since = _("%(mail)s, ditahan sejak %(day)s") % {
        "mail": kind_title(email.kind), "day": moment(email.created_at),  # as in the outbox
    }  # fmt: skip
    return Row(name, batch, since, page_of("participants:decision_mails", batch, user))


LISTS: dict[str, WorkList] = {
    "surat-keputusan": WorkList(
        gettext_lazy("Surat keputusan yang ditahan"), gettext_lazy("Tidak ada surat keputusan yang ditahan."),
        held_everywhere, _held_mail,
    ),
    "sesi-hari-ini": WorkList(
        gettext_lazy("Sesi hari ini"), gettext_lazy("Tidak ada sesi hari ini."), batches.sessions_today,
        _session_of_today,
    ),
    "kehadiran": WorkList(
        gettext_lazy("Sesi yang belum dicatat kehadirannya"),
        gettext_lazy("Kehadiran semua sesi yang sudah selesai telah dicatat."),
        classes.sessions_without_attendance, _session,
    ),
    "role-play": WorkList(
        gettext_lazy("Role play yang belum ditandatangani"),
        gettext_lazy("Semua role play yang sudah selesai telah ditandatangani perekamnya."),
        classes.plays_without_record, _play,
    ),
    "keputusan": WorkList(
        gettext_lazy("Hasil yang menunggu keputusan"), gettext_lazy("Tidak ada hasil yang menunggu keputusan."),
        classes.attempts_to_decide, _attempt,
    ),
    "banding": WorkList(
        gettext_lazy("Banding yang berjalan"), gettext_lazy("Tidak ada banding yang berjalan."),
        classes.open_appeals, _appeal,
    ),
    "siap-terbit": WorkList(
        gettext_lazy("Peserta yang siap diterbitkan sertifikatnya"),
        gettext_lazy("Tidak ada peserta yang menunggu diterbitkan. Syaratnya ada di halaman sertifikat tiap angkatan."),
        lambda: certificates.ready_for_certificate(Lsp.current()), _ready,
    ),
    "belum-tercetak": WorkList(
        gettext_lazy("Sertifikat yang belum berwujud berkas"),
        gettext_lazy("Semua sertifikat yang terbit sudah berwujud berkas."), certificates.unrendered, _certificate,
    ),
}  # fmt: skip
