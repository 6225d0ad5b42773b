"""The admin's board: figures that open their rows, what holds up each batch, and the last half year.

The figures and the lists behind them read the same querysets of the apps' boards (tot_portal.work draws the lists).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Value
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Lsp, User
from assessments.selectors import board as classes
from assessments.states import Result
from batches import board as batches
from batches.models import Batch
from batches.readiness import Requirement, batch_readiness
from certificates.selectors import board as certificates
from core import clock
from core.charts import BarChart, Series, bar_chart
from core.models import Job
from notifications.models import Email
from notifications.states import MAY_RETRY, EmailStatus
from participants.selectors import board as registrations
from participants.selectors import decision_mails as decisions
from participants.states import FOR_REVIEW, RegistrationStatus
from tot_portal.access import ACCESS, allows

MONTHS = 6
OLDEST = 6
S = RegistrationStatus


@dataclass(frozen=True)
class Figure:
    """A number and the address of exactly its rows."""

    value: int
    label: str
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Blocker:
    """What holds up a batch, and the page that clears it."""

    text: str
    url: str


@dataclass(frozen=True)
class BatchLine:
    batch: Batch
    blockers: list[Blocker]


@dataclass(frozen=True)
class Pending:
    """What waits in the classes, by batch id."""

    today: dict[int, int]
    attendance: dict[int, int]
    beyond_gate: dict[int, int]
    plays: dict[int, int]
    to_decide: dict[int, int]
    to_release: dict[int, int]
    appeals: dict[int, int]
    ready: dict[int, int]
    unrendered: dict[int, int]
    held: dict[int, int]  # mails about decisions
    held_since: datetime | None

    @classmethod
    def read(cls, lsp: Lsp) -> "Pending":
        """Eight queries, whatever there is."""
        held = decisions.held_per_batch()
        ready = certificates.ready_for_certificate(lsp)
        sessions, results = classes.session_counts(), classes.result_counts()
        return cls(
            today=sessions.first,
            attendance=sessions.second,
            beyond_gate=classes.people_beyond_the_gate(),
            plays=_per_batch(classes.plays_without_record(), "round__rotation__batch"),
            to_decide=results.first,
            to_release=results.second,
            appeals=_per_batch(classes.open_appeals(), "decision__assessment__registration__batch"),
            ready=dict(Counter(person.batch_id for person in ready)),
            unrendered=_per_batch(certificates.unrendered(), "registration__batch"),
            held={batch: waiting.count for batch, waiting in held.items()},
            held_since=min((waiting.oldest for waiting in held.values()), default=None),
        )

    def batches(self) -> set[int]:
        """Ids of the batches in which something waits."""
        return set().union(*(found for name, found in vars(self).items() if name not in {"today", "held_since"}))


def admin_board(user: User) -> dict[str, Any]:
    """Context of the admin's home; the number of queries does not depend on how much there is."""
    lsp = Lsp.current()
    pending = Pending.read(lsp)
    return {
        "lsp_is_named": not lsp._state.adding,
        "groups": figure_groups(pending, troubles()),
        "oldest": registrations.oldest_waiting()[:OLDEST],
        "lines": batch_lines(pending, lsp, user),
        "chart": half_year(clock.today()),
    }


def director_board(user: User) -> dict[str, Any]:
    """Context of the director's home: what waits for a decision or a signature, and what holds up each batch."""
    lsp = Lsp.current()
    pending = Pending.read(lsp)
    return {"figures": result_figures(pending), "lines": batch_lines(pending, lsp, user)}


def troubles() -> Counter[str]:
    """Mails that have not gone out, by their state, and jobs that were given up ("parked"); one query."""
    mails, parked = (
        rows.order_by().annotate(of=name).values_list("of").annotate(n=Count("pk"))
        for name, rows in (
            (F("status"), Email.objects.filter(status__in=MAY_RETRY)), (Value("parked"), Job.objects.parked()),
        )
    )  # fmt: skip
    return Counter(dict(mails.union(parked, all=True)))


def figure_groups(pending: Pending, found: Counter[str]) -> list[tuple[str, list[Figure]]]:
    """The figures under their headings, in the order of the work."""
    counts = registrations.registration_counts()
    queue = reverse("participants:review_queue")

    def of_queue(status: str, label: str) -> Figure:
        return Figure(counts[status], label, f"{queue}?status={status}")

    waiting = Figure(sum(counts[s] for s in FOR_REVIEW), _("menunggu diperiksa"), f"{queue}?status=open")
    unsent = Figure(
        sum(found[status] for status in MAY_RETRY), _("surat belum terkirim"),
        reverse("notifications:email_list") + "?status=trouble",
        "err" if found[EmailStatus.FAILED] else "warn" if found[EmailStatus.RETRYING] else "",
    )  # fmt: skip
    parked = Figure(
        found["parked"], _("proses perlu dilihat"), reverse("core:job_list") + "?status=parked",
        "err" if found["parked"] else "",
    )  # fmt: skip
    return [
        (_("Pendaftaran"), [
            waiting,
            of_queue(S.RETURNED, _("menunggu perbaikan peserta")),
            of_queue(S.ELIGIBLE, _("memenuhi syarat, belum dapat kursi")),
            of_queue(S.WAITLISTED, _("di daftar tunggu")),
            _work("surat-keputusan", sum(pending.held.values()), _held_label(pending.held_since)),
        ]),
        (_("Kelas"), [
            _work("sesi-hari-ini", sum(pending.today.values()), _("sesi hari ini"), warns=False),
            _work("kehadiran", sum(pending.attendance.values()), _("sesi belum dicatat kehadirannya")),
            _work("role-play", sum(pending.plays.values()), _("role play selesai, belum ditandatangani")),
        ]),
        (_("Hasil dan sertifikat"), result_figures(pending)),
        (_("Surat dan proses"), [unsent, parked]),
    ]  # fmt: skip


