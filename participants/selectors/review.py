"""The desk's reads: the queue, a batch's people, one file with everything about it, pairs with one number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, When

from accounts.models import User
from batches.models import Batch
from core import clock
from notifications.models import Email
from participants.models import Document, Registration
from participants.states import FOR_REVIEW, LIVE, SEATED, SENT, RegistrationStatus

S = RegistrationStatus
OPEN = "open"  # of the queue's filter: everything that waits for the desk
UNDER_WAY = (S.SUBMITTED, S.IN_REVIEW, S.RETURNED)
MOST_WORDS = 5
ENDED = (S.COMPLETED, S.REJECTED, S.WITHDRAWN, S.CANCELLED)
DESK_ORDER = Case(When(status__in=FOR_REVIEW, then=0), When(status__in=(*ENDED, S.CONFIRMED), then=2), default=1)


@dataclass
class BatchRoster:
    """People of a batch: seated, waiting (in order), eligible and not yet confirmed, still under way, ended."""

    batch: Batch
    seated: list[Registration] = field(default_factory=list)
    waiting: list[Registration] = field(default_factory=list)
    eligible: list[Registration] = field(default_factory=list)
    under_way: list[Registration] = field(default_factory=list)
    ended: list[Registration] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(map(len, (self.seated, self.waiting, self.eligible, self.under_way, self.ended)))


def review_queue(filters: Mapping[str, Any]) -> QuerySet[Registration]:
    """Sent registrations: first what waits for the desk, then what is under way, then what has ended; the oldest first.

    `q` (begin of a name's word, number or code, last four of the NIK), `status` (one, or "open" for what waits for the
    desk), `batch` (code), `age` (waiting at least so many days).
    """
    rows = Registration.objects.sent().select_related("person", "batch", "scheme", "claimed_by")
    if status := filters.get("status"):
        rows = rows.filter(status__in=FOR_REVIEW if status == OPEN else [status])
    if batch := filters.get("batch"):
        rows = rows.filter(batch__code=batch)
    if age := filters.get("age"):
        rows = rows.filter(submitted_at__lte=clock.now() - timedelta(days=int(age)))
    if words := str(filters.get("q") or "").split():
        rows = rows.filter(_matches(words[:MOST_WORDS]))
    return rows.order_by(DESK_ORDER, F("submitted_at").asc(nulls_last=True), "id")


def queue_counts() -> dict[str, int]:
    """Sent registrations per status, zero included, and "open"; one query."""
    found = Registration.objects.sent().order_by().values_list("status").annotate(n=Count("pk"))
    counts = dict.fromkeys((status.value for status in SENT), 0) | dict(found)
    return counts | {OPEN: sum(counts[status] for status in FOR_REVIEW)}


def next_in_queue(user: User) -> Registration | None:
    """The file that the desk opens next: this person's own claim, else the one that waits longest unclaimed."""
    waiting = Registration.objects.filter(Q(status=S.SUBMITTED) | Q(status=S.IN_REVIEW, claimed_by=user))
    return waiting.order_by("status", "submitted_at", "id").first()


def load_for_review(rows: QuerySet[Registration], code: str) -> Registration | None:
    """One registration with parts, current documents, `has_twin` and `has_unsent` (mail); three queries."""
    twins = Registration.objects.filter(
        scheme=OuterRef("scheme"), person__identity_index=OuterRef("person__identity_index"), status__in=LIVE
    ).exclude(pk=OuterRef("pk"))
    documents = Document.objects.filter(superseded_at=None).select_related("type", "file", "judged_by")
    rows = rows.select_related("person__user", "batch__rule_set", "batch__venue", "scheme", "claimed_by")
    rows = rows.prefetch_related("parts", Prefetch("documents", queryset=documents))
    rows = rows.annotate(
        has_twin=Exists(twins) & ~Q(person__identity_index=""),
        has_unsent=Exists(Email.objects.troubled().filter(recipient=OuterRef("person__user"))),
    )
    return rows.filter(code=code).first()


def batch_roster(batch: Batch) -> BatchRoster:
    """Everybody who was sent to this batch; drafts are the participants' own. One query."""
    roster = BatchRoster(batch)
    rows = Registration.objects.sent().filter(batch=batch).select_related("person")
    for registration in rows.order_by("waitlist_key", "verified_at", "submitted_at", "id"):
        _group(roster, registration.status).append(registration)
    return roster


def identity_twins(registration: Registration) -> list[Registration]:
    """Other live, sent registrations of the scheme with the same identity number. Staff only: never show it to the
    participant, or a typed NIK would tell who is registered."""
    index = registration.person.identity_index
    if not index:
        return []
    rows = Registration.objects.filter(scheme=registration.scheme_id, person__identity_index=index, status__in=LIVE)
    rows = rows.exclude(pk=registration.pk).exclude(status=S.DRAFT)
    return list(rows.select_related("person__user", "batch").order_by("submitted_at", "id"))


def _group(roster: BatchRoster, status: str) -> list[Registration]:
    if status in SEATED:
        return roster.seated
    if status == S.WAITLISTED:
        return roster.waiting
    if status == S.ELIGIBLE:
        return roster.eligible
    return roster.under_way if status in UNDER_WAY else roster.ended


def _matches(words: list[str]) -> Q:
    """Every word begins a word of the name; or one word is a number, a code or four digits."""
    name = Q()
    for word in words:
        name &= Q(person__full_name__istartswith=word) | Q(person__full_name__icontains=f" {word}")
    if len(words) > 1:
        return name
    word = words[0]
    found = name | Q(code=word.lower().removeprefix("p-"))
    return found | Q(person__identity_tail=word) if len(word) == 4 and word.isdigit() else found
