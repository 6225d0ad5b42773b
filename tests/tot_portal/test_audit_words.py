"""Every act that the code records has words for the people who read the log."""

import re
from pathlib import Path

import pytest

from core import audit_words
from participants.states import RegistrationStatus

BASE = Path(__file__).resolve().parents[2]
APPS = ["core", "notifications", "accounts", "batches", "participants", "assessments", "certificates"]
RECORDED = re.compile(r'\brecord\(\s*"([a-z_]+)"')


def recorded_acts() -> set[str]:
    found = set()
    for app in APPS:
        for path in (BASE / app).rglob("*.py"):
            found |= set(RECORDED.findall(path.read_text()))
    return found | {f"registration_{status}" for status in RegistrationStatus.values if status != "draft"}


@pytest.mark.parametrize("act", sorted(recorded_acts()))
def test_act_has_words(act):
    assert audit_words.act_title(act) != act


def test_values_are_shown_as_people_say_them():
    assert audit_words.value_title("participants.registration", "status", "in_review") == "Sedang diperiksa"
    assert audit_words.value_title("batches.batch", "starts_on", "2026-12-02") == "2 Desember 2026"
    assert audit_words.value_title("accounts.user", "is_active", False) == "Tidak"
    assert audit_words.value_title("unknown.kind", "x", "as it is") == "as it is"
