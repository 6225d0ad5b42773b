"""The embedded servers, started for real."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import psycopg2
import pytest
import redis

from tests.tot_portal.processes_helper import alive, children_of, command_line, is_root, wait_until
from tot_portal import embedded
from tot_portal.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey

BASE = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def folder():
    """A folder that PostgreSQL's own user may pass (pytest's tmp_path is closed when root runs the tests)."""
    path = Path(tempfile.mkdtemp(prefix="tot-", dir="/tmp"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def postgres(folder):
    server = EmbeddedPostgres(folder / "a folder with spaces" / "postgres", folder / "s", fast=True)
    server.data_dir.parent.mkdir(mode=0o711)
    yield server
    server.stop()


def ask(server, query):
    connection = psycopg2.connect(server.url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def test_postgres_keeps_its_data_over_a_restart(postgres):
    postgres.start()
    ask(postgres, "CREATE TABLE kept AS SELECT 7 AS value")
    postgres.stop()

    postgres.start()

    assert ask(postgres, "SELECT value FROM kept") == [(7,)]


def test_postgres_sorts_as_production_does(postgres):
    postgres.start()

    found = ask(postgres, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'tot'")

    assert found == [("b", "C.UTF-8")]


def test_postgres_is_reached_through_a_private_socket_only(postgres):
    postgres.start()

    assert stat.S_IMODE(postgres.socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(postgres.data_dir.stat().st_mode) == 0o700
    assert ask(postgres, "SHOW listen_addresses") == [("",)]


def test_postgres_leaves_no_process_and_no_socket(postgres):
    postgres.start()
    pids = [postgres.process.pid, *children_of(postgres.process.pid)]

    postgres.stop()

    assert not any(map(alive, pids))
    assert not postgres.socket_dir.exists()


@pytest.mark.parametrize("content", ["{pid}\n", "not a number\n"])
def test_postgres_ignores_a_lock_file_whose_number_belongs_to_another_program(postgres, content):
    postgres.start()
    postgres.stop()
    (postgres.data_dir / "postmaster.pid").write_text(content.format(pid=os.getpid()))

    postgres.start()

    assert ask(postgres, "SELECT 1") == [(1,)]


def test_postgres_starts_after_an_aborted_creation(postgres):
    half = postgres.data_dir.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18")

    postgres.start()

    assert ask(postgres, "SELECT 1") == [(1,)]
    assert not half.exists()


def test_postgres_that_cannot_start_says_why(postgres):
    postgres.start()
    postgres.stop()
    (postgres.data_dir / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(EmbeddedServerError, match="no_such_setting"):
        postgres.start()

    assert postgres.process is None


@pytest.mark.skipif(not is_root(), reason="only root needs another user for PostgreSQL")
def test_postgres_is_copied_when_its_user_cannot_enter_the_wheel(postgres, monkeypatch):
    lines = []
    postgres.say = lines.append
    real = embedded.reachable
    monkeypatch.setattr(embedded, "reachable", lambda path, user: "site-packages" not in str(path) and real(path, user))

    postgres.start()

    assert ask(postgres, "SELECT 1") == [(1,)]
    assert str(postgres.data_dir.parent) in command_line(postgres.process.pid).split(" -D ")[0]
    assert len(lines) == 1
    assert lines[0].startswith("pgserver cannot enter")


@pytest.mark.skipif(not is_root(), reason="only root can give a folder away")
def test_socket_folder_of_somebody_else_is_refused(postgres):
    postgres.socket_dir.mkdir()
    os.chown(postgres.socket_dir, 12345, 12345)

    with pytest.raises(EmbeddedServerError, match="belongs to another user"):
        postgres.start()


@pytest.fixture
def valkey(folder):
    server = EmbeddedValkey(folder / "val key")
    yield server
    server.stop()


def test_valkey_keeps_the_queue_over_a_restart(valkey):
    valkey.start()
    redis.Redis.from_url(valkey.url).lpush("celery", "task")
    valkey.stop()

    valkey.start()

    assert redis.Redis.from_url(valkey.url).lrange("celery", 0, -1) == [b"task"]


def test_valkey_never_drops_a_task_for_memory(valkey):
    valkey.start()

    assert redis.Redis.from_url(valkey.url).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_valkey_answers_nobody_without_the_password(valkey):
    valkey.start()

    with socket.create_connection(("127.0.0.1", valkey.port)) as stranger:
        stranger.sendall(b"PING\r\n")
        assert stranger.recv(100).startswith(b"-NOAUTH")
    assert valkey.password not in command_line(valkey.process.pid)
    assert not any(valkey.password in file.read_text(errors="replace") for file in valkey.data_dir.rglob("*.*"))


def test_valkey_that_cannot_start_says_why(valkey, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(embedded, "free_port", lambda: taken.getsockname()[1])

        with pytest.raises(EmbeddedServerError, match="Address already in use"):
            valkey.start()


def test_servers_end_when_their_starter_is_killed():
    program = textwrap.dedent("""
        import time
        from tests.embedded_servers import private_servers
        with private_servers():
            print("ready", flush=True)
            time.sleep(60)
    """)
    starter = subprocess.Popen([sys.executable, "-c", program], cwd=BASE, stdout=subprocess.PIPE, text=True)
    assert "ready\n" in iter(starter.stdout.readline, "")
    pids = children_of(starter.pid)
    folders = {Path(part).parent for pid in pids for part in command_line(pid).split() if part.endswith("/postgres")}

    starter.send_signal(signal.SIGKILL)
    starter.communicate()

    assert len(pids) >= 5
    assert wait_until(lambda: not any(map(alive, pids)))
    for folder in folders:
        if folder.parent == Path("/tmp"):
            shutil.rmtree(folder)
