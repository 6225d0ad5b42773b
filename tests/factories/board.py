"""A portal in which something waits everywhere, as rows: for the board and the lists behind it."""

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import Lsp
from assessments.states import AssessmentStatus, Mode, RolePlayStatus
from batches.models import Batch, Session
from batches.states import BatchStatus
from certificates.models import Certificate
from certificates.rendering import SAMPLE
from core import clock
from core.jobs import LOST
from core.models import Job, JobStatus
from notifications.models import Email
from notifications.states import EmailStatus
from participants.models import Registration
from participants.states import RegistrationStatus as S
from tests.factories.attendance import attend_all
from tests.factories.batches import make_batch, make_planner
from tests.factories.classes import make_class, people_of
from tests.factories.participants import make_registration
from tests.factories.plays import make_play
from tests.factories.results import make_appeal, make_attempt, make_result
from tests.factories.staging import hold_decision


def sign_lsp() -> Lsp:
    """An LSP that can sign certificates and opens batches by itself."""
    values = {"name": "LSP Contoh", "short_name": "LSP", "uses_bnsp_approval": False}
    lsp, _made = Lsp.objects.get_or_create(pk=1, defaults=values)
    lsp.signatories = [{"name": "Hendra Wijaya", "title": "Direktur", "number": ""}]
    lsp.save(update_fields=["signatories"])
    return lsp


def make_certificate(registration: Registration, seq: int | None = None, **fields) -> Certificate:
    """An issued certificate as a row, by default without its file."""
    seq = seq or Certificate.objects.count() + 1
    values = {
        "year": clock.today().year, "seq": seq, "number": f"{seq:06d}/TOT/LSP/XI/2026",
        "facts": SAMPLE.to_json() | {"name": registration.person.full_name, "batch_name": registration.batch.name},
        "issued_at": clock.now(), "issued_by": make_planner(),
    }  # fmt: skip
    return Certificate.objects.create(registration=registration, **values | fields)


def confirm_name(registration: Registration, name: str = "") -> Registration:
    """The person has said how the name is printed."""
    registration.certificate_name = name or registration.person.full_name
    registration.name_confirmed_at, registration.name_confirmed_by = clock.now(), registration.person.user
    registration.save(update_fields=["certificate_name", "name_confirmed_at", "name_confirmed_by"])
    return registration


def make_exam_class(people: int = 8) -> Batch:
    """A class on its last day in which everybody was always there, all with confirmed names, nobody with a result."""
    batch = make_class(people, status=BatchStatus.EXAMINING, starts_in=-20)
    attend_all(batch)
    for person in people_of(batch):
        confirm_name(person)
    return batch


def make_busy(people: int = 8) -> Batch:
    """One exam class with something of every kind, a queue before an open batch, a mail and a job that failed."""
    sign_lsp()
    batch = make_exam_class(people)
    ready, failed, decided, recommended, certified, *others = people_of(batch)
    make_result(ready)
    make_appeal(make_result(failed, "BK"))
    make_result(decided, released=False)
    make_attempt(recommended, AssessmentStatus.RECOMMENDED)
    make_result(certified)
    make_certificate(certified)
    for person in others:
        make_play(batch, Mode.SUMMATIVE, asesor=person, status=RolePlayStatus.FINISHED)
    last = Session.objects.countable().filter(batch=batch).last()
    last.attendances.all().delete()
    Session.objects.filter(batch=batch, order=1, day=1).update(period=_now())
    make_queue()
    Email.objects.create(
        kind="receipt", to_address="siti@contoh.test", language="id", status=EmailStatus.FAILED, failure_reason="lost:"
    )
    Job.objects.create(
        kind="confirm_registrations", owner=make_planner(), status=JobStatus.FAILED, failure_reason=LOST, total=1
    )
    return batch


def make_queue(batch: Batch | None = None) -> None:
    """One registration in each state that the desk counts; the mail of the one that waits for a seat is held."""
    batch = batch or make_batch()
    for status in (S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.ELIGIBLE):
        make_registration(status, batch=batch)
    hold_decision(make_registration(S.WAITLISTED, batch=batch))


def _now() -> DateTimeTZRange:
    return DateTimeTZRange(clock.now(), clock.now() + timedelta(minutes=90))
