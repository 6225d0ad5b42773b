"""Loads the shipped rubric; running it again changes nothing."""

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from assessments.models import Rubric
from core.versioned import put_in_force

FILE = Path(__file__).parent / "reference" / "rubric.yaml"
NOT_APPROVED = "belum disahkan komite skema"  # stands beside the version until a scheme committee has approved it


class RubricInvalid(ValueError):
    """The rubric contradicts itself; the message names the place."""


@transaction.atomic
def load() -> dict[str, int]:
    """Puts the shipped rubric in force; returns how many phases and criteria it has. Raises RubricInvalid."""
    content = yaml.load(FILE.read_text(), Loader=yaml.CSafeLoader)
    check(content)
    head = content["rubric"]
    put_in_force(Rubric, code=head["code"], title=head["title"], content=content, note=NOT_APPROVED)
    criteria = sum(len(phase["criteria"]) for phase in content["phases"]) + len(content["ethics"]["criteria"])
    return {"phases": len(content["phases"]), "criteria": criteria}


def check(content: dict[str, Any]) -> None:
    """Raises RubricInvalid at the first name that is used twice or not known."""
    units = {unit["code"] for unit in content["units"]}
    methods = {method["code"] for method in content["methods"]}
    criteria = [criterion for phase in content["phases"] for criterion in phase["criteria"]]
    ids = [one["id"] for one in [*criteria, *content["ethics"]["criteria"], *content["evidence_items"]]]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise RubricInvalid(f"used twice: {', '.join(twice)}")
    for place in [*content["phases"], *content["evidence_items"]]:
        if place["unit"] not in units:
            raise RubricInvalid(f"{place.get('code') or place['id']}: unknown unit {place['unit']}")
    for criterion in criteria:
        if criterion.get("method") not in methods | {None}:
            raise RubricInvalid(f"{criterion['id']}: unknown method {criterion['method']}")
