"""Brings the database and the static files to the state that this version of the code needs."""

from hashlib import sha256
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command
from django.core.management.base import OutputWrapper
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrate, load the reference data, collect static files and, in the demo, fill an empty portal."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        changed = self.migrate()
        self.collect_static()
        call_command("load_reference", stdout=self.stdout if changed else StringIO(), stderr=self.stderr)
        if settings.DEMO:
            call_command("seed_demo", if_empty=True, stdout=self.stdout, stderr=self.stderr)

    def migrate(self) -> bool:
        """Whether there was anything to apply."""
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"Database: {len(plan)} changes to apply")
            call_command("migrate", interactive=False, stdout=_Counted(self.stdout, len(plan)))
        return bool(plan)

    def collect_static(self) -> None:
        """Only when a file differs from last time: compressing takes longer than the rest of a start."""
        mark = settings.STATIC_ROOT / ".collected"
        now = static_fingerprint()
        if mark.exists() and mark.read_text() == now:
            return
        self.stdout.write("Static files: collecting and compressing")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        mark.write_text(now)


def static_fingerprint() -> str:
    """Changes when any static file of the project or of an installed package changes."""
    digest = sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()


class _Counted(OutputWrapper):
    """Shows migrate's "Applying …" lines with a count, and nothing else of it."""

    def __init__(self, out: OutputWrapper, total: int) -> None:
        super().__init__(out)
        self.total, self.count = total, 0

    def write(self, msg: str = "", style_func: Any = None, ending: str | None = None) -> None:
        name = msg.strip()
        if name.startswith("Applying "):
            self.count += 1
            label = name.removeprefix("Applying ").rstrip(".")
            self._out.write(f"  {self.count} of {self.total}: {label}")
            self._out.flush()