def result_figures(pending: Pending) -> list[Figure]:
    """From the recommendation to the paper."""
    return [
        _work("keputusan", sum(pending.to_decide.values()), _("menunggu keputusan")),
        _work("banding", sum(pending.appeals.values()), _("banding berjalan")),
        _work("siap-terbit", sum(pending.ready.values()), _("siap diterbitkan sertifikatnya")),
        _work("belum-tercetak", sum(pending.unrendered.values()), _("sertifikat belum berwujud berkas")),
    ]


def _work(kind: str, value: int, label: str, *, warns: bool = True) -> Figure:
    return Figure(value, label, reverse("work_list", args=[kind]), "warn" if warns and value else "")


def _held_label(since: datetime | None) -> str:
    if since is None:
        return _("surat keputusan ditahan")
    days = (clock.now() - since).days
    if not days:
        return _("surat keputusan ditahan, yang tertua sejak hari ini")
    oldest = ngettext(
        "surat keputusan ditahan, yang tertua %(n)s hari", "surat keputusan ditahan, yang tertua %(n)s hari", days
    )
    return oldest % {"n": days}


# --- batches


def batch_lines(pending: Pending, lsp: Lsp, user: User) -> list[BatchLine]:
    """The batches at hand, each with what holds it up; one query."""
    return [
        BatchLine(batch, list(blockers_of(batch, batch_readiness(batch, lsp), pending, user)))
        for batch in batches.batches_at_hand(pending.batches())
    ]


def blockers_of(batch: Batch, needed: Iterable[Requirement], pending: Pending, user: User) -> Iterable[Blocker]:
    """What the next step waits for but time, then what waits in the class."""
    for one in needed:
        if one.state == "blocked" and not one.waits:
            yield Blocker(f"{one.label}: {one.detail}", page_of(one.mend or "batches:manage_batch", batch, user))
    for counted, route, sentence in WAITING:
        if n := counted(pending).get(batch.pk):
            yield Blocker(sentence(n) % {"n": n}, page_of(route, batch, user))


WAITING: list[tuple[Callable[[Pending], dict[int, int]], str, Callable[[int], str | Promise]]] = [
    (
        lambda pending: pending.held, "participants:decision_mails",
        lambda n: ngettext("%(n)s surat keputusan ditahan.", "%(n)s surat keputusan ditahan.", n),
    ),
    (
        lambda pending: pending.attendance, "assessments:attendance_board",
        lambda n: ngettext("%(n)s sesi belum dicatat kehadirannya.", "%(n)s sesi belum dicatat kehadirannya.", n),
    ),
    (
        lambda pending: pending.beyond_gate, "assessments:attendance_board",
        lambda n: ngettext(
            "%(n)s peserta tidak lagi mencapai syarat kehadiran tanpa susulan.",
            "%(n)s peserta tidak lagi mencapai syarat kehadiran tanpa susulan.", n,
        ),
    ),
    (
        lambda pending: pending.plays, "assessments:rotation_board",
        lambda n: ngettext(
            "%(n)s role play selesai tetapi belum ditandatangani.",
            "%(n)s role play selesai tetapi belum ditandatangani.", n,
        ),
    ),
    (
        lambda pending: pending.to_decide, "assessments:result_board",
        lambda n: ngettext("%(n)s hasil menunggu keputusan.", "%(n)s hasil menunggu keputusan.", n),
    ),
    (
        lambda pending: pending.to_release, "assessments:result_board",
        lambda n: ngettext("%(n)s keputusan belum dirilis.", "%(n)s keputusan belum dirilis.", n),
    ),
    (
        lambda pending: pending.appeals, "assessments:result_board",
        lambda n: ngettext("%(n)s banding masih berjalan.", "%(n)s banding masih berjalan.", n),
    ),
    (
        lambda pending: pending.ready, "certificates:certificate_board",
        lambda n: ngettext("%(n)s peserta siap diterbitkan.", "%(n)s peserta siap diterbitkan.", n),
    ),
    (
        lambda pending: pending.unrendered, "certificates:certificate_board",
        lambda n: ngettext("%(n)s sertifikat belum berwujud berkas.", "%(n)s sertifikat belum berwujud berkas.", n),
    ),
]  # fmt: skip


def page_of(route: str, batch: Batch, user: User) -> str:
    """The page of a batch where something is cleared; the batch's own page for who may not open that one."""
    may_open = route in ACCESS and allows(ACCESS[route], user)
    return reverse(route if may_open else "batches:manage_batch", args=[batch.code])


def _per_batch(rows: QuerySet, path: str) -> dict[int, int]:
    """Number of rows of each batch; one query."""
    found: dict[int, int] = defaultdict(int)
    for batch, count in rows.order_by().values_list(path).annotate(n=Count("pk")):
        found[batch] += count
    return dict(found)


# --- the last half year


def half_year(today: date) -> BarChart:
    """Applications sent, and results released, in this month and the five before; two queries."""
    months = [month_back(today, back) for back in range(MONTHS - 1, -1, -1)]
    sent = registrations.registrations_by_month(months[0])
    released = classes.results_by_month(months[0])
    labels = [format_date(month, "M") for month in months]
    return bar_chart(labels, [
        Series(_("Pendaftaran terkirim"), 1, [sent.get(month, 0) for month in months]),
        Series(_("Kompeten"), 3, [released.get((month, Result.COMPETENT), 0) for month in months]),
        Series(_("Belum kompeten"), 2, [released.get((month, Result.NOT_YET), 0) for month in months]),
    ])  # fmt: skip


def month_back(day: date, months: int) -> date:
    """The first day of the month that lies `months` before the month of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
