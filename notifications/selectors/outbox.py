"""Reads over the outbox."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db import models
from django.db.models import Count, Exists, Func, OuterRef, Q, Value

from core import clock
from notifications.models import Email, EmailEvent, EmailQuerySet
from notifications.reasons import DOUBTS, OF_THE_SERVER, UNREACHABLE, sentence
from notifications.registry import kind_title, kinds
from notifications.states import DUE, MAY_RETRY, EmailStatus

TROUBLE, WAITING = "trouble", "waiting"  # what the filter of the list knows besides the states
OVERDUE_AFTER = timedelta(minutes=10)
TROUBLE_KEY, TROUBLE_SECONDS = "mail-trouble", 30
MOST_ON_A_CARD = 5


def email_counts(emails: EmailQuerySet) -> dict[str, int]:
    """How many of the mails are in each state, zero included; one query."""
    found = emails.order_by().values_list("status").annotate(n=Count("pk"))
    return dict.fromkeys(EmailStatus.values, 0) | dict(found)


def narrowed(chosen: dict[str, str]) -> tuple[EmailQuerySet, EmailQuerySet]:
    """What the filter finds, in any state and in the chosen one, without text.

    `q` is found in the address, the subject, the recipient's name and the kind in words.
    """
    found = Email.objects.without_text().select_related("recipient")
    if kind := chosen.get("kind"):
        found = found.filter(kind=kind)
    if words := chosen.get("q"):
        named = [code for code, title in kinds() if words.lower() in title.lower()]
        found = found.filter(
            Q(to_address__icontains=words) | Q(subject__icontains=words) | Q(recipient__name__icontains=words)
            | Q(kind__in=named)
        )  # fmt: skip
    status = chosen.get("status", "")
    states = {TROUBLE: Q(status__in=MAY_RETRY), WAITING: _overdue(), "": Q()}
    return found, found.filter(states[status] if status in states else Q(status=status))


def with_doubt(emails: EmailQuerySet) -> EmailQuerySet:
    """Each mail with `is_doubtful`: nobody knows of one of its tries whether the mail was taken."""
    codes = Q(*(("reason__startswith", f"{code}:") for code in DOUBTS), _connector=Q.OR)
    return emails.annotate(is_doubtful=Exists(EmailEvent.objects.filter(codes, email=OuterRef("pk"))))


@dataclass(frozen=True)
class EmailLine:
    """One mail in a list: its kind and its trouble in the reader's words."""

    email: Email
    title: str
    reason: str


def lines(emails: EmailQuerySet | list[Email]) -> list[EmailLine]:
    return [EmailLine(one, kind_title(one.kind), sentence(_present_reason(one))) for one in emails]


def _present_reason(email: Email) -> str:
    """A reason is kept until the mail is sent; it says something only while the mail has not gone out."""
    return "" if email.status in {EmailStatus.SENT, EmailStatus.CANCELLED} else email.failure_reason


def emails_of(user: models.Model) -> list[EmailLine]:
    """The newest mails to this person that have not gone out, with the reason; one query."""
    return lines(Email.objects.troubled().without_text().filter(recipient=user)[:MOST_ON_A_CARD])


@dataclass(frozen=True)
class MailTrouble:
    """Why mail does not go out: how many failed, how many are overdue, and the most frequent reason as stored."""

    failed: int
    overdue: int
    code: str

    @property
    def total(self) -> int:
        return self.failed + self.overdue

    @property
    def reason(self) -> str:
        """In the reader's language; "" when nobody has tried: then no worker runs."""
        return sentence(f"{self.code}:") if self.code else ""

    @property
    def list_filter(self) -> str:
        """The state that the list of mails is to show."""
        return TROUBLE if self.failed and self.overdue else EmailStatus.FAILED.value if self.failed else WAITING


def mail_trouble() -> MailTrouble | None:
    """What the banner says; None when mail goes out. One query in TROUBLE_SECONDS, for all admins together."""
    known = cache.get(TROUBLE_KEY)
    if known is None:
        known = (_mail_trouble(),)
        cache.set(TROUBLE_KEY, known, TROUBLE_SECONDS)
    return known[0]


def forget_mail_trouble() -> None:
    """Somebody has just done something about it: the next page looks again."""
    cache.delete(TROUBLE_KEY)


def _mail_trouble() -> MailTrouble | None:
    """Failed mails that nobody has sent again or cancelled, and mails that wait too long for the server or a worker."""
    rows = Email.objects.order_by().filter(Q(status=EmailStatus.FAILED) | _overdue())
    why = Func("failure_reason", Value(":"), Value(1), function="SPLIT_PART", output_field=models.CharField())
    counts = list(
        rows.annotate(why=why, is_failed=Q(status=EmailStatus.FAILED)).values_list("is_failed", "why")
        .annotate(n=Count("pk")).order_by("-n", "why")
    )  # fmt: skip
    if not counts:
        return None
    failed = sum(n for is_failed, _why, n in counts if is_failed)
    _is_failed, why, _n = max(counts, key=lambda row: (row[2], row[1] in OF_THE_SERVER))
    return MailTrouble(failed, sum(n for *_rest, n in counts) - failed, why)


def _overdue() -> Q:
    """Waits since OVERDUE_AFTER: for a mail server that does not answer, or for a worker."""
    since = clock.now() - OVERDUE_AFTER
    unreachable = Q()
    for code in UNREACHABLE:
        unreachable |= Q(failure_reason__startswith=f"{code}:")
    return Q(status__in=DUE, not_before__lt=since) | Q(unreachable, status=EmailStatus.RETRYING, created_at__lt=since)
