"""The promises of the store of private files, held by the folder and by a bucket of a real S3 server alike."""

import hashlib
import os
import stat
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import crypto, rotation
from core.files import (
    FileGone,
    NoRoomForFiles,
    erase_file,
    read_file,
    serve_file,
    store_content,
    store_generated,
    sweep_orphan_files,
    write_sealed,
)
from core.models import AuditEntry, StoredFile
from core.storage import PrivateFolder, StoreAway, private_files
from core.uploads import CleanUpload
from tests.factories.stores import address, in_bucket, new_bucket, s3_server
from tests.state import portal_digest
from tot_portal.demo_files import jpeg_bytes

NEW = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"
NOBODY = "http://127.0.0.1:9"  # the port of a service that nobody runs


@pytest.fixture(scope="module")
def server():
    with s3_server() as running:
        yield running


@pytest.fixture(params=["folder", "bucket"])
def store(request, settings, tmp_path):
    """The store under test, empty."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "files"
    if request.param == "bucket":
        running = request.getfixturevalue("server")
        new_bucket(running)
        settings.STORAGES = settings.STORAGES | {"private": in_bucket(address(running))}
    return private_files()


@pytest.fixture
def siti(db):
    return User.objects.create_user("siti@example.test")


def keep(user) -> StoredFile:
    """A picture that is clean already."""
    content = jpeg_bytes()
    clean = CleanUpload(content, "jpg", hashlib.sha256(content).hexdigest())
    return store_content(clean, purpose="KTP", by=user, subject=user)


def names() -> list[str]:
    return [entry.name for entry in private_files().entries()]


def test_what_is_put_is_read_and_listed_with_size_and_time(store):
    store.put("ab/one.bin", b"sealed")
    store.put("0f/two.bin", b"")

    assert (store.read("ab/one.bin"), store.read("0f/two.bin")) == (b"sealed", b"")
    assert store.read_start("ab/one.bin", 4) == b"seal"
    assert [(entry.name, entry.size) for entry in store.entries()] == [("0f/two.bin", 0), ("ab/one.bin", 6)]
    assert all(abs(timezone.now() - entry.modified) < timedelta(minutes=5) for entry in store.entries())


def test_putting_again_replaces_the_whole_file_under_its_name(store):
    store.put("ab/one.bin", b"a longer first content")
    store.put("ab/one.bin", b"second")

    assert store.read("ab/one.bin") == b"second"
    assert names() == ["ab/one.bin"]


def test_missing_file_is_told_and_deleting_it_does_nothing(store):
    store.delete("ab/none.bin")

    for act in (store.read, lambda name: store.read_start(name, 10)):
        with pytest.raises(FileNotFoundError):
            act("ab/none.bin")
    assert names() == []


def test_what_is_not_ours_is_not_listed(store):
    store.put("reports/2026/one.bin", b"of somebody else")
    store.put("readme.txt", b"of somebody else")

    assert names() == []


def test_uploaded_file_is_sealed_in_the_store_and_whole_when_read(store, siti, settings):
    stored = keep(siti)

    assert names() == [stored.storage_name]
    assert settings.PRIVATE_FILES_ROOT.exists() == isinstance(store, PrivateFolder)  # a bucket needs no disk
    assert b"JFIF" not in store.read(stored.storage_name)
    assert read_file(stored).startswith(b"\xff\xd8\xff")


def test_file_that_left_the_store_is_gone(store, siti):
    stored = keep(siti)
    store.delete(stored.storage_name)

    with pytest.raises(FileGone):
        read_file(stored)


@pytest.mark.django_db(transaction=True)
def test_erased_and_rolled_back_files_leave_the_store(store, siti):
    erased, kept = keep(siti), keep(siti)
    with transaction.atomic():
        keep(siti)
        transaction.set_rollback(True)

    erase_file(erased, by=siti)

    assert len(names()) == 2
    assert sweep_orphan_files() == 0  # young: its transaction may still be running
    assert sweep_orphan_files(timedelta(minutes=-5)) == 1
    assert names() == [kept.storage_name]


def test_digest_and_change_of_keys_reach_every_file(store, siti, settings):
    many = [keep(siti) for _number in range(3)]
    before = portal_digest()["files"]
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]

    call_command("rotate_keys")

    settings.FIELD_KEYS = [NEW]
    assert portal_digest()["files"] != before
    assert not any(rotation.needs_rotation(stored) for stored in many)
    assert all(read_file(stored).startswith(b"\xff\xd8") for stored in many)


@pytest.fixture(params=["server away", "bucket missing", "folder closed"])
def broken(request, settings, tmp_path, siti):
    """A stored file, whose store then breaks; what there was stays."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "files"
    stored = keep(siti)
    if request.param == "server away":
        settings.STORAGES = settings.STORAGES | {"private": in_bucket(NOBODY)}
    elif request.param == "bucket missing":
        place = in_bucket(address(request.getfixturevalue("server")))
        place["OPTIONS"]["bucket_name"] = "tot-nowhere"
        settings.STORAGES = settings.STORAGES | {"private": place}
    else:
        (tmp_path / "a file").touch()
        settings.PRIVATE_FILES_ROOT = tmp_path / "a file"
    return stored


