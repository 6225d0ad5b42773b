"""Ties between assessors and people, and the exceptions that a director grants."""

from accounts.models import User
from accounts.roles import Role
from assessments.errors.independence import (
    OnlyDirectorWaives,
    OwnRelationOnly,
    OwnWaiver,
    RelationEnded,
    RelationToOneself,
    WaiverOutsideBatch,
    WaiverReasonNeeded,
)
from assessments.models import Relation, Waiver
from assessments.states import WaivedRule
from batches.errors import NotAnAssessor
from batches.models import Batch
from batches.services import lock_batch
from core import audit, clock
from core.patience import patient
from participants.models import Person, Registration


@patient
def declare_relation(assessor: User, person: Person, kind: str, note: str = "", *, by: User) -> Relation:
    """A live tie of `kind` between the two; the same twice is one. By the assessor or an admin (OwnRelationOnly).

    It blocks exams from now on; what was recorded stays.
    """
    if by.pk != assessor.pk and Role.ADMIN not in by.roles:
        raise OwnRelationOnly
    if Role.ASSESSOR not in assessor.roles:
        raise NotAnAssessor(name=assessor)
    if person.user_id == assessor.pk:
        raise RelationToOneself
    kind, note = Relation.Kind(kind), note.strip()
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    live = Relation.objects.filter(assessor=assessor, person=person, kind=kind, ended_at=None).first()
    if live:
        return live
    relation = Relation.objects.create(assessor=assessor, person=person, kind=kind, note=note, declared_by=by)
    audit.record(
        "relation_declared", relation, by=by, subject_id=person.user_id, label=str(assessor),
        changes={"kind": ("", kind.value)}, reason=note,
    )  # fmt: skip
    return relation


@patient
def end_relation(relation: Relation, *, by: User) -> Relation:
    """The tie no longer holds; it stays on record. By the assessor or an admin (OwnRelationOnly). RelationEnded."""
    relation = (
        Relation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("assessor", "person")
        .get(pk=relation.pk)
    )
    if by.pk != relation.assessor_id and Role.ADMIN not in by.roles:
        raise OwnRelationOnly
    if relation.ended_at:
        raise RelationEnded
    relation.ended_at, relation.ended_by = clock.now(), by
    relation.save(update_fields=["ended_at", "ended_by"])
    audit.record(
        "relation_ended", relation, by=by, subject_id=relation.person.user_id, label=str(relation.assessor),
        changes={"kind": (relation.kind, "")},
    )  # fmt: skip
    return relation


@patient
def grant_waiver(
    batch: Batch, rule: str, assessor: User, registration: Registration | None, reason: str, *, by: User
) -> Waiver:
    """A director lets one rule pass for an assessor, for one person or (None) the whole class. Never edited.

    OnlyDirectorWaives, OwnWaiver for oneself or for one's own exam, WaiverReasonNeeded, WaiverOutsideBatch.
    """
    if Role.DIRECTOR not in by.roles:
        raise OnlyDirectorWaives
    if assessor.pk == by.pk or (registration and registration.person.user_id == by.pk):
        raise OwnWaiver
    reason = reason.strip()
    if not reason:
        raise WaiverReasonNeeded
    batch = lock_batch(batch.pk)
    if registration and registration.batch_id != batch.pk:
        raise WaiverOutsideBatch(name=registration.person)
    waiver = Waiver.objects.create(
        batch=batch, rule=WaivedRule(rule), assessor=assessor, registration=registration, reason=reason, granted_by=by
    )
    subject = registration.person.user_id if registration else assessor.pk
    audit.record(
        "waiver_granted", batch, by=by, subject_id=subject, reason=reason,
        changes={"rule": ("", waiver.rule), "assessor": ("", str(assessor))},
    )  # fmt: skip
    return waiver
