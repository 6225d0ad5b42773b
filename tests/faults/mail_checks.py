"""Mails in the end: each one that was owed arrived, and once.

Two things need a reason that is more than a word in the mail's history. A mail that was cancelled: its cause must be
gone. A second copy: a claim of which nobody knew how it had ended.
"""

from collections import Counter, defaultdict
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max

from certificates.models import Certificate
from notifications.models import Email, EmailEvent
from notifications.states import EmailStatus
from participants.models import RegistrationEvent
from tests.faults.history import History
from tests.faults.verdict import Verdict, audit_of

DOUBTS = {"lost", "unsure"}  # reasons of an end of which nobody knows whether the server had taken the mail
CAUSE_GONE = {"gone", "superseded"}  # reasons of a mail that the portal itself took back
PAPERS, REVOKED = {"certificate_issued", "certificate_reissued"}, "certificate_revoked"
SILENT = {"draft", "in_review"}  # moves of a registration that nobody is told


def check_mails(verdict: Verdict, accepted: Counter[str]) -> None:
    """Sent and arrived, or cancelled because the cause is gone; copies beyond the first are explained by doubts."""
    steps: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, status, reason in EmailEvent.objects.order_by("id").values_list("email", "status", "reason"):
        steps[pk].append((status, reason.partition(":")[0]))
    causes = Causes()
    emails = list(Email.objects.defer("body_text", "body_html"))
    for email in emails:
        times, ends = accepted[message_id_of(email)], steps[email.pk]
        sent = sum(status == EmailStatus.SENT for status, _reason in ends)
        doubts = sum(reason in DOUBTS for _status, reason in ends)
        if email.status == EmailStatus.CANCELLED:
            verdict.expect(sent, 0, f"ends of mail {email.pk}, which was cancelled")
            reason = ends[-1][1] if ends else ""
            if reason not in CAUSE_GONE or causes.stands(email):
                verdict.lost.append(
                    f"mail {email.pk} ({email.kind}) was cancelled as {reason!r}, which no fact confirms"
                )
        else:
            verdict.expect(sent, 1, f"ends of mail {email.pk}")
            if email.status != EmailStatus.SENT or not times:
                verdict.lost.append(f"mail {email.pk} is {email.status} and arrived {times} times")
        verdict.mails_twice += times > 1
        if times > sent + doubts:
            verdict.doubled.append(f"mail {email.pk} arrived {times} times with {doubts} doubts")
    for message_id in set(accepted) - set(map(message_id_of, emails)):
        verdict.doubled.append(f"a mail that nobody owed arrived: {message_id}")
    same = Email.objects.exclude(params={}).values("kind", "params", "to_address").annotate(n=Count("id"))
    for row in same.filter(n__gt=1):
        verdict.doubled.append(f"{row['n']} mails {row['kind']} about {row['params']}")


def message_id_of(email: Email) -> str:
    return f"<{email.code}@{urlsplit(settings.SITE_URL).hostname}>"


class Causes:
    """Whether what a mail tells still holds, by the rows that it is about. Of other kinds every mail has to arrive."""

    def __init__(self) -> None:
        told = RegistrationEvent.objects.exclude(to_status__in=SILENT).values("registration")
        self.newest = dict(told.annotate(newest=Max("pk")).values_list("registration", "newest"))
        self.in_force = set(Certificate.objects.live().values_list("pk", flat=True))

    def stands(self, email: Email) -> bool:
        """A move of a registration until the next one that is told, which has a mail of its own; a paper in force."""
        if event := email.params.get("event_id"):
            return self.newest.get(email.params["registration_id"], event) <= event
        return email.kind not in PAPERS or email.params["certificate_id"] in self.in_force


def check_telling(verdict: Verdict) -> None:
    """Every move that is told has its one mail, and so has each certificate, and the end of one that was revoked."""
    moves = Counter(Email.objects.filter(params__has_key="event_id").values_list("params__event_id", flat=True))
    for event in RegistrationEvent.objects.exclude(to_status__in=SILENT):
        verdict.expect(moves[event.pk], 1, f"mails about the move {event.pk} to {event.to_status}")
    about = Email.objects.filter(params__has_key="certificate_id")
    papers = Counter(about.filter(kind__in=PAPERS).values_list("params__certificate_id", flat=True))
    ends = Counter(about.filter(kind=REVOKED).values_list("params__certificate_id", flat=True))
    for pk, number, status in Certificate.objects.values_list("pk", "number", "status"):
        verdict.expect(papers[pk], 1, f"mails with {number}")
        verdict.expect(ends[pk], int(status == "revoked"), f"mails about the end of {number}")


def check_retries(verdict: Verdict, history: History) -> None:
    """Each "kirim ulang" that was answered is on record once; one that nobody heard of may be."""
    audit = audit_of("notifications.email")
    pressed = Counter(act.about["email"] for act in history.acknowledged("retry_email"))
    unheard = Counter(act.about["email"] for act in history.unknown("retry_email"))
    for pk, code in Email.objects.values_list("pk", "code"):
        found, least = audit[str(pk), "email_retried"], pressed[str(code)]
        verdict.expect(found, min(max(found, least), least + unheard[str(code)]), f"audit of sending mail {pk} again")
