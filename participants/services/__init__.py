"""The use cases of participants. Each is one transaction; `by` is who acts (None: the portal itself)."""

from participants.services.applications import accept_declarations, save_part, start_registration, submit_registration
from participants.services.decision_mails import discard_decision_mails, release_decisions
from participants.services.documents import (
    accept_all_documents,
    attach_document,
    judge_document,
    remove_document,
    update_document_fields,
)
from participants.services.endings import (
    cancel_batch,
    cancel_registration,
    complete_batch,
    purge_old_drafts,
    withdraw_registration,
)
from participants.services.identity import reveal_identity, save_identity
from participants.services.names import set_certificate_name
from participants.services.news import tell_schedule_changes
from participants.services.reminding import remind_participants
from participants.services.review import (
    answer_manual_check,
    claim_for_review,
    find_eligible,
    reject_registration,
    release_claim,
    reopen_after_objection,
    return_registration,
)
from participants.services.seats import (
    confirm_all_eligible,
    confirm_registration,
    promote_waiting,
    seats_move,
    sweep_seats,
)

__all__ = [
    "accept_all_documents",
    "accept_declarations",
    "answer_manual_check",
    "attach_document",
    "cancel_batch",
    "cancel_registration",
    "claim_for_review",
    "complete_batch",
    "discard_decision_mails",
    "confirm_all_eligible",
    "confirm_registration",
    "find_eligible",
    "judge_document",
    "promote_waiting",
    "purge_old_drafts",
    "reject_registration",
    "release_claim",
    "remind_participants",
    "release_decisions",
    "remove_document",
    "reopen_after_objection",
    "return_registration",
    "reveal_identity",
    "save_identity",
    "save_part",
    "seats_move",
    "set_certificate_name",
    "start_registration",
    "submit_registration",
    "sweep_seats",
    "tell_schedule_changes",
    "update_document_fields",
    "withdraw_registration",
]
