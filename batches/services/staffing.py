"""Who serves a batch."""

from collections.abc import Iterable

from accounts.models import User
from accounts.roles import Role
from batches.errors import AssignedTwice, NotAnAssessor, StaffIsFixed
from batches.models import Assignment, Batch, GuestInstructor
from batches.services.bookings import book_staff, coming_sessions, lock_takers, unbook
from batches.services.seats import lock_batch
from batches.states import STAFFED
from core import audit, clock
from core.patience import patient


@patient
def assign_person(batch: Batch, person: User, function: str, *, by: User) -> Assignment:
    """`person` serves as facilitator or examiner and is booked for the coming sessions of that duty where free.

    The same duty twice is one. Who is told of changes from now on knows the timetable as it is.
    NotAnAssessor without the role; AssignedTwice with the other duty in this batch; StaffIsFixed once it is over.
    """
    batch = lock_batch(batch.pk)
    if batch.status not in STAFFED:
        raise StaffIsFixed
    if Role.ASSESSOR not in person.roles:
        raise NotAnAssessor(name=person)
    live = Assignment.objects.filter(batch=batch, person=person, released_at=None).first()
    if live and live.function != function:
        raise AssignedTwice(name=person, function=live.get_function_display())
    if live:
        return live
    assignment = Assignment.objects.create(
        batch=batch, person=person, function=function, assigned_by=by, assigned_at=clock.now(),
        told_schedule_version=batch.schedule_version,
    )  # fmt: skip
    GuestInstructor.objects.filter(batch=batch, person=person).delete()
    book_staff(batch, [assignment], coming_sessions(batch))
    audit.record("person_assigned", batch, by=by, subject_id=person.pk, changes={"function": ("", function)})
    return assignment


@patient
def release_person(assignment: Assignment, *, by: User) -> Assignment:
    """Ends a duty and frees the person from coming sessions; it stays on record.

    StaffIsFixed once the batch is over.
    """
    batch = lock_batch(assignment.batch_id)
    if batch.status not in STAFFED:
        raise StaffIsFixed
    assignment = Assignment.objects.select_related("batch", "person").get(pk=assignment.pk)
    if assignment.released_at is None:
        assignment.released_at, assignment.released_by = clock.now(), by
        assignment.save(update_fields=["released_at", "released_by"])
        unbook(batch, assignment.person)
        audit.record(
            "person_released", assignment.batch, by=by, subject_id=assignment.person_id,
            changes={"function": (assignment.function, "")},
        )  # fmt: skip
    return assignment


@patient
def set_staff(batch: Batch, *, facilitators: Iterable[User], examiners: Iterable[User], by: User) -> None:
    """Exactly these people serve: others are released first, then the new ones assigned. Errors as assign_person."""
    batch = lock_batch(batch.pk)
    wanted = {(person.pk, Assignment.Function.FACILITATOR): person for person in facilitators}
    wanted |= {(person.pk, Assignment.Function.EXAMINER): person for person in examiners}
    live = Assignment.objects.filter(batch=batch, released_at=None).select_related("batch", "person")
    lock_takers({pk for pk, _function in wanted} | {assignment.person_id for assignment in live})
    for assignment in live:
        if wanted.pop((assignment.person_id, assignment.function), None) is None:
            release_person(assignment, by=by)
    for (_pk, function), person in sorted(wanted.items(), key=lambda item: item[0]):
        assign_person(batch, person, function, by=by)