def test_upload_into_a_broken_store_is_refused_with_a_sentence_and_leaves_nothing(broken, siti):
    with pytest.raises(NoRoomForFiles) as refusal:
        keep(siti)

    assert "Coba lagi beberapa menit lagi" in str(refusal.value)
    assert list(StoredFile.objects.all()) == [broken]


def test_work_of_the_portal_itself_gets_the_fault_and_is_repeated(broken):
    with pytest.raises(OSError):
        store_generated(b"rows", content_type="application/pdf", purpose="daftar", keep_days=1)

    assert list(StoredFile.objects.all()) == [broken]


def test_reader_is_told_to_come_back_and_no_view_is_recorded(siti, rf, settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path
    stored = keep(siti)
    settings.STORAGES = settings.STORAGES | {"private": in_bucket(NOBODY)}
    request = rf.get("/")
    request.user = siti

    response = serve_file(request, stored, by=siti)

    assert response.status_code == 503
    assert "Coba lagi beberapa menit lagi" in response.content.decode()
    assert not AuditEntry.objects.filter(act="file_viewed").exists()


@pytest.mark.parametrize("act", ["read", "read_start", "delete", "list"])
def test_server_that_does_not_answer_is_named(settings, act):
    settings.STORAGES = settings.STORAGES | {"private": in_bucket(NOBODY)}
    store = private_files()
    acts = {
        "read": lambda: store.read("ab/one.bin"),
        "read_start": lambda: store.read_start("ab/one.bin", 4),
        "delete": lambda: store.delete("ab/one.bin"),
        "list": lambda: list(store.entries()),
    }

    with pytest.raises(StoreAway, match="does not answer"):
        acts[act]()


@pytest.mark.django_db(transaction=True)
def test_act_that_deletes_a_file_is_done_even_if_the_store_is_away(siti, settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path
    stored = keep(siti)
    folder = settings.STORAGES
    settings.STORAGES = folder | {"private": in_bucket(NOBODY)}

    erase_file(stored, by=siti)

    settings.STORAGES = folder
    assert StoredFile.objects.get().erased_at is not None
    assert sweep_orphan_files(timedelta(minutes=-5)) == 1


def test_folder_is_readable_by_the_portals_own_user_only(settings, tmp_path, siti):
    settings.PRIVATE_FILES_ROOT = tmp_path / "files"
    stored = keep(siti)
    path = tmp_path / "files" / stored.storage_name

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_cut_off_write_keeps_the_old_content_and_no_draft(settings, tmp_path, siti, monkeypatch):
    settings.PRIVATE_FILES_ROOT = tmp_path
    stored = keep(siti)
    before = read_file(stored)

    def disk_full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.storage.os.fsync", disk_full)
    with pytest.raises(OSError):
        write_sealed(stored, b"other")

    assert read_file(stored) == before
    assert names() == [stored.storage_name]


def test_libraries_of_the_bucket_are_imported_only_when_it_is_chosen():
    """A portal whose files lie in a folder runs without requirements-optional.txt."""
    ask = "import django; django.setup(); import core.files, sys; from core.storage import private_files; "
    ask += "private_files(); print({'boto3', 'storages'} & set(sys.modules))"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tot_portal.settings_test"}

    assert subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True).stdout == "set()\n"


def test_sessions_messages_and_limits_lie_where_every_node_finds_them():
    """So any web node may answer any request."""
    ask = "from django.conf import settings as s; print(s.SESSION_ENGINE, s.MESSAGE_STORAGE, s.CACHES)"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tot_portal.settings"}

    said = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True).stdout

    assert said.startswith("django.contrib.sessions.backends.db django.contrib.messages.storage.session.SessionStorage")
    assert "core.cache.RedisOrMemoryCache" in said


def test_settings_choose_the_bucket_by_its_name():
    ask = "from django.conf import settings; print(settings.STORAGES['private'])"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tot_portal.settings_test", "FILES_S3_BUCKET": "tot-private"}
    env |= {"FILES_S3_ENDPOINT": "https://s3.lsp.example", "FILES_S3_KEY_ID": "tot", "FILES_S3_SECRET": "s3cretword"}

    said = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True).stdout

    assert "core.bucket.PrivateBucket" in said
    assert "https://s3.lsp.example" in said
    assert storages["private"].__class__.__name__ == "PrivateFolder"
    assert crypto.key_ids() == [crypto.newest_key_id()]
