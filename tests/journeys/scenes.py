"""What journeys start from, made inside the portal under test: classes on the day on which the clicks begin.

Each call makes a batch, a venue and people of its own. What a scene returns names them by the words on the screen.
"""

from datetime import timedelta
from itertools import count
from typing import Any

from django.db import transaction

from accounts.models import Lsp, User
from assessments.rubric import read
from assessments.states import Mode
from batches import services as planning
from batches.models import Assignment, Batch, Scheme, Session
from batches.states import BatchStatus
from batches.wording import period_hours
from core import clock
from core.files import write_sealed
from core.models import StoredFile
from notifications.models import Email
from notifications.selectors import forget_mail_trouble
from notifications.states import EmailStatus
from participants.models import Registration
from participants.states import LIVE
from participants.states import RegistrationStatus as S
from tests.factories import accounts, batches, classes, participants
from tests.factories.attendance import attend_all
from tests.factories.certificates import confirm_name
from tests.factories.participants import make_nik, make_person, make_registration, make_user, registration_in
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign
from tests.factories.schedule import as_planned, make_room
from tests.journeys.people import PASSWORD
from tot_portal.demo.people import BY_ROLE
from tot_portal.demo_files import jpeg_bytes

GIVEN = (
    "Adinda", "Bayu", "Citra", "Dimas", "Eka", "Farhan", "Gita", "Hasan", "Intan", "Jaka", "Kirana", "Laras",
)  # fmt: skip
FAMILY = ("Anggraini", "Hidayat", "Kusnadi", "Nainggolan", "Pratama", "Setiawan", "Tarigan")
STAFF = ("Wayan Sudarma", "Lusiana Manurung", "Taufik Ramadhan", "Dian Puspita")
# Whoever makes a batch is proposed the staff of the last one of its scheme: this is not the scheme of other journeys.
SCHEME = "ASKOM-KONSTRUKSI"
ROOMS = ("Ruang Anggrek", "Ruang Kenanga")
Told = dict[str, Any]


@transaction.atomic
def eligible_people(batch: str, number: int) -> Told:
    """That many people with a password who applied for an open batch and were found eligible by Rina."""
    _count_on()
    told = []
    for given, family in zip(GIVEN[:number], FAMILY, strict=False):
        user = accounts.make_user(name=f"{given} {family}", password=PASSWORD)
        person = make_person(user, nik=(nik := make_nik()))
        registration_in(S.ELIGIBLE, batch=Batch.objects.get(name=batch), person=person, by=_demo("admin"))
        told.append({"name": user.name, "email": user.email, "nik": nik})
    for paper in StoredFile.objects.filter(storage_name__startswith="xx/"):  # the factory keeps rows only
        write_sealed(paper, jpeg_bytes("UJI"))
    return {"people": told}


@transaction.atomic
def first_day(people: int) -> Told:
    """A class on its first day, Siti in it. Another class in that building has a room and a trainer at the same time.

    The session is the first that weighs something; somebody is free to teach it.
    """
    batch, other = _make_class(people - 1, starts_in=0), _make_class(0, starts_in=0)
    _seat(_siti(), batch)
    Batch.objects.filter(pk=other.pk).update(venue=batch.venue)
    other.refresh_from_db()
    free, taken = (make_room(batch, name=name, capacity=30) for name in ROOMS)
    session, theirs = (_first_lesson(one) for one in (batch, other))
    trainer, spare = classes.facilitators_of(other)[0], batches.make_assessor(name=f"Ayu Paramita {batch.pk}")
    plan = as_planned(theirs, rooms=[taken], instructors=[trainer])
    planning.update_session(theirs, plan, version=theirs.version, by=batches.make_planner())
    return {
        "batch": batch.name, "other": other.name, "people": _names(batch), "trainer": trainer.name, "spare": spare.name,
        "session": session.title, "hours": period_hours(session.period, batch.time_zone), "free": free.name,
        "taken": taken.name, "own": [f"{person.name}, fasilitator" for person in classes.facilitators_of(batch)],
    }  # fmt: skip


