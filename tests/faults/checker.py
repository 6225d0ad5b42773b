"""Compares what is there in the end with the history: nothing lost, nothing twice, nothing half."""

import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import pikepdf
from django.conf import settings
from django.db.models import Count, F

from assessments.models import Assessment, Decision, Rating, RatingEvent
from batches.models import Batch
from certificates.models import Certificate, CertificateEvent
from core.files import read_file, sweep_orphan_files
from core.models import AuditEntry, Job, JobRow, JobRowStatus, JobStatus, NumberSeries, StoredFile
from core.storage import private_files
from notifications.models import Email, EmailEvent
from notifications.states import EmailStatus
from participants.models import Registration, RegistrationEvent
from participants.states import RegistrationStatus
from tests.faults.history import OK, Act, History

STATES_OF = {
    "submit_registration": ("submitted",), "claim_for_review": ("in_review",), "find_eligible": ("eligible",),
    "confirm_registration": ("confirmed", "waitlisted"), "withdraw_registration": ("withdrawn",),
}  # fmt: skip


UNHEARD = ("broker away", "smtp away")
ANSWERS = (200, 302, 422)
INVENTED = "xx/"  # rows that the tests' factories make without bytes


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


def check(history: History, accepted: Counter[str], sweep: Callable[[], dict[str, int]]) -> Verdict:
    """`accepted`: how often the mail server kept each Message-ID. `sweep` runs the sweepers: how much each found."""
    verdict = Verdict()
    for number in ("first", "second"):
        for name, found in sweep().items():
            if found:
                verdict.lost.append(f"the {number} sweep still found {found} of {name}")
    check_answers(verdict, history)
    check_numbers(verdict)
    check_certificates(verdict, history)
    check_files(verdict)
    check_mails(verdict, accepted)
    check_retries(verdict, history)
    check_seats(verdict)
    check_registrations(verdict, history)
    check_ratings(verdict, history)
    check_results(verdict, history)
    check_jobs(verdict, history)
    return verdict


def check_answers(verdict: Verdict, history: History) -> None:
    """Nobody notices that broker or mail server are away; a database that restarts is said as such, never a fault."""
    for weather in UNHEARD:
        missed = [act for act in history.during(weather) if act.status not in ANSWERS]
        if missed:
            verdict.lost.append(f"{len(missed)} requests were not answered while {weather}: {missed[0]}")
    faults = [act for act in history.acts if act.status == 500]
    if faults:
        verdict.lost.append(f"{len(faults)} requests were answered with a fault, the first: {faults[0]}")


# --- certificates


def check_numbers(verdict: Verdict) -> None:
    """1 to N in each year, and the counter stands at N."""
    for series in NumberSeries.objects.filter(series="certificate.training"):
        numbers = sorted(Certificate.objects.filter(year=series.year).values_list("seq", flat=True))
        if numbers != list(range(1, series.last + 1)):
            verdict.gaps.append(f"{series.year}: {len(numbers)} certificates, the counter stands at {series.last}")


def check_certificates(verdict: Verdict, history: History) -> None:
    """One in force for each person who was answered "issued", unless it was revoked; each made once, told once."""
    revoked = set(Certificate.objects.filter(status="revoked").values_list("registration", flat=True))
    live = Counter(Certificate.objects.live().values_list("registration", flat=True))
    for act in history.acknowledged("issue_certificates"):
        for person in act.about["people"]:
            verdict.expect(live[person], 0 if person in revoked else 1, f"certificates in force of {person}")
    for act in history.acknowledged("revoke_certificate", "reissue_certificate"):
        wanted = "revoked" if act.name == "revoke_certificate" else "replaced"
        state = Certificate.objects.values_list("status", flat=True).get(code=act.about["certificate"])
        verdict.expect(int(state == wanted), 1, f"{act.name} of {act.about['certificate']}")
    events = grouped(CertificateEvent.objects.values_list("certificate", "kind"))
    audit = audit_of("certificates.certificate")
    acts = {"issued": "certificate_issued", "revoked": "certificate_revoked", "replaced": "certificate_replaced"}
    for one in Certificate.objects.all():
        status = {"issued": 0, "revoked": 0, "replaced": 0} | {"issued": 1, str(one.status): 1}
        verdict.expect(events[one.pk, "rendered"], 1, f"makings of {one}")
        for kind, act in acts.items():
            if kind == "replaced" and one.status == "revoked":  # it may have been replaced before
                continue
            verdict.expect(events[one.pk, kind], status[kind], f"log entries {kind} of {one}")
            verdict.expect(audit[str(one.pk), act], status[kind], f"audit entries {act} of {one}")


