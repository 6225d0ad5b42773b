"""The command that brings the shipped reference data into the tables."""

import io

import pytest
from django.core.management import call_command

from accounts.models import ConsentTerm
from assessments.models import Rubric
from batches.models import AgendaTemplate, DocumentType, EducationLevel, RuleSet, Scheme

pytestmark = pytest.mark.django_db
TABLES = [AgendaTemplate, ConsentTerm, DocumentType, EducationLevel, RuleSet, Rubric, Scheme]


def rows():
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}


def run():
    out = io.StringIO()
    call_command("load_reference", stdout=out)
    return out.getvalue().splitlines()


def test_second_run_changes_nothing():
    first = run()
    before = rows()

    second = run()

    assert [line.split(":")[0] for line in first] == [line.split(":")[0] for line in second]
    assert rows() == before
    assert all(before.values())
