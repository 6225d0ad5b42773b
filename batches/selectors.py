"""Reads over schemes, batches and the people who serve them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from batches.models import AgendaTemplate, Assignment, Batch, Scheme, Venue
from batches.readiness import Requirement, batch_readiness, letter_deadline
from batches.states import BatchStatus
from batches.timetable import AgendaDay, agenda_days, batch_days, scheduled_days
from core import clock
from core.templatetags.ui import day, moment

__all__ = ["Requirement", "batch_days", "batch_readiness", "letter_deadline", "scheduled_days"]
S = BatchStatus


STATES = {
    S.DRAFT: ("warn", _("Draf"), _("Belum terlihat oleh umum. Lengkapi yang menghalangi, lalu lanjutkan.")),
    S.SUBMITTED_TO_BNSP: (
        "rev", _("Menunggu persetujuan BNSP"),
        _("Surat nomor %(number)s tanggal %(on)s sudah dikirim. Catat persetujuannya begitu tiba."),
    ),
    S.APPROVED: (
        "ok", _("Disetujui BNSP"), _("Persetujuan nomor %(number)s tanggal %(on)s. Pendaftaran dapat dibuka.")
    ),
    S.OPEN: ("ok", _("Menerima pendaftaran"), _("Sampai %(closes)s.")),
    S.CLOSED: (
        "info", _("Pendaftaran ditutup"),
        _("Pemeriksaan berkas dan pembagian kursi masih berjalan. Pelatihan dimulai %(starts)s."),
    ),
    S.RUNNING: ("info", _("Pelatihan berjalan"), _("Sampai %(ends)s. Kursi tidak lagi berpindah.")),
    S.EXAMINING: ("rev", _("Uji berlangsung"), _("Selesaikan angkatan setelah seluruh penguji selesai.")),
    S.COMPLETED: ("plain", _("Selesai"), _("Pelatihan berakhir %(ends)s.")),
    S.ARCHIVED: ("plain", _("Diarsipkan"), _("Hanya dapat dibaca.")),
    S.CANCELLED: ("err", _("Dibatalkan"), _("Alasan: %(reason)s")),
}  # fmt: skip
NOT_YET_OPEN = ("info", _("Pendaftaran segera dibuka"), _("Sudah terlihat oleh umum. Pendaftaran mulai %(opens)s."))
OPEN_TOO_LONG = (
    "warn", _("Masa pendaftaran sudah berakhir"),
    _("Berakhir %(closes)s. Tutup pendaftaran, atau perpanjang masanya."),
)  # fmt: skip


@dataclass(frozen=True)
class SchemeFacts:
    """What a scheme trains, and how long it takes."""

    scheme: Scheme
    agenda: AgendaTemplate | None
    days: list[AgendaDay]
    class_size: dict[str, Any]


@dataclass(frozen=True)
class BatchFacts:
    """When and where a batch takes place; `next_open` is another batch of the scheme for who comes too late."""

    batch: Batch
    days: list[AgendaDay]
    is_open: bool
    next_open: Batch | None


@dataclass(frozen=True)
class BatchState:
    """Where a batch stands, in the words of the state box."""

    tone: str
    title: str
    text: str


@dataclass(frozen=True)
class Staff:
    """Who serves a batch now."""

    facilitators: list[User]
    examiners: list[User]


def scheme_facts(scheme: Scheme) -> SchemeFacts:
    """Units, class size and agenda; one query."""
    agenda = AgendaTemplate.objects.in_force().filter(code=scheme.agenda_code).first()
    return SchemeFacts(scheme, agenda, agenda_days(agenda) if agenda else [], scheme.settings.get("class", {}))


def batch_facts(batch: Batch) -> BatchFacts:
    """Dates, place and timetable; at most two queries besides the batch's own."""
    is_open = batch.accepts_registrations()
    others = Batch.objects.accepting().filter(scheme=batch.scheme_id).exclude(pk=batch.pk).order_by("starts_on")
    return BatchFacts(batch, scheduled_days(batch), is_open, None if is_open else others.first())


def open_batches() -> QuerySet[Batch]:
    """Batches that take registrations now, the next first."""
    return Batch.objects.accepting().select_related("scheme", "venue", "agenda").order_by("starts_on", "id")


def narrowed(batches: list[Batch], *, scheme: str = "", city: str = "") -> list[Batch]:
    """Those of a scheme (code), of a city, or of both."""
    return [
        batch
        for batch in batches
        if scheme in ("", batch.scheme.code) and city in ("", batch.venue.city if batch.venue else None)
    ]


def coming_batches() -> QuerySet[Batch]:
    """Published batches whose registration has not begun."""
    coming = Batch.objects.filter(status=BatchStatus.OPEN, registration_opens_at__gt=clock.now())
    return coming.select_related("scheme", "venue", "agenda").order_by("registration_opens_at", "id")


def schemes_with_agendas() -> list[Scheme]:
    """Active schemes with `agenda` and `open_batches`, the number that take registrations; two queries."""
    now = clock.now()
    accepting = Q(
        batches__status=S.OPEN, batches__registration_opens_at__lte=now, batches__registration_closes_at__gt=now
    )
    active = Scheme.objects.filter(is_active=True).annotate(open_batches=Count("batches", filter=accepting))
    schemes = list(active.order_by("rank", "code"))
    agendas = {agenda.code: agenda for agenda in AgendaTemplate.objects.in_force()}
    for scheme in schemes:
        scheme.agenda = agendas.get(scheme.agenda_code)
    return schemes


def batch_state(batch: Batch) -> BatchState:
    """The state with what follows from it."""
    words = {
        "number": batch.approval_number or batch.application_number,
        "on": day(batch.approval_on or batch.application_on),
        "starts": day(batch.starts_on),
        "ends": day(batch.ends_on),
        "closes": moment(batch.registration_closes_at, batch.time_zone),
        "opens": moment(batch.registration_opens_at, batch.time_zone),
        "reason": batch.cancel_reason,
    }
    status, now = S(batch.status), clock.now()
    tone, title, text = STATES[status]
    if status == S.OPEN and now < batch.registration_opens_at:
        tone, title, text = NOT_YET_OPEN
    elif status == S.OPEN and now >= batch.registration_closes_at:
        tone, title, text = OPEN_TOO_LONG
    return BatchState(tone, str(title), str(text) % words)


def venues() -> QuerySet[Venue]:
    """All venues by name."""
    return Venue.objects.order_by("name")


def assessors() -> QuerySet[User]:
    """Who may train and examine, by name."""
    return User.objects.with_role(Role.ASSESSOR).order_by("name", "email")


def staff_of(batch: Batch) -> Staff:
    """Live assignments; one query."""
    live = Assignment.objects.filter(batch=batch, released_at=None).select_related("person").order_by("id")
    by_function: dict[str, list[User]] = {function: [] for function in Assignment.Function.values}
    for assignment in live:
        by_function[assignment.function].append(assignment.person)
    return Staff(by_function[Assignment.Function.FACILITATOR], by_function[Assignment.Function.EXAMINER])


def status_counts(batches: QuerySet[Batch]) -> dict[str, int]:
    """Number of batches in each state that has any; one query."""
    return dict(batches.order_by().values_list("status").annotate(n=Count("id")))
