"""How far the files of a batch are, read from the certificates themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from batches.models import Batch
from certificates.models import Certificate

State = Literal["queued", "running", "done", "failed"]


@dataclass(frozen=True)
class Progress:
    """`certificates` in the order of their numbers."""

    certificates: tuple[Certificate, ...]

    @property
    def total(self) -> int:
        return len(self.certificates)

    @property
    def done(self) -> int:
        return sum(one.is_rendered for one in self.certificates)

    @property
    def stuck(self) -> tuple[Certificate, ...]:
        return tuple(one for one in self.certificates if one.is_stuck)

    @property
    def state(self) -> State:
        """running: something may still change by itself."""
        waiting = self.total - self.done - len(self.stuck)
        if waiting:
            return "running" if self.done or any(one.render_attempts for one in self.certificates) else "queued"
        return "failed" if self.stuck else "done"


def progress_of(batch: Batch) -> Progress:
    """One query."""
    rows = Certificate.objects.filter(registration__batch=batch).defer("revoke_reason")
    return Progress(tuple(rows.order_by("year", "seq")))


def all_have_one(batch: Batch, codes: Iterable[str]) -> bool:
    """Whether everybody named by these codes of registrations has a certificate in force in this batch; one query."""
    named = set(codes)
    live = Certificate.objects.live().filter(registration__batch=batch, registration__code__in=named)
    return bool(named) and live.count() == len(named)
