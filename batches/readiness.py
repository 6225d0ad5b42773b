"""What a batch still needs for its next step: one list, shown on its page and obeyed by the services."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from math import ceil

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Lsp
from batches.models import Assignment, Batch, RuleSet, Session, SessionKind
from batches.states import BatchStatus
from batches.timetable import batch_days, exam_starts_on
from core import clock
from core.templatetags.ui import day as written_day
from core.templatetags.ui import moment

S = BatchStatus
Function = Assignment.Function
BEFORE_OPEN = (S.DRAFT, S.SUBMITTED_TO_BNSP, S.APPROVED)


@dataclass(frozen=True)
class Requirement:
    """One thing a batch needs: what is seen, or how to mend it. `blocks`: the step waits for it; else it is a warning.

    `mend` names the route of the page where it is mended; `waits`: only time mends it.
    """

    code: str
    label: str | Promise
    met: bool
    detail: str
    blocks: bool = True
    mend: str = ""
    waits: bool = False

    @property
    def state(self) -> str:
        """met, warn or blocked."""
        return "met" if self.met else "blocked" if self.blocks else "warn"


@dataclass(frozen=True)
class Facts:
    """What the lists ask of other tables."""

    has_rules: bool
    facilitators: int
    examiners: int
    sessions: int


def with_facts(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """The batches with the fields of Facts as `facts_…`: lists of many batches then need no query of their own."""
    rules = RuleSet.objects.in_force().filter(code=OuterRef("scheme__code"))
    sessions = Session.objects.live().filter(batch=OuterRef("pk")).exclude(kind=SessionKind.BREAK)

    def crew(function: str) -> Coalesce:
        live = Assignment.objects.filter(batch=OuterRef("pk"), released_at=None, function=function)
        return _number_of(live)

    return batches.annotate(
        facts_has_rules=Exists(rules), facts_facilitators=crew(Function.FACILITATOR),
        facts_examiners=crew(Function.EXAMINER), facts_sessions=_number_of(sessions),
    )  # fmt: skip


def facts_of(batch: Batch) -> Facts:
    """Of one batch; one query, none when it came from with_facts."""
    names = {f"facts_{field.name}" for field in fields(Facts)}
    found = vars(batch) if names <= vars(batch).keys() else None
    found = found or with_facts(Batch.objects.filter(pk=batch.pk)).values(*names).get()
    return Facts(**{name.removeprefix("facts_"): found[name] for name in names})


def _number_of(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("batch").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def batch_readiness(batch: Batch, lsp: Lsp | None = None) -> list[Requirement]:
    """The list for the step that comes next; empty when nothing more has to be prepared."""
    if batch.status in BEFORE_OPEN:
        return to_open(batch, lsp)
    lists: dict[str, Callable[[Batch], list[Requirement]]] = {
        S.OPEN: to_start, S.CLOSED: to_start, S.RUNNING: to_examine,
    }  # fmt: skip
    return lists[batch.status](batch) if batch.status in lists else []


def to_open(batch: Batch, lsp: Lsp | None = None) -> list[Requirement]:
    """What opening the registration needs."""
    facts = facts_of(batch)
    return [
        *_dates(batch), _rules(facts), *_bnsp(batch, lsp or Lsp.current()), _venue(batch),
        *_staff(batch, facts, starting=False),
    ]  # fmt: skip


def to_reopen(batch: Batch) -> list[Requirement]:
    """What opening the registration once more needs."""
    return _dates(batch)


def to_start(batch: Batch) -> list[Requirement]:
    """What the first day needs."""
    seen = _("%(held)s peserta terkonfirmasi, paling sedikit %(least)s.")
    facts = facts_of(batch)
    return [
        _day_has_come(batch, "first_day", _("Hari pertama"), batch.starts_on),
        _sessions(facts),
        *_staff(batch, facts, starting=True),
        _venue(batch),
        Requirement(
            "quorum", _("Jumlah peserta"), batch.seats_held >= batch.min_people,
            seen % {"held": batch.seats_held, "least": batch.min_people}, blocks=False,
        ),
    ]  # fmt: skip


def to_examine(batch: Batch) -> list[Requirement]:
    """What the examination needs; a class may be ahead of its agenda."""
    day = _day_has_come(batch, "exam_day", _("Hari uji"), exam_starts_on(batch), blocks=False)
    return [day, *_staff(batch, facts_of(batch), starting=True)]


def letter_deadline(batch: Batch, lsp: Lsp | None = None) -> date:
    """Last day to send the application letter to BNSP: so many working days before the start (setting of the LSP)."""
    lsp = lsp or Lsp.current()
    return clock.add_working_days(batch.starts_on, -lsp.bnsp_lead_working_days)


def _dates(batch: Batch) -> list[Requirement]:
    lasts, ahead = batch.registration_closes_at > clock.now(), not batch.has_started()
    closes = moment(batch.registration_closes_at, batch.time_zone)
    days = [day.on for day in batch_days(batch) if day.on]
    holidays = [day for day in days if day.weekday() < 5 and not clock.is_working_day(day)]
    requirements = [
        Requirement(
            "window", _("Masa pendaftaran"), lasts,
            (_("Ditutup %(time)s.") if lasts else _("Sudah berakhir %(time)s. Perpanjang lebih dahulu."))
            % {"time": closes},
            mend="batches:update_batch",
        ),
        Requirement(
            "dates", _("Tanggal pelatihan"), ahead,
            (_("Dimulai %(day)s.") if ahead else _("Tanggal mulai, %(day)s, sudah tiba. Tulis tanggal lain."))
            % {"day": written_day(batch.starts_on)},
            mend="batches:update_batch",
        ),
    ]  # fmt: skip
    if holidays:
        detail = _("Jatuh pada hari libur atau cuti bersama: %(days)s.")
        named = ", ".join(written_day(day) for day in holidays)
        requirements.append(
            Requirement("holidays", _("Hari libur"), False, detail % {"days": named}, False, "batches:update_batch")
        )
    return requirements


def _rules(facts: Facts) -> Requirement:
    exist = facts.has_rules
    met, missing = _("Versi yang berlaku dipakai sampai angkatan selesai."), _("Skema ini belum memiliki aturan.")
    return Requirement("rules", _("Aturan kelayakan"), exist, met if exist else missing)


def _venue(batch: Batch) -> Requirement:
    detail = str(batch.venue) if batch.venue else _("Belum dipilih; peserta membaca “diumumkan kemudian”.")
    return Requirement("venue", _("Tempat"), batch.venue is not None, detail, False, "batches:update_batch")


def _bnsp(batch: Batch, lsp: Lsp) -> list[Requirement]:
    if not lsp.uses_bnsp_approval:
        return []
    approved = batch.status != S.DRAFT and bool(batch.approval_number)
    deadline = letter_deadline(batch, lsp)
    in_time = (batch.application_on or clock.today(batch.time_zone)) <= deadline
    words = {"day": written_day(deadline), "days": lsp.bnsp_lead_working_days}
    sentences = {
        True: _("Paling lambat %(day)s, yaitu %(days)s hari kerja sebelum pelatihan."),
        False: _("Seharusnya paling lambat %(day)s, yaitu %(days)s hari kerja sebelum pelatihan."),
    }
    steps = {
        S.DRAFT: (_("Kirim surat permohonan ke BNSP, lalu catat nomornya."), "batches:submit_to_bnsp"),
        S.SUBMITTED_TO_BNSP: (_("Catat nomor persetujuan dari BNSP."), "batches:record_bnsp_approval"),
    }
    todo, mend = steps.get(S(batch.status), ("", ""))
    seen = _("Nomor %(number)s.") % {"number": batch.approval_number}
    return [
        Requirement("lead_time", _("Tenggat surat ke BNSP"), in_time, sentences[in_time] % words, blocks=False),
        Requirement("approval", _("Persetujuan BNSP"), approved, seen if approved else todo, mend=mend),
    ]


def _sessions(facts: Facts) -> Requirement:
    number = facts.sessions
    seen = ngettext("%(n)s sesi pada jadwal.", "%(n)s sesi pada jadwal.", number) % {"n": number}
    detail = seen if number else _("Belum ada. Buat dari agenda, lalu atur ruang dan pengajarnya.")
    return Requirement("sessions", _("Jadwal"), number > 0, detail, mend="batches:schedule")


def _staff(batch: Batch, facts: Facts, *, starting: bool) -> list[Requirement]:
    return [
        _crew(
            "facilitators", _("Fasilitator"), facts.facilitators, facilitators_needed(batch),
            least=facilitators_needed(batch) if starting else 0,
        ),
        _crew(
            "examiners", _("Penguji"), facts.examiners, examiners_needed(batch),
            least=1 if starting else 0,
        ),
    ]  # fmt: skip


def _crew(code: str, label: str, have: int, needed: int, *, least: int) -> Requirement:
    """`needed` is what the scheme asks for; fewer than `least` block the step."""
    text = ngettext("%(have)s dari %(needed)s orang ditugaskan.", "%(have)s dari %(needed)s orang ditugaskan.", needed)
    detail = text % {"have": have, "needed": needed}
    return Requirement(code, label, have >= needed, detail, have < least, "batches:assign_staff")


def facilitators_needed(batch: Batch) -> int:
    """As the scheme says."""
    return batch.scheme.settings.get("class", {}).get("facilitators", 2)


def examiners_needed(batch: Batch) -> int:
    """As the scheme says, and enough for all candidates."""
    size = batch.scheme.settings.get("class", {})
    return max(size.get("examiners", 2), ceil(batch.seats_held / size.get("max_candidates_per_examiner", 12)))


def _day_has_come(batch: Batch, code: str, label: str, on: date, *, blocks: bool = True) -> Requirement:
    come = clock.today(batch.time_zone) >= on
    detail = _("Tanggal %(day)s sudah tiba.") if come else _("Menurut jadwal pada %(day)s.")
    return Requirement(code, label, come, detail % {"day": written_day(on)}, blocks, waits=not come)
