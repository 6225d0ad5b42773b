"""What an archive says about itself: versions, and what each table, file and sequence must be after a restore."""

import json
import subprocess
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

from core.digest import TableState

NAME = "manifest.json"
FORMAT = 1


@dataclass
class Manifest:
    """Written as the last member, when everything is known."""

    created_at: str
    commit: str  # of the portal's code; empty if unknown
    server: str
    schema: dict[str, str]  # app -> its last migration
    field_keys: list[str]  # ids of FIELD_KEYS, never keys
    tables: dict[str, TableState] = field(default_factory=dict)
    sequences: dict[str, list[int | None]] = field(default_factory=dict)  # read before and after the dump
    files: dict[str, list[Any]] = field(default_factory=dict)  # name -> size and SHA-256 as they lie, sealed
    absent: dict[str, str] = field(default_factory=dict)  # files that rows name and the archive lacks: why
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        read = cls(**json.loads(content))
        read.tables = {name: TableState(*state) for name, state in read.tables.items()}
        return read


def schema_of(cursor: CursorWrapper) -> dict[str, str]:
    """The last migration of each app that the database has."""
    cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
    return dict(cursor.fetchall())


def schema_of_code() -> dict[str, str]:
    """The last migration of each app that this portal knows."""
    return dict(sorted(MigrationLoader(None).graph.leaf_nodes()))


def commit_of_code() -> str:
    """The commit that the image was built from, or that is checked out; empty if nothing tells."""
    if settings.COMMIT:
        return settings.COMMIT
    command = ["git", "-C", str(settings.BASE_DIR), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return ""
