"""Reference data in versions: the new beside the old, the same only once."""

import pytest
from django.db import IntegrityError, transaction

from batches.models import RuleSet
from core.versioned import VersionStatus, content_digest, put_in_force

pytestmark = pytest.mark.django_db


def put(content, title="Syarat", code="UJI"):
    return put_in_force(RuleSet, code=code, title=title, content=content)


def test_first_content_is_version_one_in_force():
    version = put({"groups": []})

    assert (version.version, version.status) == (1, VersionStatus.IN_FORCE)
    assert version.in_force_at is not None


def test_same_content_in_another_order_makes_no_version():
    first = put({"a": 1, "b": [1, 2]})

    assert put({"b": [1, 2], "a": 1}) == first
    assert RuleSet.objects.filter(code="UJI").count() == 1


@pytest.mark.parametrize("change", [{"content": {"a": 2}}, {"title": "Syarat baru"}])
def test_change_archives_the_version_before_and_leaves_its_content(change):
    first = put({"a": 1})

    second = put(**({"content": {"a": 1}} | change))

    first.refresh_from_db()
    assert (first.status, first.content) == (VersionStatus.ARCHIVED, {"a": 1})
    assert (second.version, second.status) == (2, VersionStatus.IN_FORCE)
    assert RuleSet.objects.in_force().get(code="UJI") == second


def test_going_back_is_a_new_version():
    put({"a": 1})
    put({"a": 2})

    assert put({"a": 1}).version == 3


def test_codes_do_not_disturb_each_other():
    put({"a": 1})
    put({"a": 2}, code="LAIN")

    assert sorted(RuleSet.objects.in_force().values_list("code", "version")) == [("LAIN", 1), ("UJI", 1)]


def test_database_allows_one_version_in_force():
    first = put({"a": 1})
    first.pk, first.version = None, 2

    with pytest.raises(IntegrityError, match="one_in_force"), transaction.atomic():
        first.save()


def test_digest_tells_contents_apart():
    assert content_digest({"a": 1, "b": 2}) == content_digest({"b": 2, "a": 1})
    assert content_digest([1, 2]) != content_digest([2, 1])
