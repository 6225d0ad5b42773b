"""The three outcomes, and the reasons of each rule type.

A reason decides its outcome: REASONS is the only place that says which. Reasons are stored in snapshots, so add new
ones and never rename. Each has its sentences in `wording_person` and `wording_papers`.
"""

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """On the screen: Memenuhi, Perlu bukti, Belum memenuhi."""

    MET = "met"
    NEEDS_PROOF = "needs_proof"
    NOT_MET = "not_met"


_RANK = {Outcome.NOT_MET: 0, Outcome.NEEDS_PROOF: 1, Outcome.MET: 2}


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """All must hold. Of nothing: met."""
    return min(outcomes, key=_RANK.__getitem__, default=Outcome.MET)


def best(outcomes: Iterable[Outcome]) -> Outcome:
    """One is enough. Of nothing: not met."""
    return max(outcomes, key=_RANK.__getitem__, default=Outcome.NOT_MET)


def _reasons(met: str = "", needs_proof: str = "", not_met: str = "") -> dict[str, Outcome]:
    return (
        dict.fromkeys(met.split(), Outcome.MET)
        | dict.fromkeys(needs_proof.split(), Outcome.NEEDS_PROOF)
        | dict.fromkeys(not_met.split(), Outcome.NOT_MET)
    )


# A value that suffices and waits for its paper. `prepare` is the quick check's word for "not uploaded".
_PAPER = " not_uploaded prepare document_pending document_returned"

REASONS: dict[str, dict[str, Outcome]] = {
    "identity_valid": _reasons("ok verified", "unanswered nik_differs", "nik_required nik_fault passport_fault"),
    "age_between": _reasons("ok", "unanswered", "too_young too_old"),
    "education_min": _reasons("ok", "unanswered level_unknown" + _PAPER, "too_low"),
    "experience_min_years": _reasons("ok", "unanswered field_unclear" + _PAPER, "none_written too_short"),
    "certificate_held": _reasons(
        "ok", "level_unknown scheme_unclear validity_unknown" + _PAPER, "absent expired level_low"
    ),
    "document_present": _reasons("ok", "prepare", "absent returned too_old"),
    "document_approved": _reasons("ok", "pending prepare", "absent returned"),
    "declaration_accepted": _reasons("ok", "prepare", "not_accepted"),
    "expiry_window": _reasons("ok", "validity_unknown" + _PAPER, "absent too_early too_late"),
    "assessments_min": _reasons("ok", "unanswered period_unclear" + _PAPER, "absent too_few"),
    "no_active_duplicate": _reasons("ok", "duplicate_check"),
    "manual_check": _reasons("ok", "staff_check", "staff_refused"),
    "all_of": _reasons("ok", "parts_need_proof", "parts_not_met"),
}