def check_files(verdict: Verdict) -> None:
    """Each row has its file with the digest on record, each file its row; certificates can be read."""
    sweep_orphan_files(timedelta(0))  # a kill between file and row leaves a file that no row names
    named = set(StoredFile.objects.exclude(storage_name__startswith=INVENTED).values_list("storage_name", flat=True))
    on_disk = {entry.name for entry in private_files().entries()}
    verdict.expect(len(on_disk - named), 0, "files that no row names")
    verdict.expect(len(on_disk & named), len(named), "files of all rows")
    for one in Certificate.objects.select_related("file"):
        if one.file is None or one.file.storage_name not in on_disk:
            verdict.lost.append(f"{one} has no file")
            continue
        with pikepdf.open(io.BytesIO(read_file(one.file))) as pdf:
            verdict.expect(len(pdf.pages) and int(one.file_sha256 == one.file.sha256), 1, f"whole file of {one}")


# --- mails


def check_mails(verdict: Verdict, accepted: Counter[str]) -> None:
    """Each owed mail arrived; twice only where its history shows that nobody knew whether it had been taken."""
    host = urlsplit(settings.SITE_URL).hostname
    ids = {f"<{code}@{host}>": pk for pk, code in Email.objects.values_list("pk", "code")}
    steps: defaultdict[int, list[str]] = defaultdict(list)
    for pk, status in EmailEvent.objects.order_by("id").values_list("email", "status"):
        steps[pk].append(status)
    final = dict(Email.objects.values_list("pk", "status"))
    in_force = set(papers_in_force())  # the mail with a paper is cancelled when the paper does not hold any more
    for message_id, pk in ids.items():
        times = accepted[message_id]
        if final[pk] == EmailStatus.CANCELLED and pk not in in_force:
            continue
        if final[pk] != EmailStatus.SENT or not times:
            verdict.lost.append(f"mail {pk} is {final[pk]} and arrived {times} times")
        verdict.expect(steps[pk].count(EmailStatus.SENT), 1, f"ends of mail {pk}")
        if times > 1:
            verdict.mails_twice += 1
            doubts = sum(step == EmailStatus.SENDING for step in steps[pk]) - 1  # claims that did not end in "sent"
            if times - 1 > doubts:
                verdict.doubled.append(f"mail {pk} arrived {times} times with {doubts} doubts")
    for message_id in set(accepted) - set(ids):
        verdict.doubled.append(f"a mail that nobody owed arrived: {message_id}")
    same = Email.objects.exclude(params={}).values("kind", "params", "to_address").annotate(n=Count("id"))
    for row in same.filter(n__gt=1):
        verdict.doubled.append(f"{row['n']} mails {row['kind']} about {row['params']}")


def check_retries(verdict: Verdict, history: History) -> None:
    """Each "kirim ulang" that was answered is on record once; one that nobody heard of may be."""
    audit = audit_of("notifications.email")
    pressed = Counter(act.about["email"] for act in history.acknowledged("retry_email"))
    unheard = Counter(act.about["email"] for act in history.unknown("retry_email"))
    for pk, code in Email.objects.values_list("pk", "code"):
        found, least = audit[str(pk), "email_retried"], pressed[str(code)]
        verdict.expect(found, min(max(found, least), least + unheard[str(code)]), f"audit of sending mail {pk} again")


def papers_in_force() -> Iterable[int]:
    live = Certificate.objects.live().values_list("pk", flat=True)
    papers = Email.objects.filter(kind__in=["certificate_issued", "certificate_reissued"])
    return papers.filter(params__certificate_id__in=list(live)).values_list("pk", flat=True)


# --- seats and applications


def check_seats(verdict: Verdict) -> None:
    """The counter is the number of people, never above the seats; nobody waits before a free one."""
    seated = Counter(Registration.objects.filter(status=RegistrationStatus.CONFIRMED).values_list("batch", flat=True))
    waiting = Counter(Registration.objects.waiting().values_list("batch", flat=True))
    for batch in Batch.objects.all():
        verdict.expect(seated[batch.pk], batch.seats_held, f"people in {batch}")
        if seated[batch.pk] > batch.capacity:
            verdict.doubled.append(f"{batch} has {seated[batch.pk]} people on {batch.capacity} seats")
        if waiting[batch.pk] and seated[batch.pk] < batch.capacity and batch.status == "open":
            verdict.lost.append(f"{waiting[batch.pk]} people wait for free seats of {batch}")


def check_registrations(verdict: Verdict, history: History) -> None:
    """Each acknowledged step is there once; event, audit entry and mail of each step are there together or not."""
    moves = grouped(RegistrationEvent.objects.exclude(to_status="draft").values_list("registration", "to_status"))
    for name, states in STATES_OF.items():
        for person in {act.about["registration"] for act in history.acknowledged(name)}:
            found = [moves[person, state] for state in states if moves[person, state]]
            if not found:
                verdict.lost.append(f"{name} of registration {person} was acknowledged and is not there")
    audit = audit_of("participants.registration")
    for (person, state), count in moves.items():
        verdict.expect(count, 1, f"moves to {state} of registration {person}")
        verdict.expect(audit[str(person), f"registration_{state}"], count, f"audit of {state} of registration {person}")
    for (person, act), count in audit.items():
        state = act.removeprefix("registration_")
        if act != state and state in RegistrationStatus.values:
            verdict.expect(moves[int(person), state], count, f"moves behind {act} of registration {person}")
    check_mails_of_moves(verdict)


