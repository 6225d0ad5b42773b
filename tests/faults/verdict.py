"""What a run found, and how findings are counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.models import AuditEntry


@dataclass
class Verdict:
    """What is wrong, in sentences; the lists are empty after a good run."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    mails_twice: int = 0

    def expect(self, found: int, wanted: int, what: str) -> None:
        """Fewer than wanted are lost, more are doubled."""
        if found < wanted:
            self.lost.append(f"{what}: {found} instead of {wanted}")
        elif found > wanted:
            self.doubled.append(f"{what}: {found} instead of {wanted}")

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.gaps)


def audit_of(kind: str) -> Counter[tuple[str, str]]:
    """How often each act was done to each object of a kind."""
    return grouped(AuditEntry.objects.filter(object_kind=kind).values_list("object_id", "act"))


def grouped(pairs: Iterable[tuple]) -> Counter[tuple]:
    return Counter(tuple(pair) for pair in pairs)
