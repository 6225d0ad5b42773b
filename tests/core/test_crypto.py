"""Sealing, keyed hashes and the change of keys."""

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from core import crypto, rotation
from core.fields import SealedTextField
from core.files import path_of, read_file, store_upload
from participants.models import Person
from tot_portal.demo_files import jpeg_bytes

OLD = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY"
NEW = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"
NIK = "3174055001850003"


def test_sealed_text_comes_back_in_its_context_only():
    token = crypto.seal(NIK, "t.c")

    assert crypto.unseal(token, "t.c") == NIK
    assert NIK not in token
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal(token, "t.other")


def test_equal_texts_are_sealed_differently():
    assert crypto.seal("a", "t.c") != crypto.seal("a", "t.c")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "v1.12345678", "v2.12345678.AAAA", "v1.ffffffff.AAAA", "v1.é.ü"])
def test_foreign_token_is_refused(token):
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal(token, "t.c")


@pytest.mark.parametrize("tail", ["", "A", "AAAA", "not base64", "é", "A" * 100])
def test_torn_token_is_refused(tail):
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal(crypto.text_prefix() + tail, "t.c")


def test_any_changed_byte_is_detected():
    sealed = crypto.seal_bytes(b"ijazah", "f")

    assert crypto.unseal_bytes(sealed, "f") == b"ijazah"
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(crypto.CannotUnseal):
            crypto.unseal_bytes(changed, "f")


def test_old_key_still_opens_and_asks_for_rotation(settings):
    settings.FIELD_KEYS = [OLD]
    text, content = crypto.seal("a", "c"), crypto.seal_bytes(b"a", "c")
    assert not crypto.needs_rotation(text)

    settings.FIELD_KEYS = [NEW, OLD]

    assert (crypto.unseal(text, "c"), crypto.unseal_bytes(content, "c")) == ("a", b"a")
    assert crypto.needs_rotation(text)
    assert crypto.needs_rotation(content)
    assert not crypto.needs_rotation(crypto.seal("a", "c"))
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal(text, "c")


def test_keyed_hash_depends_on_value_purpose_and_key(settings):
    first = crypto.keyed_hash(NIK, "identity")

    assert len(first) == 64
    assert first == crypto.keyed_hash(NIK, "identity")
    assert first != crypto.keyed_hash(NIK, "other")
    settings.INDEX_KEY = NEW
    assert first != crypto.keyed_hash(NIK, "identity")


@pytest.fixture
def person(db):
    user = User.objects.create_user("siti@example.test")
    return Person.objects.create(user=user, phone="+628123456789", address="Jalan Merdeka 1")


def stored_phones() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM participants_person ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_column_holds_sealed_text_only(person):
    person.refresh_from_db()

    assert person.phone == "+628123456789"
    assert "8123" not in stored_phones()[0]
    assert Person.objects.values_list("phone", flat=True).get() == "+628123456789"


def test_every_way_of_writing_seals(person):
    Person.objects.update(phone="+62811")
    assert "+62811" not in stored_phones()[0]
    person.phone = "+62822"
    Person.objects.bulk_update([person], ["phone"])
    assert "+62822" not in stored_phones()[0]
    person.refresh_from_db()

    assert person.phone == "+62822"


def test_empty_text_stays_empty_and_can_be_asked_for(person):
    assert Person.objects.filter(birth_place="").count() == 1
    assert Person.objects.exclude(phone="").count() == 1
    assert Person.objects.filter(phone__isnull=True).count() == 0


@pytest.mark.parametrize(
    "question",
    [{"phone": "+628123456789"}, {"phone__contains": "812"}, {"phone__in": ["+62"]}, {"phone__lower": "a"}],
)
def test_search_by_a_sealed_value_is_refused(person, question):
    with pytest.raises(FieldError, match="sealed"):
        Person.objects.filter(**question).count()


def test_fixture_of_a_sealed_value_is_refused(person):
    with pytest.raises(FieldError, match="sealed"):
        serializers.serialize("json", [person])


def test_field_deconstructs_for_migrations():
    _name, path, args, kwargs = SealedTextField(blank=True).deconstruct()

    assert (path, args, kwargs) == ("core.fields.SealedTextField", [], {"blank": True})


@pytest.fixture
def files_root(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def many(person, files_root, settings):
    """Six people and two files under the old key; then a new key comes."""
    for number in range(5):
        user = User.objects.create_user(f"p{number}@example.test")
        Person.objects.create(user=user, phone=f"+6281{number}")
    upload = SimpleUploadedFile("a.jpg", jpeg_bytes())
    stored = [store_upload(upload.open(), purpose="KTP", max_mb=1, by=person.user) for _number in range(2)]
    settings.FIELD_KEYS = [NEW, OLD]
    return stored


def test_rotation_reseals_columns_and_files_and_frees_the_old_key(many, settings, capsys):
    with pytest.raises(CommandError):
        call_command("rotate_keys", "--check")

    call_command("rotate_keys")

    assert "participants_person.phone: 6 sealed anew" in capsys.readouterr().out
    settings.FIELD_KEYS = [NEW]
    assert Person.objects.get(user__email="siti@example.test").phone == "+628123456789"
    assert all(read_file(stored).startswith(b"\xff\xd8") for stored in many)
    call_command("rotate_keys", "--check")


def test_rotation_a_second_time_changes_nothing(many, files_root):
    call_command("rotate_keys")
    before = stored_phones(), {path: path.read_bytes() for path in files_root.rglob("*.bin")}

    call_command("rotate_keys")

    assert before == (stored_phones(), {path: path.read_bytes() for path in files_root.rglob("*.bin")})


def test_rotation_cut_off_goes_on_where_it_stopped(many, settings, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    phone = Person._meta.get_field("phone")
    done, last = rotation.reseal_rows(phone, 0)  # one batch, then the process is killed

    assert (done, rotation.old_rows(phone).count()) == (2, 4)
    assert {crypto.needs_rotation(token) for token in stored_phones()} == {True, False}
    assert len(list(Person.objects.values_list("phone"))) == 6  # both generations open meanwhile
    call_command("rotate_keys")
    assert rotation.old_rows(phone).count() == 0


def test_rotation_reports_what_it_cannot_open_and_does_the_rest(many, person, capsys):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE participants_person SET phone = 'v1.deadbeef.AAAA' WHERE id = %s", [person.pk])
    path_of(many[0].storage_name).write_bytes(b"torn")

    with pytest.raises(CommandError, match="2 values"):
        call_command("rotate_keys")

    assert rotation.old_rows(Person._meta.get_field("phone")).count() == 1
    assert not rotation.needs_rotation(many[1])
    assert "files: 1 under an old key, unreadable, or in use" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_rotation_passes_by_a_row_that_somebody_edits(many, person):
    other = connection.copy()
    try:
        with transaction.atomic(), other.cursor() as cursor:
            other.set_autocommit(False)
            cursor.execute("SELECT 1 FROM participants_person WHERE id = %s FOR UPDATE", [person.pk])
            done, _last = rotation.reseal_rows(Person._meta.get_field("phone"), 0)
    finally:
        other.close()

    assert done == 5
    call_command("rotate_keys")
