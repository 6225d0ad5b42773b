"""Reads whose answer is not a queryset of one model."""

from participants.facts import current_documents, evaluate_registration, gather_facts, load_reference, rule_set_of
from participants.selectors.next_step import WhatNow, history, what_now
from participants.selectors.parts import PartState, asked_parts, part_states
from participants.selectors.review import BatchRoster, batch_roster, identity_twins, review_queue
from participants.selectors.waiting import waiting_position, withdraw_fairly_until

__all__ = [
    "BatchRoster",
    "PartState",
    "WhatNow",
    "asked_parts",
    "batch_roster",
    "current_documents",
    "evaluate_registration",
    "gather_facts",
    "history",
    "identity_twins",
    "load_reference",
    "part_states",
    "review_queue",
    "rule_set_of",
    "waiting_position",
    "what_now",
    "withdraw_fairly_until",
]
