"""Seals everything anew under the newest field key, in small steps that may stop and go on at any time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from core import crypto, files
from core.fields import SealedTextField
from core.models import StoredFile
from core.storage import private_files

BATCH = 200  # rows a transaction: short locks, so that people work on meanwhile


@dataclass(frozen=True)
class Elsewhere:
    """Sealed values outside sealed columns and files, for example inside another package's JSON."""

    name: str
    reseal: Callable[[int], tuple[int, int | None]]  # after this id -> how many were sealed, last id or None
    left: Callable[[], int]  # how many are still under an old key


elsewhere: list[Elsewhere] = []  # filled by the owning apps in their `ready()`


def sealed_fields() -> Iterator[SealedTextField]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedTextField):
                yield field


def old_rows(field: SealedTextField) -> models.QuerySet:
    """Rows whose token in the column begins otherwise than the newest key's tokens do."""
    rows = field.model._base_manager.annotate(token=Cast(field.attname, models.TextField()))
    return rows.exclude(token="").exclude(token=None).exclude(token__startswith=crypto.text_prefix())


@transaction.atomic
def reseal_rows(field: SealedTextField, after: int) -> tuple[int, int | None]:
    """Seals the next batch of free rows; says how many, and the last id (None at the end)."""
    rows = old_rows(field).filter(pk__gt=after).order_by("pk").select_for_update(skip_locked=True, no_key=True)
    tokens = list(rows.values_list("pk", "token")[:BATCH])
    done = 0
    for pk, token in tokens:
        try:
            plain = crypto.unseal(token, field.context)
        except crypto.CannotUnseal:
            continue  # counted as left over; one torn value must not stop the rest
        done += field.model._base_manager.filter(pk=pk).update(**{field.name: plain})
    return done, tokens[-1][0] if tokens else None


def living_files() -> models.QuerySet:
    return StoredFile.objects.filter(erased_at=None).order_by("pk")


def needs_rotation(stored: StoredFile) -> bool:
    """Reads the header only. A missing file needs nothing any more; a torn one is reported."""
    try:
        return crypto.needs_rotation(private_files().read_start(stored.storage_name, crypto.HEADER))
    except FileNotFoundError:
        return False
    except crypto.CannotUnseal:
        return True


def reseal_files(after: int) -> tuple[int, int | None]:
    """Seals the next batch of files, each under the lock of its row; says how many, and the last id."""
    batch = list(living_files().filter(pk__gt=after)[:BATCH])
    done = sum(reseal_file(stored.pk) for stored in batch if needs_rotation(stored))
    return done, batch[-1].pk if batch else None


@transaction.atomic
def reseal_file(pk: int) -> bool:
    stored = living_files().select_for_update(skip_locked=True, no_key=True).filter(pk=pk).first()
    if stored is None:
        return False
    try:
        files.write_sealed(stored, files.read_file(stored))
    except (crypto.CannotUnseal, files.FileGone):
        return False
    return True
