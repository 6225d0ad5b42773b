"""Backup and restore as a drill: filled, backed up while people write, lost, restored, proven equal, and used."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from certificates.models import Certificate
from core.backup import inspect, servertools, take
from core.backup import restore as restoring
from core.backup.archive import BackupRefused
from core.backup.manifest import commit_of_code, schema_of_code
from core.files import read_file, store_generated
from core.models import AuditEntry, OpsMark, StoredFile
from core.storage import private_files
from participants.models import Registration
from participants.states import RegistrationStatus
from tests.factories.accounts import PASSWORD
from tests.factories.drill import CERTIFICATES, SIGNS_IN, Writers, make_drill
from tests.factories.participants import make_registration
from tests.factories.stores import address, in_bucket, new_bucket, s3_server
from tests.state import portal_digest

pytestmark = pytest.mark.django_db
OTHER_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"
TOUCHED = {  # by the writers; every other table stands still
    "accounts_user", "account_emailaddress", "core_auditentry", "core_storedfile", "participants_person",
    "participants_registration",
}  # fmt: skip


@pytest.fixture
def _django_db_helper(django_db_setup):
    """No transaction around a test: these go from database to database, all made for them."""


def quiet(*words: object) -> None:
    """Nothing is said."""


class Done:
    """A drill up to its archive, and what was true before and after the backup."""

    def __init__(self, drill, folder: Path) -> None:
        self.drill = drill
        with drill.at_home():
            self.before, self.people_before = portal_digest(without=frozenset()), Registration.objects.count()
            with Writers(drill.batch) as self.writers:
                self.writers.wait_until_they_write()
                began = self.writers.done
                self.taken = take.take_backup(folder / "archives", say=quiet)
                self.written_meanwhile = self.writers.done - began
            self.people_after = Registration.objects.count()

    @property
    def archive(self) -> Path:
        return self.taken.path


@pytest.fixture(scope="module")
def done(django_db_setup, django_db_blocker, tmp_path_factory):
    """100 applications, backed up while two people write; the database is there as long as this module's tests."""
    folder = tmp_path_factory.mktemp("drill")
    with django_db_blocker.unblock(), make_drill(folder, people=100) as drill:
        yield Done(drill, folder)


@pytest.fixture
def at_home(done):
    with done.drill.at_home():
        yield done


@pytest.fixture
def at_new_place(done):
    """Where the portal shall live after its loss: nothing there."""
    with done.drill.at_new_place():
        yield done


def check_archive(done) -> None:
    """One moment of a portal at work: nothing of before is missing, nothing stands twice, the rest stood still."""
    manifest = done.taken.manifest
    assert done.writers.faults == []
    assert done.written_meanwhile > 0
    assert done.people_before <= manifest.tables["participants_registration"].rows <= done.people_after
    still = set(manifest.tables) - TOUCHED
    assert {name: manifest.tables[name].digest for name in still} == {name: done.before[name] for name in still}
    assert done.taken.faults == {}


def check_restored(done) -> None:
    """The state of the archive, to the last row and byte; and a portal that works."""
    now = portal_digest(without=frozenset({"core_opsmark"}))
    assert {name: state.digest for name, state in done.taken.manifest.tables.items() if name != "core_opsmark"} == {
        name: value for name, value in now.items() if name not in {"files", "sequences"}
    }
    certificates = Certificate.objects.select_related("file")
    assert certificates.count() == CERTIFICATES
    for certificate in certificates:
        page = Client().get(reverse("certificates:verify", args=[certificate.token]))
        assert "Asli dan berlaku" in page.content.decode()
        assert read_file(certificate.file).startswith(b"%PDF")
    browser = Client()
    browser.post(reverse("account_login"), {"login": SIGNS_IN, "password": PASSWORD})
    assert browser.session["_auth_user_id"] == str(User.objects.get(email=SIGNS_IN).pk)
    assert browser.get(reverse("dashboard"), follow=True).status_code == 200
    registration = make_registration(RegistrationStatus.SUBMITTED)  # no sequence gives a number again
    assert registration.pk > done.people_before
    with pytest.raises(DatabaseError, match="append"), transaction.atomic():
        AuditEntry.objects.update(reason="")


def test_archive_is_one_moment_of_a_portal_at_work(done):
    check_archive(done)


def test_lost_portal_is_restored_whole_and_works(at_new_place, capsys):
    call_command("restore", at_new_place.archive)

    assert "Equal: " in capsys.readouterr().out
    check_restored(at_new_place)
    with pytest.raises(CommandError, match="not empty"):  # a second time
        call_command("restore", at_new_place.archive)


def test_portal_may_come_back_with_its_files_in_a_bucket(at_new_place, settings):
    with s3_server() as server:
        new_bucket(server)
        settings.STORAGES = settings.STORAGES | {"private": in_bucket(address(server))}

        report = restoring.restore(at_new_place.archive, say=quiet)

        assert report.differences == []
        assert read_file(Certificate.objects.select_related("file")[0].file).startswith(b"%PDF")
        assert not settings.PRIVATE_FILES_ROOT.exists()
        again = take.take_backup(at_new_place.drill.folder / "from-bucket", say=quiet)
        assert again.manifest.files == at_new_place.taken.manifest.files


