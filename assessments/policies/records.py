"""Who may record, correct and read; when it is possible is said by states and services."""

from accounts.models import User
from accounts.roles import Role
from assessments.models import Record, RolePlay
from assessments.states import AssessmentStatus, Mode, RecordStatus
from batches.models import Assignment

UNDECIDED = (AssessmentStatus.OPEN, AssessmentStatus.RECOMMENDED)


def can_start_record(user: User, play: RolePlay) -> bool:
    """Exams: the examiner of the play. Practice: that person, or anybody who serves the batch as senior assessor."""
    if Role.ASSESSOR not in user.roles:
        return False
    if play.assessor_id == user.pk:
        return True
    if Mode(play.round.rotation.mode).is_exam:
        return False
    return Assignment.objects.filter(batch=play.round.rotation.batch_id, person=user, released_at=None).exists()


def can_fill(user: User, record: Record) -> bool:
    """Only the recorder, while it is a draft."""
    return record.recorder_id == user.pk and record.status == RecordStatus.DRAFT


def can_correct(user: User, record: Record) -> bool:
    """Only the recorder, once it is signed and while nothing was decided on it."""
    assessment = record.role_play.assessment
    is_open = assessment is None or assessment.status in UNDECIDED
    return record.recorder_id == user.pk and record.status == RecordStatus.SIGNED and is_open
