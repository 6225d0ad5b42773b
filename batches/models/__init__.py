"""Tables of planning: schemes and other reference data, venues, batches, their staff and their timetable."""

from batches.models.planning import Assignment, Batch, BatchQuerySet
from batches.models.reference_data import AgendaTemplate, DocumentType, EducationLevel, RuleSet, Scheme
from batches.models.timetable import Booking, GuestInstructor, Session, SessionKind, SessionQuerySet
from batches.models.venues import Room, Venue

__all__ = [
    "AgendaTemplate",
    "Assignment",
    "Batch",
    "BatchQuerySet",
    "Booking",
    "DocumentType",
    "EducationLevel",
    "GuestInstructor",
    "Room",
    "RuleSet",
    "Scheme",
    "Session",
    "SessionKind",
    "SessionQuerySet",
    "Venue",
]
