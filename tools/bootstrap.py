#!/usr/bin/env python3
"""Makes this computer ready, then runs what was asked: run, reset, test, test-long, faults, bench or messages.

Needs nothing but Python 3.11. It looks for missing system packages before anything can fail, makes .venv,
installs the pinned requirements when they have changed, and compiles the translations.
"""

import ctypes
import glob
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

BASE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(BASE, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
MARK = os.path.join(VENV, "installed.json")
PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome", "chrome")
COMMANDS = {
    "run": ["manage.py", "up"],
    "reset": ["manage.py", "up", "--reset"],
    "manage": ["manage.py", "up", "--beside"],
    "test": ["tools/gate.py"],
    "test-long": ["tools/gate.py", "--long"],
    "faults": ["-m", "tests.faults.run"],
    "bench": ["-m", "bench.run"],
    "messages": ["tools/messages.py"],
}


def main():
    if sys.version_info < (3, 11):  # noqa: UP036  (this file meets whatever Python the computer has)
        give_up(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Choose one: make run PYTHON=python3.11"
        )
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        give_up("Usage: tools/bootstrap.py {}".format("|".join(COMMANDS)))
    os.chdir(BASE)
    name = sys.argv[1]
    testing = name.startswith("test")
    if name != "reset" or not os.path.exists(VENV_PYTHON):
        install_system_packages()
        if testing:
            install_browser()
        install_requirements("requirements-dev.txt" if testing or name in ("bench", "faults") else "requirements.txt")
        compile_translations()
    if os.environ.get("MAKELEVEL"):
        die_with_make()
    command = [VENV_PYTHON, *COMMANDS[name], *sys.argv[2:]]
    os.execv(VENV_PYTHON, command)


def say(text):
    print(text, flush=True)


def give_up(text):
    print(text, file=sys.stderr, flush=True)
    sys.exit(1)


# --- system packages


def missing_packages():
    """The Debian packages that something of ours will need and this computer lacks."""
    missing = []
    if not os.path.exists(VENV_PYTHON) and not can_make_venv():
        missing.append("python3-venv")
    for library, package in PANGO.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def can_make_venv():
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def install_system_packages():
    missing = missing_packages()
    if not missing:
        return
    say("Missing system packages: {}".format(", ".join(missing)))
    if not apt_install(missing):
        give_up(f"Install them, then start again:\n  {by_hand(missing)}")
    still = missing_packages()
    if still:
        give_up("Still missing after the installation: {}".format(", ".join(still)))


def install_browser():
    """For the browser tests. Without it they are skipped, and the gate says so."""
    if os.environ.get("CHROMIUM") or any(map(shutil.which, BROWSERS)):
        return
    say("Chromium is missing; the browser tests need it.")
    if not apt_install(["chromium"]):
        say("Going on without: the browser tests will be skipped.")


def apt_install(packages):
    """Install when we may (root on Debian); say so first. False when we may not or when it failed."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say("Installing with apt-get: {}".format(" ".join(packages)))
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    options = ["-qq", "-o=Dpkg::Use-Pty=0", "-o=DPkg::Lock::Timeout=120"]
    if subprocess.call(["apt-get", "update", *options], env=quiet) != 0:
        say("apt-get update failed; trying with the lists that are here.")
    install = ["apt-get", "install", "-y", "--no-install-recommends", *options, *packages]
    return subprocess.call(install, env=quiet, stdout=subprocess.DEVNULL) == 0


def by_hand(packages):
    sudo = "" if os.geteuid() == 0 else "sudo "
    return "{}apt-get update && {}apt-get install -y --no-install-recommends {}".format(sudo, sudo, " ".join(packages))


# --- Python packages


def install_requirements(name):
    """Install when .venv is new, half made, or made for other requirements; remembered only after success."""
    pins = read_pins(name)
    wanted = {"pins": hashlib.sha256("\n".join(pins).encode()).hexdigest(), "python": sys.version.split()[0]}
    done = read_mark()
    if name in done.get("sets", {}) and done["sets"][name] == wanted and venv_works():
        return
    make_venv()
    began = time.monotonic()
    say(f"Installing {len(pins)} Python packages into .venv (only when {name} changes)")
    sets = done.get("sets", {})
    sets.pop(name, None)
    write_mark(sets)
    run_pip(name, len(pins))
    sets[name] = wanted
    if name == "requirements-dev.txt":  # it contains the other
        run_pins = read_pins("requirements.txt")
        digest = hashlib.sha256("\n".join(run_pins).encode()).hexdigest()
        sets["requirements.txt"] = dict(wanted, pins=digest)
    write_mark(sets)
    say("Installed in %.0f s" % (time.monotonic() - began))


def read_pins(name):
    """The pinned packages of a requirements file, with those that it includes."""
    pins = []
    with open(os.path.join(BASE, name), encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line.startswith("-r "):
                pins += read_pins(line[3:].strip())
            elif line:
                pins.append(line)
    return pins


def read_mark():
    try:
        with open(MARK, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_mark(sets):
    with open(MARK + ".new", "w", encoding="utf-8") as file:
        json.dump({"sets": sets}, file)
    os.replace(MARK + ".new", MARK)


def venv_works():
    """Whether .venv has a Python of the version that runs this, with pip: not half made, not of another Python."""
    check = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    try:
        return subprocess.run([VENV_PYTHON, "-c", check], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def make_venv():
    if venv_works():
        return
    say(f"Making .venv with Python {sys.version.split()[0]}")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
        give_up("Making .venv failed; the lines above say why.")


def run_pip(name, total):
    """pip, with one line now and then that says how far it is; its own words only when it fails."""
    command = [VENV_PYTHON, "-m", "pip", "install", "-r", name, "--progress-bar", "off", "--no-input"]
    command += ["--disable-pip-version-check", "--no-color", "--prefer-binary"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    output, found, shown = [], 0, time.monotonic()
    try:
        for line in process.stdout:
            output.append(line)
            step = re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.\[\],-]+)", line)
            found += 1 if step and found < total else 0
            if line.startswith("Installing collected packages"):
                threading.Thread(target=tell_unpacked, args=(process, total), daemon=True).start()
            elif step and time.monotonic() - shown > 2:
                shown = time.monotonic()
                say(f"  {found} of {total}: {step.group(1)}")
        code = process.wait()
    except BaseException:
        process.kill()
        raise
    if code != 0:
        sys.stderr.write("".join(output[-15:]))
        give_up("Installing the Python packages failed. Is the package index reachable? The next start tries again.")


def tell_unpacked(process, total):
    """pip is silent while it unpacks; count what has arrived."""
    say("  unpacking")
    while process.poll() is None:
        time.sleep(3)
        arrived = len(glob.glob(os.path.join(glob.escape(VENV), "lib", "python3*", "site-packages", "*.dist-info")))
        if process.poll() is None:
            say(f"  unpacked {min(arrived, total)} of {total}")


# --- translations


def compile_translations():
    """locale/*/LC_MESSAGES/django.po -> .mo, when a .po is newer."""
    folder = os.path.join(BASE, "locale")
    for language in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        source = os.path.join(folder, language, "LC_MESSAGES", "django.po")
        target = source[:-2] + "mo"
        if not os.path.exists(source):
            continue
        if os.path.exists(target) and os.path.getmtime(target) >= os.path.getmtime(source):
            continue
        say(f"Compiling the translation: {language}")
        compiler = [VENV_PYTHON, "-m", "babel.messages.frontend", "-q", "compile", "-i", source, "-o", target]
        if subprocess.call([*compiler, "-l", language]) != 0:
            give_up(f"Compiling {source} failed; the lines above say why.")


# --- start


def die_with_make():
    """make started us; when it is killed we are told to stop, so that no portal is left without a terminal."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None and threading.current_thread() is threading.main_thread():
        prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG; it lasts through exec


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        give_up("\nStopped.")
