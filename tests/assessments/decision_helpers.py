"""Sheets to decide on: the shipped rubric with everything met, and what a case changes of it."""

from functools import cache

import yaml

from assessments import reference
from assessments.decision import RecordFacts
from assessments.rubric import RubricView, read
from assessments.states import Aspect

METHODS = "OBS WAW"  # two, one of them direct


@cache
def shipped() -> RubricView:
    return read(yaml.safe_load(reference.FILE.read_text()))


def sheet(changes: str = "", *, methods: str = METHODS, objection: bool = False) -> RecordFacts:
    """All is met but `changes`, in short: "PLN-01=T PLN-09=TR EV-MA-2:ASLI=T KEP-01="; the last is unrecorded."""
    values = {criterion.id: "Y" for criterion in shipped().criteria()}
    evidence = {(item.id, aspect): "Y" for item in shipped().evidence for aspect in Aspect.values}
    for change in changes.split():
        place, _equals, value = change.partition("=")
        item, _colon, aspect = place.partition(":")
        if aspect:
            evidence[(item, aspect)] = value
        else:
            values[item] = value
    return RecordFacts(values, evidence, frozenset(methods.split()), objection)


def all_missed(*units: str) -> str:
    """Every criterion of these units missed, for `sheet`."""
    return " ".join(f"{one.id}=T" for one in shipped().criteria() if one.unit in units)
