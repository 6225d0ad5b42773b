"""The desk's reads: the queue, a batch's people, and pairs with one identity number."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from batches.models import Batch
from participants.models import Registration


@dataclass(frozen=True)
class BatchRoster:
    """People of a batch: seated, waiting (in order), eligible and not yet confirmed, still under way, ended."""

    batch: Batch
    seated: list[Registration]
    waiting: list[Registration]
    eligible: list[Registration]
    under_way: list[Registration]
    ended: list[Registration]


def review_queue(filters: Mapping[str, str]) -> QuerySet[Registration]:
    """Sent registrations: `q` (name, number, code, last four of the NIK), `status`, `batch` (code), `age` (days)."""
    raise NotImplementedError


def batch_roster(batch: Batch) -> BatchRoster:
    """Everybody who was sent to this batch; drafts are the participants' own."""
    raise NotImplementedError


def identity_twins(registration: Registration) -> list[Registration]:
    """Other live registrations of the scheme with the same identity number."""
    raise NotImplementedError