@pytest.mark.long
def test_drill_of_two_thousand(django_db_setup, django_db_blocker, tmp_path):
    with django_db_blocker.unblock(), make_drill(tmp_path, people=2000) as drill:
        big = Done(drill, tmp_path)
        check_archive(big)
        with drill.at_home():
            call_command("restore", "--check", big.archive)
        with drill.at_new_place():
            call_command("restore", big.archive)
            check_restored(big)


def databases_beside() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE '%%\\_check\\_%%'")
        return cursor.fetchall()


def test_restore_test_compares_in_a_scratch_database_and_leaves_nothing(at_home, capsys):
    before = portal_digest()

    call_command("restore", "--check", at_home.archive)

    assert "Equal: " in capsys.readouterr().out
    assert portal_digest() == before
    assert [name for (name,) in databases_beside() if name.startswith(at_home.drill.source)] == []
    assert OpsMark.objects.get(name="restore_test").detail["file"] == at_home.archive.name
    assert OpsMark.objects.get(name="backup").detail["faults"] == 0


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


BROKEN = {
    "cut off": (lambda content: content[:-100], "damaged or cut off"),
    "flipped bit": (flipped, "damaged or cut off"),
    "something else": (lambda content: b"PK" + content, "not a backup archive"),
    "empty": (lambda content: b"", "not a backup archive"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("check", [False, True])
def test_broken_archive_is_refused_before_anything_is_written(at_new_place, tmp_path, name, check):
    change, sentence = BROKEN[name]
    path = tmp_path / "broken.totbackup"
    path.write_bytes(change(at_new_place.archive.read_bytes()))

    with pytest.raises(CommandError, match=sentence):
        call_command("restore", path, check=check)

    assert nothing_here()


def nothing_here() -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor) and not list(private_files().entries())


def newer_schema() -> dict[str, str]:
    return schema_of_code() | {"participants": "9999_of_tomorrow"}


REFUSED = {
    "other key": (lambda patch, settings: setattr(settings, "BACKUP_KEY", OTHER_KEY), "another BACKUP_KEY"),
    "no key": (lambda patch, settings: setattr(settings, "BACKUP_KEY", ""), "BACKUP_KEY is not set"),
    "other schema": (
        lambda patch, settings: patch.setattr(restoring, "schema_of_code", newer_schema),
        r"participants: archive 0\d+_\w+, portal 9999_of_tomorrow.* Install (commit \w{40}|the version that made it),",
    ),
    "files in the store": (
        lambda patch, settings: private_files().put("ab/one.bin", b"of somebody"),
        "store of private files is not empty",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_restore_that_may_not_be_is_refused_with_a_sentence(at_new_place, settings, monkeypatch, name):
    change, sentence = REFUSED[name]
    change(monkeypatch, settings)

    with pytest.raises(CommandError, match=sentence):
        call_command("restore", at_new_place.archive)

    private_files().delete("ab/one.bin")
    assert nothing_here()


def test_database_that_is_in_use_is_not_overwritten(at_home):
    before = portal_digest()

    with pytest.raises(CommandError, match="The database is not empty: .* nothing was changed"):
        call_command("restore", at_home.archive)

    assert portal_digest() == before


def test_missing_archive_is_said(at_home, tmp_path):
    with pytest.raises(CommandError, match="There is no"):
        call_command("restore", tmp_path / "none.totbackup")


def test_restore_that_fails_halfway_leaves_nothing(at_new_place, monkeypatch):
    """As if the pipe broke: pg_restore gets the beginning of the dump only."""
    load = servertools.load
    monkeypatch.setattr(servertools, "load", lambda target, blocks: load(target, [next(blocks)[:200_000]]))

    with pytest.raises(CommandError, match="pg_restore failed"):
        call_command("restore", at_new_place.archive)

    assert nothing_here()


def test_difference_after_the_restore_is_found_and_named(at_new_place, monkeypatch, capsys):
    """Rows, files and sequences that are not what the archive says: each is named, and the command fails."""
    honest = servertools.load

    def load_and_tamper(target, blocks):
        honest(target, blocks)
        with target.cursor() as cursor:
            cursor.execute("UPDATE accounts_user SET name = 'Siti' WHERE email = %s", [SIGNS_IN])
            cursor.execute("SELECT setval('participants_registration_id_seq', 1)")
            cursor.execute("CREATE TABLE stray (id int)")
        first = next(private_files().entries())
        private_files().put(first.name, b"other")

    monkeypatch.setattr(servertools, "load", load_and_tamper)
    with pytest.raises(CommandError, match="4 differences"):
        call_command("restore", at_new_place.archive)

    said = capsys.readouterr().err
    for name in ("table accounts_user:", "sequence participants_registration_id_seq:", "table stray:", "file "):
        assert name in said


@pytest.fixture
def faulty(at_home, monkeypatch):
    """Three files: one lost from the disk, one torn, one deleted by somebody while the backup runs."""
    made = {name: store_generated(name.encode(), content_type="application/pdf", purpose=name, keep_days=9)
            for name in ("lost", "torn", "gone")}  # fmt: skip
    store = private_files()
    store.delete(made["lost"].storage_name)
    store.put(made["torn"].storage_name, b"torn")
    read = store.read

    def somebody_deletes(name):
        if name == made["gone"].storage_name:
            StoredFile.objects.filter(pk=made["gone"].pk).delete()
            raise FileNotFoundError
        return read(name)

    monkeypatch.setattr(store, "read", somebody_deletes)
    yield made
    StoredFile.objects.filter(pk__in=[stored.pk for stored in made.values()]).delete()
    store.delete(made["torn"].storage_name)


def test_file_that_cannot_be_backed_up_is_named_and_the_rest_is_kept(faulty, tmp_path, capsys):
    with pytest.raises(CommandError, match="2 files are lost or unreadable"):
        call_command("backup", tmp_path)

    said = capsys.readouterr().err
    (path,) = tmp_path.iterdir()
    for name, why in {"lost": take.LOST, "torn": take.TORN, "gone": take.GONE}.items():
        assert f"File {faulty[name].storage_name}: {why}." in said
    assert faulty["torn"].storage_name in inspect.inspect(path).manifest.files
    call_command("restore", "--check", path)
    assert f"file {faulty['lost'].storage_name} was lost" in capsys.readouterr().out


def test_folder_keeps_the_newest_archives(at_home, tmp_path, monkeypatch):
    monkeypatch.setattr(take, "_write", lambda archive, say: (archive.close(), at_home.taken.manifest)[1])
    for name in ("tot-20250101-000000.totbackup", "tot-20250102-000000.totbackup", "notes.txt"):
        (tmp_path / name).touch()

    call_command("backup", tmp_path, keep=2)

    left = sorted(path.name for path in tmp_path.iterdir())
    assert (left[0], left[1], len(left)) == ("notes.txt", "tot-20250102-000000.totbackup", 3)
    assert (tmp_path / left[2]).stat().st_mode & 0o077 == 0


def test_archive_that_lacks_files_replaces_none_that_has_them(at_home, tmp_path, monkeypatch):
    lacking = replace(at_home.taken.manifest, absent={"x": take.LOST})
    monkeypatch.setattr(take, "_write", lambda archive, say: (archive.close(), lacking)[1])
    (tmp_path / "tot-20250101-000000.totbackup").touch()

    with pytest.raises(CommandError):
        call_command("backup", tmp_path, keep=1)

    assert len(list(tmp_path.iterdir())) == 2


def test_archive_is_never_overwritten_and_a_failed_backup_leaves_nothing(at_home, tmp_path, monkeypatch):
    path = tmp_path / "mine.totbackup"
    path.touch()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", path)

    def disk_full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    monkeypatch.setattr(take, "_write", lambda archive, say: at_home.taken.manifest)
    with pytest.raises(CommandError, match="No archive was written: .*No space left"):
        call_command("backup", tmp_path / "other.totbackup")

    assert [one.name for one in tmp_path.iterdir()] == ["mine.totbackup"]


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_archive_names_the_commit_of_an_image_and_of_a_checkout(settings, tmp_path):
    settings.COMMIT, settings.BASE_DIR = "", tmp_path
    assert commit_of_code() == ""

    git = ["git", "-C", tmp_path, "-c", "user.name=Siti", "-c", "user.email=siti@contoh.test"]
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "Awal"]):
        subprocess.run([*git, *command], check=True)
    assert re.fullmatch(r"[0-9a-f]{40}", commit_of_code())

    settings.COMMIT = "a" * 40
    assert commit_of_code() == "a" * 40


def test_backup_without_its_key_says_what_to_do(settings, tmp_path):
    settings.BACKUP_KEY = ""

    with pytest.raises(CommandError, match="BACKUP_KEY is not set"):
        call_command("backup", tmp_path)


def test_tool_that_is_older_than_the_server_is_not_used(at_home, monkeypatch):
    connection.ensure_connection()
    monkeypatch.setitem(connection.__dict__, "pg_version", 990_001)

    with pytest.raises(BackupRefused, match="pg_dump of PostgreSQL 99 or newer is needed.*postgresql-client-99"):
        servertools.program("pg_dump", connection)


def test_manifest_and_names_of_people_do_not_show_in_the_archive(done):
    content = done.archive.read_bytes()

    assert not any(word in content for word in (b"Siti Rahmawati", b"manifest", SIGNS_IN.encode(), b"PGDMP"))
    assert json.loads(done.taken.manifest.to_bytes())["schema"] == schema_of_code()
