"""The use cases of assessments, one module per noun. Each is one transaction; `by` is who acts."""

from assessments.services.appeals import (
    accept_appeal,
    appoint_panel,
    close_appeal,
    decide_appeal,
    file_appeal,
    reject_appeal_formally,
    withdraw_appeal,
)
from assessments.services.attempts import complete_batch, open_retake, void_assessment
from assessments.services.attendance import Mark, approve_make_up, mark_all_present, mark_attendance
from assessments.services.exam_plays import plan_late_exam, plan_retake
from assessments.services.following import follow_all_sessions, follow_sessions
from assessments.services.independence import declare_relation, end_relation, grant_waiver
from assessments.services.publishing import publish_rotation
from assessments.services.records import (
    correct_record,
    save_play_decision,
    set_methods,
    start_record,
    void_record,
)
from assessments.services.reminding import remind_assessors
from assessments.services.results import decide_results, recommend, release_results, send_back
from assessments.services.role_plays import (
    arrange_play,
    assign_assessor,
    cancel_play,
    set_external_asesi,
    set_play_room,
)
from assessments.services.rotation_plans import make_rotation
from assessments.services.rounds import end_round, start_round
from assessments.services.signing import sign_record
from assessments.services.taps import record_tap, resolve_conflict, save_sheet

__all__ = [
    "Mark",
    "accept_appeal",
    "appoint_panel",
    "approve_make_up",
    "arrange_play",
    "assign_assessor",
    "cancel_play",
    "close_appeal",
    "complete_batch",
    "correct_record",
    "decide_appeal",
    "decide_results",
    "declare_relation",
    "end_relation",
    "end_round",
    "file_appeal",
    "follow_all_sessions",
    "follow_sessions",
    "grant_waiver",
    "make_rotation",
    "mark_all_present",
    "mark_attendance",
    "open_retake",
    "plan_late_exam",
    "plan_retake",
    "publish_rotation",
    "recommend",
    "record_tap",
    "reject_appeal_formally",
    "release_results",
    "remind_assessors",
    "resolve_conflict",
    "save_play_decision",
    "save_sheet",
    "send_back",
    "set_external_asesi",
    "set_methods",
    "set_play_room",
    "sign_record",
    "start_record",
    "start_round",
    "void_assessment",
    "void_record",
    "withdraw_appeal",
]