def check_mails_of_moves(verdict: Verdict) -> None:
    """Every move but taking a file up is told to the person."""
    told = Counter(Email.objects.filter(params__has_key="event_id").values_list("params__event_id", flat=True))
    silent = {"draft", "in_review"}
    for event in RegistrationEvent.objects.exclude(to_status__in=silent):
        verdict.expect(told[event.pk], 1, f"mails about the move {event.pk} to {event.to_status}")


# --- role plays and results


def check_ratings(verdict: Verdict, history: History) -> None:
    """Each acknowledged tap is there once, and what stands is what the last answer said, or a later unanswered tap."""
    keys = Counter(str(key) for key in RatingEvent.objects.values_list("key", flat=True))
    stands = {(one.record_id, one.item): one.value for one in Rating.objects.filter(aspect="")}
    for key in {act.about["key"] for act in history.acknowledged("record_tap")}:
        verdict.expect(keys[key], 1, f"tap {key}")
    for (record, item), acts in by_place(history).items():
        answered = [act for act in acts if act.answer == OK]
        last = max(answered, key=lambda act: act.about["seq"], default=None)
        if last is None:
            continue
        later = {act.about["value"] for act in acts if act.about["seq"] > last.about["seq"]}
        if stands.get((record, item)) not in {last.said["value"], *later}:
            verdict.lost.append(f"{item} of record {record} is {stands.get((record, item))}, not {last.said['value']}")


def by_place(history: History) -> dict[tuple[int, str], list[Act]]:
    found: dict[tuple[int, str], list[Act]] = {}
    for act in history.acts:
        if act.name == "record_tap":
            found.setdefault((act.about["record"], act.about["item"]), []).append(act)
    return found


def check_results(verdict: Verdict, history: History) -> None:
    """Decided and released once, each with its entry, and told once."""
    audit = audit_of("assessments.assessment") + audit_of("assessments.decision")
    told = Counter(Email.objects.filter(kind="result_released").values_list("params__decision_id", flat=True))
    acknowledged = {act.about["attempt"] for act in history.acknowledged("decide_results")}
    for attempt in Assessment.objects.filter(code__in=acknowledged):
        verdict.expect(attempt.decisions.count(), 1, f"decisions of attempt {attempt.pk}")
        verdict.expect(audit[str(attempt.pk), "result_decided"], 1, f"audit of the decision on attempt {attempt.pk}")
    released = {code for act in history.acknowledged("release_results") for code in act.about["attempts"]}
    for decision in Decision.objects.filter(assessment__code__in=released):
        verdict.expect(int(decision.released_at is not None), 1, f"releases of decision {decision.pk}")
        verdict.expect(audit[str(decision.pk), "result_released"], 1, f"audit of the release of {decision.pk}")
        verdict.expect(told[decision.pk], 1, f"mails about decision {decision.pk}")


# --- jobs


def check_jobs(verdict: Verdict, history: History) -> None:
    """Each ended, with every row worked once; each acknowledged one is there, and each one has its audit entry."""
    for job in Job.objects.exclude(status=JobStatus.DONE):
        verdict.lost.append(f"job {job.pk} is {job.status}: {job.failure_reason}")
    codes = {str(code) for code in Job.objects.values_list("code", flat=True)}
    for act in history.acknowledged("confirm_all", "export_register"):
        code = act.said["to"].rstrip("/").rpartition("/")[2]
        verdict.expect(int(code in codes), 1, f"job {code} of act {act.number}")
    for job in Job.objects.annotate(rows_there=Count("rows")).exclude(total=F("rows_there")):
        verdict.lost.append(f"job {job.pk} has {job.rows_there} of {job.total} rows")
    left = JobRow.objects.filter(status=JobRowStatus.WAITING).count()
    verdict.expect(-left, 0, "rows of jobs that nobody has worked")
    for job in Job.objects.annotate(rows_there=Count("rows")):
        verdict.expect(job.done + job.failed, job.rows_there, f"worked rows of job {job.pk}")
    exports = Job.objects.filter(kind="certificates.export_register").count()
    entries = AuditEntry.objects.filter(act="register_exported").count()
    verdict.expect(entries, exports, "audit entries of exports")


# --- counting


def audit_of(kind: str) -> Counter[tuple[str, str]]:
    """How often each act was done to each object of a kind."""
    return grouped(AuditEntry.objects.filter(object_kind=kind).values_list("object_id", "act"))


def grouped(pairs: Iterable[tuple]) -> Counter[tuple]:
    return Counter(tuple(pair) for pair in pairs)
