"""The mails about decisions of the desk that wait to be released: per batch, and over all batches."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr

from batches.models import Batch
from notifications.models import Email
from notifications.selectors import email_counts
from notifications.selectors.held import Comparison, StagedMail, compare_group, held_in
from notifications.states import EmailStatus
from participants.models import Registration, RegistrationEvent
from participants.states import RegistrationStatus

DECISIONS = frozenset(
    {"registration_eligible", "registration_rejected", "registration_confirmed", "registration_waitlisted"}
)
PREFIX = "decisions:"


@dataclass(frozen=True)
class DecisionMail:
    """One staged mail with its person, the state that it tells and the one that holds now."""

    mail: StagedMail
    event: RegistrationEvent | None
    is_news: bool = False  # not what the reader has seen before

    @property
    def registration(self) -> Registration | None:
        return self.event.registration if self.event else None

    @property
    def place(self) -> tuple[str, int]:
        """Person by person, the older mail first."""
        name = self.registration.person.display_name if self.registration else ""
        return name.casefold(), self.mail.email.pk

    @property
    def told(self) -> str:
        return str(RegistrationStatus(self.event.to_status).label) if self.event else ""

    @property
    def now(self) -> str:
        """The present state where it is another one; else ""."""
        label = str(RegistrationStatus(self.registration.status).label) if self.registration else ""
        return label if label != self.told else ""


@dataclass(frozen=True)
class DecisionMails:
    """A batch's staged mails, and what became of those before."""

    comparison: Comparison
    rows: list[DecisionMail]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def on_the_way(self) -> int:
        return sum(self.counts[status] for status in (EmailStatus.QUEUED, EmailStatus.SENDING, EmailStatus.RETRYING))


class Waiting(NamedTuple):
    count: int
    oldest: datetime | None


def decision_group(batch: Batch) -> str:
    """The group in which a batch's decisions are held."""
    return f"{PREFIX}{batch.code}"


def decision_mails(batch: Batch, *, seen: str | None = None) -> DecisionMails:
    """The comparison for the desk; `seen`: mark what a page with that mark did not show. Six queries."""
    group = decision_group(batch)
    comparison = compare_group(group)
    news = {mail.email.pk for mail in comparison.changed_since(seen)[0]} if seen is not None else set()
    rows = [DecisionMail(mail, mail.params["event"], mail.email.pk in news) for mail in comparison.mails]
    rows.sort(key=lambda row: row.place)
    return DecisionMails(comparison, rows, email_counts(Email.objects.filter(hold_group=group)))


def held_of_batch(batch: Batch) -> Waiting:
    """How many wait, and since when; one query."""
    found = held_in(decision_group(batch)).order_by().aggregate(n=Count("pk"), oldest=Min("created_at"))
    return Waiting(found["n"], found["oldest"])


def held_of_registration(registration: Registration) -> bool:
    """Whether a mail about a decision on this registration waits; one query."""
    return held_in(decision_group(registration.batch)).filter(params__registration_id=registration.pk).exists()


def held_of_latest(registration: Registration) -> bool:
    """Whether the mail about the last step of this registration waits; two queries."""
    latest = registration.events.order_by("-pk").values_list("pk", flat=True).first()
    return held_in(decision_group(registration.batch)).filter(params__event_id=latest).exists()


def held_everywhere() -> list[tuple[Email, Batch]]:
    """All mails about decisions that wait, the oldest first; two queries."""
    emails = list(_held().select_related("recipient").order_by("created_at", "pk"))
    codes = {_code_in(email.hold_group) for email in emails}
    batches = {batch.code: batch for batch in Batch.objects.filter(code__in=codes)}
    pairs = ((email, batches.get(_code_in(email.hold_group))) for email in emails)
    return [(email, batch) for email, batch in pairs if batch]


def held_per_batch() -> dict[int, Waiting]:
    """By batch id; one query."""
    batch = Batch.objects.filter(code=Substr(OuterRef("hold_group"), len(PREFIX) + 1)).values("pk")
    groups = _held().order_by().annotate(batch=Subquery(batch)).exclude(batch=None).values("batch")
    found = groups.annotate(n=Count("pk"), oldest=Min("created_at"))
    return {row["batch"]: Waiting(row["n"], row["oldest"]) for row in found}


def _held() -> QuerySet[Email]:
    return Email.objects.filter(status=EmailStatus.HELD, hold_group__startswith=PREFIX)


def _code_in(group: str) -> str:
    return group.removeprefix(PREFIX)
