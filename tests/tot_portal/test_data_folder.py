"""The trial's data folder."""

import os
import stat

import pytest

from tests.tot_portal.processes_helper import is_root
from tot_portal import data_folder


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path):
    first = data_folder.demo_secrets(tmp_path, fresh=True)
    second = data_folder.demo_secrets(tmp_path, fresh=False)

    assert first == second
    assert set(first) == {"SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "BACKUP_KEY"}
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_trial_that_is_older_than_backups_gets_their_key(tmp_path, monkeypatch):
    for name in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "BACKUP_KEY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "secrets.env").write_text("SECRET_KEY=a\nFIELD_KEYS=b\nINDEX_KEY=c\n")

    first = data_folder.demo_secrets(tmp_path, fresh=False)

    assert (first["FIELD_KEYS"], len(first["BACKUP_KEY"])) == ("b", 43)
    assert data_folder.demo_secrets(tmp_path, fresh=False) == first


def test_lost_secrets_of_existing_data_are_not_replaced(tmp_path):
    with pytest.raises(data_folder.Refused, match="cannot be read"):
        data_folder.demo_secrets(tmp_path, fresh=False)


def test_reset_is_for_the_demo_only(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("TOT_DEMO", raising=False)

    with pytest.raises(data_folder.Refused, match="demo only"):
        data_folder.reset(print)


def test_reset_removes_everything_but_not_of_a_running_portal(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("TOT_DEMO", "1")
    (tmp_path / "files").mkdir()
    lock = data_folder.take_lock(tmp_path, "http://localhost:8000")

    with pytest.raises(data_folder.Refused, match="runs already: http://localhost:8000"):
        data_folder.reset(print)
    lock.close()

    data_folder.reset(print)

    assert list(tmp_path.iterdir()) == []


def test_reset_touches_no_folder_that_is_not_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("TOT_DEMO", "1")
    (tmp_path / "somebody's").touch()

    data_folder.reset(print)

    assert (tmp_path / "somebody's").exists()


@pytest.mark.skipif(not is_root(), reason="only root can give a folder away")
def test_folder_of_another_user_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    os.chown(tmp_path, 1, 1)

    with pytest.raises(data_folder.Refused, match="belongs to daemon: start as daemon"):
        data_folder.open_var()


@pytest.mark.skipif(not is_root(), reason="only root needs another user for PostgreSQL")
def test_database_lies_elsewhere_when_its_user_cannot_enter(tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder, "ELSEWHERE", tmp_path / "elsewhere")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    lines = []

    first = data_folder.cluster_folder(closed, lines.append)
    second = data_folder.cluster_folder(closed, lines.append)

    assert first == second
    assert first.parent.parent == tmp_path / "elsewhere"
    assert len(lines) == 1
    assert str(first.parent) in lines[0]


def test_commands_beside_the_demo_get_its_environment_while_it_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    env = {"DATABASE_URL": "postgresql:///tot?host=/tmp/x", "BACKUP_KEY": "a=b", "HOME": "/root"}

    data_folder.keep_environment(tmp_path, env)

    assert data_folder.kept_environment() == {"DATABASE_URL": "postgresql:///tot?host=/tmp/x", "BACKUP_KEY": "a=b"}
    assert (tmp_path / data_folder.RUNNING).stat().st_mode & 0o777 == 0o600
    data_folder.forget_environment(tmp_path)
    with pytest.raises(data_folder.Refused, match="make run"):
        data_folder.kept_environment()
