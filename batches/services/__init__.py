"""The use cases of batches. Each is one transaction; `by` is who acts (None: the portal itself)."""

from batches.plan import BatchPlan
from batches.services.lifecycle import (
    archive_batch,
    back_to_draft,
    close_registration,
    mark_cancelled,
    mark_completed,
    open_batch,
    record_bnsp_approval,
    reopen_registration,
    start_batch,
    start_examination,
    submit_to_bnsp,
)
from batches.services.news import QUIET, begin_telling, not_yet_told, tell_schedule_changes
from batches.services.planning import create_batch, update_batch
from batches.services.rooms import delete_room, save_room
from batches.services.seats import change_capacity, give_seat_back, lock_batch, take_seat
from batches.services.sessions import SessionPlan, add_session, cancel_session, update_session
from batches.services.staffing import assign_person, release_person, set_staff
from batches.services.timetable import make_sessions
from batches.services.venues import save_venue

__all__ = [
    "BatchPlan",
    "QUIET",
    "SessionPlan",
    "add_session",
    "archive_batch",
    "assign_person",
    "back_to_draft",
    "begin_telling",
    "cancel_session",
    "change_capacity",
    "close_registration",
    "create_batch",
    "delete_room",
    "give_seat_back",
    "lock_batch",
    "make_sessions",
    "mark_cancelled",
    "mark_completed",
    "not_yet_told",
    "open_batch",
    "record_bnsp_approval",
    "release_person",
    "reopen_registration",
    "save_room",
    "save_venue",
    "set_staff",
    "start_batch",
    "start_examination",
    "submit_to_bnsp",
    "take_seat",
    "tell_schedule_changes",
    "update_batch",
    "update_session",
]
