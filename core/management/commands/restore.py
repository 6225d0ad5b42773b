"""Puts an archive back into an empty database and an empty store of files, and compares (docs/deployment.md)."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.backup import restore
from core.backup.archive import BackupRefused


class Command(BaseCommand):
    help = "Restores an archive into an empty database and store; --check proves it in a scratch database instead."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--check",
            action="store_true",
            help="restore into a scratch database, compare, and drop it: the restore test",
        )

    def handle(self, *args: object, archive: Path, check: bool, **options: object) -> None:
        work = restore.check if check else restore.restore
        try:
            report = work(archive, say=self.stdout.write)
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        for difference in report.differences:
            self.stderr.write(difference)
        if report.differences:
            raise CommandError(f"{len(report.differences)} differences: this is not the state that was backed up.")
        manifest = report.manifest
        self.stdout.write(
            f"Equal: {len(manifest.tables)} tables with {report.rows} rows, {len(manifest.sequences)} sequences, "
            f"{len(manifest.files)} files."
        )
