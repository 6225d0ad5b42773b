"""Moves everything sealed to the newest key.

To rotate the field keys: put a new key in front of FIELD_KEYS, restart web and workers, run `rotate_keys` until
`rotate_keys --check` ends with 0, then remove the old key. It may run beside the portal, be cut off at any moment
and be started again: each batch is a transaction of its own, and what is already under the newest key is left alone.

The index key is rotated with identity writes paused, because two generations of keyed hashes would let one person
register twice: stop the web, set INDEX_KEY, let the app that owns the hashes recompute them from the sealed values
in one transaction, start the web.
"""

import argparse
from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError

from core import crypto, rotation
from core.fields import SealedTextField

PASSES = 3  # rows that were locked in one pass are met in the next


class Command(BaseCommand):
    help = "Seals every sealed column and file under the newest of FIELD_KEYS; --check only counts."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if anything is under an old key"
        )

    def handle(self, *args: object, check: bool, **options: object) -> None:
        left = sum(self._column(field, check) for field in rotation.sealed_fields()) + self._files(check)
        left += sum(self._elsewhere(place, check) for place in rotation.elsewhere)
        if left:
            raise CommandError(f"{left} values are not under the newest key {crypto.newest_key_id()}.", returncode=1)
        self.stdout.write(f"All is under the newest key {crypto.newest_key_id()}.")

    def _column(self, field: SealedTextField, check: bool) -> int:
        """How many values stay under old keys."""
        name = f"{field.model._meta.db_table}.{field.column}"
        if not check:
            self._work(name, lambda after: rotation.reseal_rows(field, after))
        return self._report(name, rotation.old_rows(field).count())

    def _files(self, check: bool) -> int:
        """The same for the contents of stored files."""
        if not check:
            self._work("files", rotation.reseal_files)
        return self._report("files", sum(rotation.needs_rotation(stored) for stored in rotation.living_files()))

    def _elsewhere(self, place: rotation.Elsewhere, check: bool) -> int:
        """The same for what an app keeps in a table that is not ours."""
        if not check:
            self._work(place.name, place.reseal)
        return self._report(place.name, place.left())

    def _work(self, name: str, reseal: Callable[[int], tuple[int, int | None]]) -> None:
        for _number in range(PASSES):
            done, last = 0, 0
            while last is not None:
                count, last = reseal(last)
                done += count
                if count:
                    self.stdout.write(f"{name}: {done} sealed anew")
            if not done:
                return

    def _report(self, name: str, left: int) -> int:
        if left:
            self.stdout.write(f"{name}: {left} under an old key, unreadable, or in use")
        return left
