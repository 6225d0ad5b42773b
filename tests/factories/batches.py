"""Schemes as shipped, and batches in any state, made through the services."""

from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from accounts.models import Lsp, RoleGrant, User
from accounts.roles import Role
from batches import reference, services
from batches.models import AgendaTemplate, Assignment, Batch, DocumentType, EducationLevel, RuleSet, Scheme, Venue
from core import clock
from tests.factories.rows import load_rows

numbers = count(1)


def load_schemes() -> None:
    """The shipped reference data, once per test database state."""
    if not Scheme.objects.exists():
        load_rows(reference.load, EducationLevel, DocumentType, AgendaTemplate, Scheme, RuleSet)


def make_scheme(code: str = "ASKOM-UMUM") -> Scheme:
    load_schemes()
    return Scheme.objects.get(code=code)


def make_venue(**fields) -> Venue:
    values = {"name": f"Gedung {next(numbers)}", "kind": "temporary", "address": "Jalan Merdeka 1", "city": "Jakarta"}
    return Venue.objects.create(**values | fields)


def make_assessor(**fields) -> User:
    number = next(numbers)
    user = User.objects.create_user(f"asesor{number}@example.test", **{"name": f"Asesor {number}"} | fields)
    RoleGrant.objects.create(user=user, role=Role.ASSESSOR)
    return user


def make_planner() -> User:
    """Somebody who plans; services trust their caller, so a grant is not needed."""
    return User.objects.get_or_create(email="perencana@example.test", defaults={"name": "Perencana"})[0]


def make_plan(**fields) -> services.BatchPlan:
    scheme = fields.pop("scheme", None) or make_scheme()
    agenda = fields.pop("agenda", None) or AgendaTemplate.objects.in_force().get(code=scheme.agenda_code)
    now = clock.now()
    starts_on = fields.pop("starts_on", clock.today() + timedelta(days=40))
    values = {
        "name": f"Angkatan {next(numbers)}",
        "scheme": scheme,
        "agenda": agenda,
        "time_zone": "Asia/Jakarta",
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=agenda.days - 1),
        "registration_opens_at": now - timedelta(days=1),
        "registration_closes_at": min(now + timedelta(days=20), _morning_of(starts_on)),
        "capacity": 24,
        "min_people": 1,
    }
    return services.BatchPlan(**values | fields)


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, time(8), ZoneInfo("Asia/Jakarta"))


def make_batch(*, staffed: bool = False, **fields) -> Batch:
    """An open batch that accepts registrations; `staffed` with two facilitators and two examiners."""
    batch = make_draft(staffed=staffed, **fields)
    Lsp.objects.get_or_create(pk=1, defaults={"name": "LSP Contoh", "short_name": "LSP", "uses_bnsp_approval": False})
    return services.open_batch(batch, by=make_planner())


def make_draft(*, staffed: bool = False, **fields) -> Batch:
    """A batch that nobody has opened."""
    by = make_planner()
    batch = services.create_batch(make_plan(**{"venue": None} | fields), by=by)
    if staffed:
        for function in Assignment.Function:
            for _number in range(2):
                services.assign_person(batch, make_assessor(), function, by=by)
    return batch
