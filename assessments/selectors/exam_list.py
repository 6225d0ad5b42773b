"""Who may sit the exam of a batch, and who not yet, with why."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.selectors.attendance import attendance_of_batch, exam_gate
from assessments.selectors.plays import seated
from assessments.states import AssessmentStatus
from batches.models import Batch
from participants.models import Registration

HAS_RESULT = (AssessmentStatus.RECOMMENDED, AssessmentStatus.DECIDED)


@dataclass(frozen=True)
class LeftOut:
    """Somebody of the class who is not put into an exam plan; `waits`: for attendance, so a make-up clears it."""

    registration: Registration
    why: str
    waits: bool


@dataclass(frozen=True)
class ExamList:
    """The class in two parts, each by name."""

    admitted: list[Registration]
    left_out: list[LeftOut]

    def why_not(self, registration: Registration) -> str:
        """Why this person is not admitted; "" if they are."""
        return next((one.why for one in self.left_out if one.registration.pk == registration.pk), "")


def exam_list(batch: Batch) -> ExamList:
    """Splits the class by the attendance gate and by who has a result already; four queries."""
    facts = attendance_of_batch(batch)
    live = Assessment.objects.live().filter(registration=OuterRef("pk")).order_by("-attempt")
    admitted, left_out = [], []
    for person in seated(batch).annotate(attempt_status=Subquery(live.values("status")[:1])):
        gate = exam_gate(batch, facts[person.pk])
        if person.attempt_status in HAS_RESULT:
            left_out.append(LeftOut(person, _("Sudah memiliki hasil uji."), waits=False))
        elif not gate.met:
            left_out.append(LeftOut(person, gate.detail, waits=True))
        else:
            admitted.append(person)
    return ExamList(admitted, left_out)
