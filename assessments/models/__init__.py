"""Tables of the class: attendance, rotations, what was recorded, and what was decided."""

from assessments.models.attendance import Attendance
from assessments.models.decisions import Appeal, Assessment, Decision, DutyEntry
from assessments.models.independence import Relation, Waiver
from assessments.models.plays import RolePlay, Rotation, Round, Seat
from assessments.models.records import PlayDecision, Rating, RatingEvent, Record, UnitResult
from assessments.models.reference_data import Rubric

__all__ = [
    "Appeal",
    "Assessment",
    "Attendance",
    "Decision",
    "DutyEntry",
    "PlayDecision",
    "Rating",
    "RatingEvent",
    "Record",
    "Relation",
    "RolePlay",
    "Rotation",
    "Round",
    "Rubric",
    "Seat",
    "UnitResult",
    "Waiver",
]
