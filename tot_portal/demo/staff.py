"""The LSP of the demo, its staff, and how they plan and run a batch."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from accounts.models import Lsp, User
from accounts.roles import STAFF, Role
from accounts.services import grant_role, update_lsp
from batches import services as planning
from batches.models import AgendaTemplate, Batch, Scheme, Venue
from core import clock
from tot_portal.demo.application import make_user
from tot_portal.demo.people import PEOPLE

if TYPE_CHECKING:
    from tot_portal.demo.story import Stage

LSP = {
    "name": "LSP Contoh Nusantara",
    "short_name": "LSP Contoh",
    "kind": Lsp.Kind.P3,
    "licence_number": "BNSP-LSP-0000-ID (contoh)",
    "address": "Jalan Merdeka Nomor 1, Jakarta Pusat",
    "phone": "021-555-0100",
    "email": "halo@lsp-contoh.test",
    "office_hours": gettext_noop("Senin–Jumat pukul 08.00–16.00 WIB"),
    "signatories": [{"name": "Hendra Wijaya", "title": "Direktur LSP Contoh", "number": ""}],
    "certificate_code": "LSP-CN",
}
MORE_ASSESSORS = ["Sri Mulatsih", "Gede Wirawan", "Yohana Tuasikal", "Ratna Dewanti"]  # the last serves no batch
VENUES = [
    ("TUK Gedung Merdeka", "Jakarta", "Asia/Jakarta"),
    ("TUK SMK Negeri Contoh", "Makassar", "Asia/Makassar"),
]
ROOMS = [("Ruang Cendana", 30), ("Ruang Melati", 16)]


def hire() -> dict[Role, list[User]]:
    """Sets up the LSP and its staff, as on the first day of an installation."""
    update_lsp(LSP, by=None)
    people: dict[Role, list[User]] = {role: [] for role in Role}
    for person in PEOPLE:
        people[person.role].append(make_user(person.email, person.name))
    for number, name in enumerate(MORE_ASSESSORS, start=2):
        people[Role.ASSESSOR].append(make_user(f"asesor{number}@contoh.test", name))
    for role in STAFF:
        for user in people[role]:
            grant_role(user, role, by=None)
    return {role: list(User.objects.filter(pk__in=[user.pk for user in users])) for role, users in people.items()}


def add_venues(by: User) -> None:
    for name, city, zone in VENUES:
        values = {"name": name, "kind": Venue.Kind.TEMPORARY, "address": "Jalan Pahlawan 10", "city": city}
        venue = planning.save_venue(None, values | {"time_zone": zone}, by=by)
        for room, capacity in ROOMS:
            planning.save_room(venue, None, name=room, capacity=capacity, by=by)


def plan_batch(
    stage: "Stage",
    *,
    name: str,
    scheme: str,
    planned: int,
    starts: int,
    capacity: int,
    minimum: int,
    turned: bool = False,
) -> Batch:
    """Created, sent to BNSP, approved and opened; `planned` and `starts` are days from today.

    Two assessors train and two examine; `turned`: the other way round.
    """
    trainers, examiners = stage.assessors[:2], stage.assessors[2:4]
    if turned:
        trainers, examiners = examiners, trainers
    chosen = Scheme.objects.get(code=scheme)
    agenda = AgendaTemplate.objects.in_force().get(code=chosen.agenda_code)
    first_day = stage.day(starts).date() if starts < 0 else clock.today() + timedelta(days=starts)
    venue = Venue.objects.all()[planned % 2]
    plan = planning.BatchPlan(
        name=name, scheme=chosen, agenda=agenda, time_zone=venue.time_zone, venue=venue,
        starts_on=first_day, ends_on=first_day + timedelta(days=agenda.days - 1),
        registration_opens_at=stage.day(planned + 14), registration_closes_at=_closing(stage, starts),
        capacity=capacity, min_people=minimum,
        facilitators=trainers, examiners=examiners,
    )  # fmt: skip
    with stage.at(stage.day(planned)):
        batch = planning.create_batch(plan, by=stage.admin)
        planning.submit_to_bnsp(batch, number=f"0{-planned}/LSP-C/2026", on=clock.today(), by=stage.admin)
    with stage.at(stage.day(planned + 12)):
        planning.record_bnsp_approval(batch, number=f"B.{-planned * 7}/BNSP/2026", on=clock.today(), by=stage.admin)
    with stage.at(stage.day(planned + 14)):
        return planning.open_batch(batch, by=stage.admin)


def _closing(stage: "Stage", starts: int):
    """Five days before the first day, at 17.00 in Jakarta."""
    return stage.now.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=starts - 5)
