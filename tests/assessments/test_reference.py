"""The shipped rubric, and what its loader refuses."""

from copy import deepcopy

import pytest
import yaml

from assessments import reference
from assessments.models import Rubric

pytestmark = pytest.mark.django_db


@pytest.fixture
def content():
    return deepcopy(yaml.safe_load(reference.FILE.read_text()))


def test_rubric_is_put_in_force_once():
    assert reference.load() == reference.load() == {"phases": 8, "criteria": 81}

    rubric = Rubric.objects.get()
    assert (rubric.code, rubric.version, rubric.note) == ("RP-ASKOM", 1, reference.NOT_APPROVED)


def test_changed_rubric_becomes_a_new_version(content, tmp_path, monkeypatch):
    reference.load()
    content["rubric"]["title"] = "Rubrik baru"
    changed = tmp_path / "rubric.yaml"
    changed.write_text(yaml.safe_dump(content))
    monkeypatch.setattr(reference, "FILE", changed)

    reference.load()

    assert list(Rubric.objects.order_by("version").values_list("version", "status")) == [
        (1, "archived"),
        (2, "in_force"),
    ]


def _twice(content):
    content["phases"][0]["criteria"].append(content["phases"][0]["criteria"][0])


def _unknown_unit(content):
    content["phases"][0]["unit"] = "LAIN"


def _unknown_method(content):
    content["phases"][0]["criteria"][0]["method"] = "LAIN"


@pytest.mark.parametrize("spoil", [_twice, _unknown_unit, _unknown_method])
def test_rubric_that_contradicts_itself_is_refused(content, spoil):
    spoil(content)

    with pytest.raises(reference.RubricInvalid):
        reference.check(content)
