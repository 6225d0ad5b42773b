"""The trial's data folder: whose it is, who holds it, its keys, and how it is emptied."""

import fcntl
import os
import pwd
import secrets
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from tot_portal.embedded import reachable, server_user

BASE_DIR = Path(__file__).resolve().parent.parent
ELSEWHERE = Path("/var/lib/tot-portal")  # for root whose folders PostgreSQL's own user cannot enter

RUNNING = "running.env"  # in the data folder, while the demo runs
MADE_BY_UP = (
    "TOT_DEMO", "VAR_DIR", "SITE_URL", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY",
    "BACKUP_KEY", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_TLS", "EMAIL_USER", "EMAIL_PASSWORD",
)  # fmt: skip


class Refused(RuntimeError):
    """The portal does not start; the message is one line that says why and what to do."""


def var_dir() -> Path:
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").absolute()


def open_var() -> Path:
    """The data folder, ours alone; other users may at most pass through it (PostgreSQL's own user, for root)."""
    var = var_dir()
    made = not var.exists()
    var.mkdir(parents=True, exist_ok=True)
    owner = var.stat().st_uid
    if owner != os.geteuid():
        name = _user_name(owner)
        raise Refused(f"{var} belongs to {name}: start as {name}, or have {name} remove it with: make reset")
    if made:
        var.chmod(0o711 if os.geteuid() == 0 else 0o700)
    for name in ("log", "files"):
        (var / name).mkdir(mode=0o700, exist_ok=True)
    return var


def _user_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def take_lock(var: Path, site_url: str) -> IO[str]:
    """Hold the folder for this process; the kernel lets go when it ends, however it ends."""
    lock = (var / "up.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        raise Refused(f"The portal runs already: {lock.read().strip()}. Stop it there with Ctrl-C first.") from error
    lock.truncate(0)
    lock.write(f"{site_url} (process {os.getpid()}, data in {var})")
    lock.flush()
    return lock


def cluster_folder(var: Path, say: Callable[[str], None]) -> Path:
    """Where PostgreSQL's files lie: in var, or, for root in a closed folder, where PostgreSQL's user can go."""
    here, note = var / "postgres", var / "postgres-is-elsewhere"
    if note.exists():
        return Path(note.read_text().strip())
    user = server_user(say)
    if here.exists() or reachable(var, user):
        return here
    folder = ELSEWHERE / secrets.token_hex(4)
    folder.mkdir(mode=0o711, parents=True)
    for path in (ELSEWHERE, folder):
        path.chmod(0o711)
    say(f"{user.pw_name} cannot enter {var}: the database's files go to {folder} (make reset removes them)")
    note.write_text(f"{folder / 'postgres'}\n")
    return folder / "postgres"


def demo_secrets(var: Path, *, fresh: bool) -> dict[str, str]:
    """The trial's keys, made once and readable by the owner only; what the environment sets wins."""
    path = var / "secrets.env"
    if not path.exists():
        if not fresh:
            raise Refused(f"{path} is gone, and without its keys the data cannot be read. Put it back, or: make reset")
        key = _random_key
        lines = [f"SECRET_KEY={secrets.token_urlsafe(60)}", f"FIELD_KEYS={key()}", f"INDEX_KEY={key()}", ""]
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text("\n".join(lines))
        new.replace(path)
    if "BACKUP_KEY=" not in path.read_text():  # of a trial that is older than backups; nothing is lost by a new one
        with path.open("a") as file:
            file.write(f"BACKUP_KEY={_random_key()}\n")
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {name: os.environ.get(name) or value for name, value in pairs}


def _random_key() -> str:
    return urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def keep_environment(var: Path, env: Mapping[str, str]) -> None:
    """For commands beside it: what the running demo made for itself, readable by its owner only."""
    path = var / RUNNING
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={env[name]}\n" for name in MADE_BY_UP if name in env))


def forget_environment(var: Path) -> None:
    (var / RUNNING).unlink(missing_ok=True)


def kept_environment() -> dict[str, str]:
    """Of the demo that runs in this data folder. Refused when none does."""
    try:
        lines = (var_dir() / RUNNING).read_text().splitlines()
    except FileNotFoundError as error:
        raise Refused(
            "The demo does not run. Start it with make run, and say this again in another terminal."
        ) from error
    return dict(line.split("=", 1) for line in lines)


def reset(say: Callable[[str], None]) -> None:
    """Remove the trial's data: everything in var, and the database's files if they lie elsewhere."""
    if os.environ.get("TOT_DEMO") != "1":
        raise Refused("--reset removes the data of the demo only (TOT_DEMO=1, as in make reset).")
    if not (var_dir() / "up.lock").exists():
        say(f"Nothing to remove in {var_dir()}.")
        return
    var = open_var()
    with take_lock(var, "reset"):
        note = var / "postgres-is-elsewhere"
        if note.exists():
            folder = Path(note.read_text().strip()).parent
            remove_tree(folder)
            say(f"Removed {folder}")
        for path in var.iterdir():
            remove_tree(path)
    say(f"Removed all data in {var}")


def remove_tree(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