@transaction.atomic
def exam_play() -> Told:
    """An exam that Bambang records today, with every method and an objection, so that all criteria apply."""
    batch = _make_class(2, starts_in=-4, status=BatchStatus.EXAMINING)
    _let_bambang_examine(batch)
    methods = tuple(one.code for one in read(classes.make_rubric().content).methods)
    play = make_play(batch, Mode.SUMMATIVE, assessor=_demo("assessor"), methods=methods, has_objection=True)
    return {"batch": batch.name, "person": _names(batch)[0], "play": play.code}


@transaction.atomic
def recommended_class(people: int) -> Told:
    """A class whose examiners have signed everything. All were always there and confirmed their names, but Siti."""
    batch = _make_class(people - 1, starts_in=-20, status=BatchStatus.EXAMINING)
    siti = _seat(_siti(), batch)
    attend_all(batch)
    for registration in classes.people_of(batch):
        sign(make_record(make_play(batch, Mode.SUMMATIVE, asesor=registration, asesi="Mahasiswa praktik")))
        if registration != siti:
            confirm_name(registration)
    return {"batch": batch.name, "people": _names(batch), "registration": siti.code}


@transaction.atomic
def small_class(people: int) -> Told:
    """A class on its exam day: nobody's attendance is marked, and Bambang has Siti's exam to record.

    The others are recommended already, and everybody has confirmed the name.
    """
    batch = _make_class(people - 1, starts_in=-20, status=BatchStatus.EXAMINING)
    _let_bambang_examine(batch)
    siti = _seat(_siti(), batch)
    first = _first_lesson(batch)
    attend_all(batch, except_=[first])
    for registration in classes.people_of(batch):
        confirm_name(registration)
        if registration != siti:
            sign(make_record(make_play(batch, Mode.SUMMATIVE, asesor=registration, asesi="Mahasiswa praktik")))
    make_play(batch, Mode.SUMMATIVE, asesor=siti, asesi="Mahasiswa praktik", assessor=_demo("assessor"))
    return {"batch": batch.name, "people": _names(batch), "session": first.title, "registration": siti.code}


# --- classes and people


def _make_class(people: int, **fields: Any) -> Batch:
    """Staffed, with its timetable and seated people. Siti's other classes are over: nobody is twice in a scheme.

    The LSP of the portal waits for BNSP before it opens a batch; this one has been opened long ago.
    """
    number = _count_on()
    Registration.objects.filter(person__user=_siti(), status__in=LIVE).update(status=S.COMPLETED)
    Lsp.objects.update(uses_bnsp_approval=False)
    batch = classes.make_class(0, scheme=Scheme.objects.get(code=SCHEME), name=f"Angkatan {number}", **fields)
    Lsp.objects.update(uses_bnsp_approval=True)
    for assignment, name in zip(batch.assignments.order_by("pk"), STAFF, strict=True):
        User.objects.filter(pk=assignment.person_id).update(name=f"{name} {number}")
    for index in range(people):
        family = FAMILY[(index // len(GIVEN) + number) % len(FAMILY)]
        _seat(make_user(f"{GIVEN[index % len(GIVEN)]} {family}"), batch)
    return batch


def _count_on() -> int:
    """Factories count from one in each process: on to numbers that no row of this database has. Returns the first."""
    first = 1000 + 50 * User.objects.count()
    for module in (accounts, batches, classes, participants):
        module.numbers = count(first)
    return first


def _seat(user: User, batch: Batch) -> Registration:
    person = getattr(user, "person", None) or make_person(user)
    return make_registration(S.CONFIRMED, batch=batch, person=person)


def _first_lesson(batch: Batch) -> Session:
    return batch.sessions.countable().filter(jp__gt=0).order_by("period").first()


def _let_bambang_examine(batch: Batch) -> None:
    planning.assign_person(batch, _demo("assessor"), Assignment.Function.EXAMINER, by=batches.make_planner())


def _siti() -> User:
    return _demo("participant")


def _demo(role: str) -> User:
    """The person whom the demo's bar lets in."""
    return User.objects.get(email=BY_ROLE[role].email)


def _names(batch: Batch) -> list[str]:
    return [one.person.full_name for one in classes.people_of(batch)]


def mail_waits_long() -> Told:
    """What waits for its next attempt waits for eleven minutes already."""
    since = clock.now() - timedelta(minutes=11)
    waiting = Email.objects.filter(status=EmailStatus.RETRYING)
    told = {"number": waiting.update(created_at=since)}
    forget_mail_trouble()
    return told
