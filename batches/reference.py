"""Loads the shipped schemes, rules, agendas and document types; running it again changes nothing."""

from collections.abc import Iterator
from datetime import datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.db import models, transaction

from batches.models import AgendaTemplate, DocumentType, EducationLevel, RuleSet, Scheme
from core.versioned import put_in_force

FOLDER = Path(__file__).parent / "reference"
SENSITIVITY = {"umum": "general", "identitas": "identity", "spesifik": "specific"}
FORMATS = {"pdf", "jpg", "png", "form"}
SESSION_KINDS = {"seremoni", "materi", "praktik", "evaluasi", "role_play", "uji", "istirahat"}
NOT_A_UNIT = {"UMUM", "UJI", ""}


class ReferenceInvalid(ValueError):
    """The data contradicts itself; the message names the place."""


@transaction.atomic
def load() -> dict[str, int]:
    """Brings the tables in line with the files; returns how many of each kind there are. Raises ReferenceInvalid."""
    data, units = _read("schemes.yaml"), _read("units.yaml")["units"]
    check(data, units)
    for level in data["education_levels"]:
        _keep(EducationLevel, level["code"], label=level["label"], rank=level["rank"], kkni=level["kkni"])
    for rank, kind in enumerate(data["document_types"]):
        _keep(DocumentType, kind["code"], **_document_type(kind, rank))
    for code, agenda in data["agenda_templates"].items():
        put_in_force(AgendaTemplate, code=code, title=agenda["label"], content=agenda)
    for rank, scheme in enumerate(data["schemes"]):
        _keep(Scheme, scheme["code"], **_scheme(scheme, rank, units))
        put_in_force(RuleSet, code=scheme["code"], title=scheme["title"], content=scheme["eligibility"])
    return {name: len(data[name]) for name in ("education_levels", "document_types", "agenda_templates", "schemes")}


def check(data: dict[str, Any], units: list[dict[str, str]]) -> None:
    """Raises ReferenceInvalid at the first place where the data names what it does not have."""
    known_units = {unit["code"] for unit in units}
    for kind in data["document_types"]:
        if not set(kind["formats"]) <= FORMATS or kind["sensitive"] not in SENSITIVITY:
            raise ReferenceInvalid(f"document type {kind['code']}: unknown format or sensitivity")
    for code, agenda in data["agenda_templates"].items():
        check_agenda(code, agenda, known_units)
    for scheme in data["schemes"]:
        _check_scheme(scheme, data, known_units)


def check_agenda(code: str, agenda: dict[str, Any], units: set[str] | None = None) -> None:
    """Raises ReferenceInvalid unless sessions follow each other, days are complete and the JP add up."""
    sessions = agenda["sessions"]
    for session in sessions:
        place = f"{code}: day {session['day']} {session['start']}"
        minutes = _minutes(session)
        if minutes <= 0:
            raise ReferenceInvalid(f"{place} ends before it begins")
        if session["jp"] and session["jp"] * agenda["minutes_per_jp"] != minutes:
            raise ReferenceInvalid(f"{place} lasts {minutes} minutes, which are not {session['jp']} JP")
        if session["type"] not in SESSION_KINDS or (units and session.get("unit", "") not in units | NOT_A_UNIT):
            raise ReferenceInvalid(f"{place} has an unknown type or unit")
    for before, after in pairwise(sessions):
        if (after["day"], after["start"]) < (before["day"], before["end"]):
            raise ReferenceInvalid(f"{code}: day {after['day']} {after['start']} begins before the session before ends")
    if {session["day"] for session in sessions} != set(range(1, agenda["training_days"] + agenda["exam_days"] + 1)):
        raise ReferenceInvalid(f"{code}: days are missing")
    if (total := sum(session["jp"] for session in sessions)) != agenda["total_jp"]:
        raise ReferenceInvalid(f"{code}: {total} JP in sessions, {agenda['total_jp']} announced")


def _check_scheme(scheme: dict[str, Any], data: dict[str, Any], units: set[str]) -> None:
    size = scheme["class"]
    documents = {kind["code"] for kind in data["document_types"]}
    levels = {level["code"] for level in data["education_levels"]}
    params = list(_params(scheme["eligibility"]["groups"]))
    wrong = {
        "units": not set(scheme["units"]) <= units,
        "agenda": scheme["agenda"] not in data["agenda_templates"],
        "class size": not 1 <= size["min"] <= size["max"],
        "certificate number": not _numbers_certificates(scheme["certificate"]["number_format"]),
        "documents": not {one["document"] for one in params if "document" in one} <= documents,
        "education levels": not {one["level"] for one in params if "level" in one} <= levels,
    }
    if names := [name for name, is_wrong in wrong.items() if is_wrong]:
        raise ReferenceInvalid(f"scheme {scheme['code']}: {', '.join(names)}")


def _numbers_certificates(pattern: str) -> bool:
    """The pattern names the sequence and the year, and nothing that certificates do not know."""
    sample = {"seq": 1, "lsp": "LSP", "bulan_romawi": "I", "tahun": 2026}
    try:
        texts = {
            pattern.format(**sample),
            pattern.format(**sample | {"seq": 2}),
            pattern.format(**sample | {"tahun": 2027}),
        }
    except (KeyError, ValueError, IndexError):
        return False
    return len(texts) == 3


def _params(rules: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Parameters of all rules in groups and in rules, however deep."""
    for rule in rules:
        yield rule.get("params", {})
        yield from _params(rule.get("rules", []))


def _minutes(session: dict[str, Any]) -> int:
    day = datetime(2000, 1, 1)  # noqa: DTZ001 (only the length counts)
    start, end = (datetime.combine(day, time.fromisoformat(session[name])) for name in ("start", "end"))
    return int((end - start).total_seconds()) // 60


def _scheme(scheme: dict[str, Any], rank: int, units: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "title": scheme["title"],
        "standard": scheme["standard"],
        "units": [unit for unit in units if unit["code"] in scheme["units"]],
        "agenda_code": scheme["agenda"],
        "rubric_code": scheme["rubric"],
        "settings": {
            "short_name": scheme["short_name"],
            "class": scheme["class"],
            "bnsp_lead_working_days": scheme["bnsp_submission_lead_working_days"],
            "certificate": scheme["certificate"],
            "attendance": scheme["attendance"],
        },
        "rank": rank,
    }


def _document_type(kind: dict[str, Any], rank: int) -> dict[str, Any]:
    return {
        "label": kind["label"],
        "formats": kind["formats"],
        "max_mb": kind["max_mb"],
        "sensitivity": SENSITIVITY[kind["sensitive"]],
        "retention_days": kind["retention_days_after_close"],
        "fields": kind.get("fields", []),
        "rank": rank,
    }


def _keep(model: type[models.Model], code: str, **values: Any) -> None:
    """Creates the row, or writes the values that differ from it."""
    row = model.objects.filter(code=code).first()
    if row is None:
        model.objects.create(code=code, **values)
    elif changed := {name: value for name, value in values.items() if getattr(row, name) != value}:
        model.objects.filter(code=code).update(**changed)


def _read(name: str) -> dict[str, Any]:
    return yaml.load((FOLDER / name).read_text(), Loader=yaml.CSafeLoader)
