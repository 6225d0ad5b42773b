"""One encrypted archive of database and private files, made while the portal works (docs/deployment.md)."""

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.backup.archive import BackupRefused
from core.backup.take import take_backup


class Command(BaseCommand):
    help = "Backs up database and private files into one encrypted archive; exit 1 if a file was lost or unreadable."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "target",
            nargs="?",
            type=Path,
            help="a folder, or a name ending in .totbackup (default: backups/ in VAR_DIR)",
        )
        parser.add_argument("--keep", type=int, help="keep this many archives in the folder, the new one included")

    def handle(self, *args: object, target: Path | None, keep: int | None, **options: object) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep must be 1 or more.")
        try:
            taken = take_backup(target or Path(settings.VAR_DIR) / "backups", keep=keep, say=self.stdout.write)
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"No archive was written: {error}") from error
        for name, why in taken.manifest.absent.items():
            self.stderr.write(f"File {name}: {why}.")
        self.stdout.write(f"{taken.path}: {taken.size} bytes.")
        if taken.faults:
            raise CommandError(f"{len(taken.faults)} files are lost or unreadable; the archive holds everything else.")
