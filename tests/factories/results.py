"""Attempts with their decisions, and appeals, as rows: without the sheets that a real one is made from."""

from datetime import timedelta
from itertools import count
from typing import Any

from accounts.models import User
from accounts.roles import Role
from assessments.models import Appeal, Assessment, Decision
from assessments.states import AppealStatus, AssessmentStatus
from core import clock
from participants.models import Registration
from tests.factories.accounts import make_user

numbers = count(1)
UNITS = ("MAPA", "MA", "MKVA")
FAILED = {"MAPA": "PLN-01", "MA": "PRA-02", "MKVA": "VAL-03"}


def make_attempt(registration: Registration, status: str = AssessmentStatus.OPEN, **fields: Any) -> Assessment:
    """The next attempt of a person."""
    attempt = Assessment.objects.filter(registration=registration).count() + 1
    if status == AssessmentStatus.VOID:
        fields = {"void_reason": "Tidak hadir pada hari uji."} | fields
    values = {"attempt": attempt, "units": list(UNITS), "status": status}
    return Assessment.objects.create(registration=registration, **values | fields)


def make_result(
    registration: Registration,
    result: str = "K",
    *,
    released: bool = True,
    failed: tuple[str, ...] = ("MKVA",),
    units: tuple[str, ...] = UNITS,
    by: User | None = None,
    **fields: Any,
) -> Decision:
    """A decided attempt of a person; of a BK the `failed` units are BK. `fields` go to the decision."""
    assessment = make_attempt(registration, AssessmentStatus.DECIDED, units=list(units))
    by = by or _director()
    bad = [unit for unit in units if unit in failed] if result == "BK" else []
    values: dict[str, Any] = {
        "result": result,
        "units": [unit_row(unit, is_bad=unit in bad) for unit in units],
        "reasons": [{"code": "units_not_competent", "items": bad}] if result == "BK" else [],
        "decided_by": by,
    }
    if released:
        values |= {"released_at": clock.now(), "released_by": by}
    return Decision.objects.create(assessment=assessment, **values | fields)


def unit_row(unit: str, *, is_bad: bool = False) -> dict[str, Any]:
    """One unit of a decision, as the services write it."""
    row: dict[str, Any] = {
        "unit": unit,
        "result": "K",
        "reasons": [],
        "failed_items": [],
        "gap_note": "",
        "followups": [],
    }
    if is_bad:
        item = FAILED[unit]
        row |= {
            "result": "BK", "reasons": [{"code": "critical_not_met", "items": [item]}], "failed_items": [item],
            "gap_note": "FR.MAPA.01, KUK 1.2.", "followups": ["uji_ulang_unit"],
        }  # fmt: skip
    return row


def make_appeal(decision: Decision, status: str = AppealStatus.FILED, **fields: Any) -> Appeal:
    """An appeal against a decision."""
    if status in (AppealStatus.UPHELD, AppealStatus.DISMISSED, AppealStatus.REJECTED_FORMALLY, AppealStatus.CLOSED):
        outcome = AppealStatus.DISMISSED if status == AppealStatus.CLOSED else status
        fields = {"outcome": outcome, "outcome_text": "Bukti sudah kami periksa lagi."} | fields
    values = {
        "status": status,
        "grounds": "Penilai tidak melihat berkas validasi yang saya serahkan.",
        "answer_due_on": clock.today() + timedelta(days=14),
    }
    return Appeal.objects.create(decision=decision, **values | fields)


def _director() -> User:
    found = User.objects.filter(role_grants__role=Role.DIRECTOR, role_grants__revoked_at=None).first()
    return found or make_user(name="Hendra Wijaya", role=Role.DIRECTOR)
