"""What makes a bare computer ready, with its commands replaced."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The module, at work in a folder of its own."""
    spec = importlib.util.spec_from_file_location("bootstrap", BASE / "tools" / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text("django==5.2  # why\n\n# comment\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest==9.2\n")
    monkeypatch.setattr(module, "BASE", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "MARK", str(tmp_path / ".venv" / "installed.json"))
    monkeypatch.setattr(module, "venv_works", lambda: True)
    return module


@pytest.fixture
def installs(bootstrap, monkeypatch):
    calls = []
    monkeypatch.setattr(bootstrap, "run_pip", lambda name, total: calls.append((name, total)))
    return calls


def test_requirements_are_installed_once(bootstrap, installs):
    bootstrap.install_requirements("requirements.txt")
    bootstrap.install_requirements("requirements.txt")

    assert installs == [("requirements.txt", 1)]


def test_changed_requirements_are_installed_again(bootstrap, installs, tmp_path):
    bootstrap.install_requirements("requirements.txt")
    (tmp_path / "requirements.txt").write_text("django==5.3\n")
    bootstrap.install_requirements("requirements.txt")

    assert len(installs) == 2


def test_development_set_contains_the_other(bootstrap, installs):
    bootstrap.install_requirements("requirements-dev.txt")
    bootstrap.install_requirements("requirements.txt")

    assert installs == [("requirements-dev.txt", 2)]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, SystemExit])
def test_aborted_installation_is_done_again(bootstrap, installs, monkeypatch, failure):
    def fail(name, total):
        raise failure

    bootstrap.install_requirements("requirements.txt")
    monkeypatch.setattr(bootstrap, "venv_works", lambda: False)
    monkeypatch.setattr(bootstrap, "make_venv", lambda: None)
    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "run_pip", fail)
        with pytest.raises(failure):
            bootstrap.install_requirements("requirements.txt")
    monkeypatch.setattr(bootstrap, "venv_works", lambda: True)

    bootstrap.install_requirements("requirements.txt")

    assert len(installs) == 2


def test_unreadable_mark_means_not_installed(bootstrap, installs):
    Path(bootstrap.MARK).write_text("{half")

    bootstrap.install_requirements("requirements.txt")

    assert len(installs) == 1
    assert "requirements.txt" in json.loads(Path(bootstrap.MARK).read_text())["sets"]


def test_missing_packages_are_named_with_the_command_for_others_than_root(bootstrap, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "PANGO", {"libnowhere.so.0": "libnowhere0"})
    monkeypatch.setattr(bootstrap, "can_make_venv", lambda: False)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", "/nonexistent")
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as stopped:
        bootstrap.install_system_packages()

    assert stopped.value.code == 1
    assert (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends python3-venv libnowhere0"
        in capsys.readouterr().err
    )


def test_root_installs_missing_packages_and_says_so(bootstrap, monkeypatch, capsys):
    commands = []
    monkeypatch.setattr(bootstrap, "missing_packages", lambda: [] if commands else ["libnowhere0"])
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda command, **options: commands.append(command) or 0)

    bootstrap.install_system_packages()

    assert [command[:2] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]
    assert commands[1][-1] == "libnowhere0"
    assert "Installing with apt-get: libnowhere0" in capsys.readouterr().out


def test_gate_goes_on_without_a_browser(bootstrap, monkeypatch, capsys):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)

    bootstrap.install_browser()

    assert "the browser tests will be skipped" in capsys.readouterr().out


def test_translation_is_compiled_when_newer(bootstrap, monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", sys.executable)
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Kursi"\nmsgstr "Seat"\n')

    bootstrap.compile_translations()
    compiled = source.with_suffix(".mo")
    first = compiled.stat().st_mtime_ns
    bootstrap.compile_translations()
    assert compiled.stat().st_mtime_ns == first
    os.utime(source, ns=(first + 10**9, first + 10**9))
    bootstrap.compile_translations()

    assert b"Seat" in compiled.read_bytes()
    assert compiled.stat().st_mtime_ns != first


def test_unknown_command_is_refused():
    done = subprocess.run([sys.executable, "tools/bootstrap.py", "fly"], cwd=BASE, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr.startswith("Usage:")
