"""The digest of the portal's state: equal for equal states, another one for each kind of change."""

import hashlib

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from core.digest import sequence_values, table_states
from core.models import NumberSeries, OpsMark
from tests.state import VOLATILE, changed, portal_digest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "files"
    settings.PRIVATE_FILES_ROOT.mkdir()
    return settings.PRIVATE_FILES_ROOT


@pytest.fixture
def siti():
    return User.objects.create_user("siti@contoh.test", name="Siti Rahmawati")


def test_digest_of_two_reads_is_the_same_and_covers_every_table(siti):
    before = portal_digest()

    assert before == portal_digest()
    assert set(before) >= {"accounts_user", "certificates_certificate", "django_migrations", "files", "sequences"}


def test_changed_row_changes_its_table_alone(siti):
    before = portal_digest()

    User.objects.filter(pk=siti.pk).update(name="Siti Rahma")

    assert changed(before, portal_digest()) == ["accounts_user"]


def test_row_taken_and_put_back_under_another_number_is_a_change(siti):
    first = NumberSeries.objects.create(series="a", year=2026)
    before = portal_digest()

    first.delete()
    NumberSeries.objects.create(series="a", year=2026)

    assert changed(before, portal_digest()) == ["core_numberseries", "sequences"]


def test_swapped_values_of_two_rows_are_a_change(db):
    one, two = (NumberSeries.objects.create(series=name, year=2026, last=last) for name, last in (("a", 1), ("b", 2)))
    before = portal_digest()

    NumberSeries.objects.filter(pk=one.pk).update(last=2)
    NumberSeries.objects.filter(pk=two.pk).update(last=1)

    assert changed(before, portal_digest()) == ["core_numberseries"]


def test_volatile_columns_and_tables_do_not_count_unless_asked_for(siti):
    before, whole = portal_digest(), portal_digest(without=frozenset())

    User.objects.filter(pk=siti.pk).update(last_login=timezone.now())
    OpsMark.objects.create(name="tick")

    assert changed(before, portal_digest()) == []
    assert changed(whole, portal_digest(without=frozenset())) == ["accounts_user", "core_opsmark"]
    assert "core_opsmark" in VOLATILE


@pytest.mark.parametrize("act", ["content", "name", "removal"])
def test_changed_file_changes_the_files_alone(files_root, act):
    path = files_root / "ab" / "one.bin"
    path.parent.mkdir()
    path.write_bytes(b"sealed")
    before = portal_digest()

    if act == "content":
        path.write_bytes(b"Sealed")
    elif act == "name":
        path.rename(path.with_name("two.bin"))
    else:
        path.unlink()

    assert changed(before, portal_digest()) == ["files"]


def test_digest_is_the_hash_that_its_docstring_says(db):
    rows = [NumberSeries.objects.create(series=name, year=2026, last=7) for name in "ba"]
    lines = [f'{{"id":{row.pk},"last":7,"series":"{row.series}","year":2026}}' for row in rows]
    inner = b"".join(hashlib.sha256(line.encode()).digest() for line in lines)

    with connection.cursor() as cursor:
        state = table_states(cursor)["core_numberseries"]
        values = sequence_values(cursor)

    assert state == (2, hashlib.sha256(inner).hexdigest())
    assert values["core_numberseries_id_seq"] == rows[1].pk


def test_table_without_a_key_is_hashed_by_its_rows(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE keyless (a int, b text)")
        cursor.execute("INSERT INTO keyless VALUES (1, 'x'), (2, 'y')")
        one = table_states(cursor)["keyless"]
        cursor.execute("DELETE FROM keyless")
        cursor.execute("INSERT INTO keyless VALUES (2, 'y'), (1, 'x')")

        assert table_states(cursor)["keyless"] == one
