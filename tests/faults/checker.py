"""Compares what is there in the end with the history: nothing lost, nothing twice, nothing half."""

import hashlib
import io
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pikepdf
from django.db.models import Count, F

from assessments.models import Assessment, Decision, Rating, RatingEvent
from batches.models import Batch
from certificates.models import Certificate, CertificateEvent
from core.crypto import CannotUnseal
from core.files import read_file, sweep_orphan_files
from core.models import MOST_ATTEMPTS, AuditEntry, Job, JobRow, JobRowStatus, JobStatus, NumberSeries, StoredFile
from core.storage import private_files
from notifications.models import Email
from participants.models import Registration, RegistrationEvent
from participants.states import RegistrationStatus
from tests.faults.history import OK, Act, History
from tests.faults.mail_checks import check_mails, check_retries, check_telling
from tests.faults.verdict import Verdict, audit_of, grouped

STATES_OF = {
    "submit_registration": ("submitted",), "claim_for_review": ("in_review",), "find_eligible": ("eligible",),
    "confirm_registration": ("confirmed", "waitlisted"), "withdraw_registration": ("withdrawn",),
}  # fmt: skip
UNHEARD = ("broker away", "broker stopped", "smtp away")
ANSWERS = (200, 302, 422)
INVENTED = "xx/"  # rows that the tests' factories make without bytes


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
    check_telling(verdict)
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
    """One in force for each person who was answered "issued", unless it was revoked; each made once."""
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
    for stored in StoredFile.objects.filter(storage_name__in=on_disk):
        verdict.expect(int(digest_of(content_of(stored)) == stored.sha256), 1, f"bytes of {stored} as on record")
    for one in Certificate.objects.select_related("file"):
        if one.file is None or one.file.storage_name not in on_disk:
            verdict.lost.append(f"{one} has no file")
        elif digest_of(content := content_of(one.file)) != one.file_sha256:
            verdict.lost.append(f"the file of {one} is not what was issued")
        else:
            with pikepdf.open(io.BytesIO(content)) as pdf:
                verdict.expect(min(len(pdf.pages), 1), 1, f"pages of {one}")


def content_of(stored: StoredFile) -> bytes:
    """The bytes that are there now; none when they are not as they were sealed."""
    with suppress(CannotUnseal):
        return read_file(stored)
    return b""


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


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
    """Each ended, with every row worked once, or refused by a rule; each acknowledged one is there, with its entry."""
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
    for row in JobRow.objects.filter(status=JobRowStatus.FAILED, attempts__gte=MOST_ATTEMPTS):
        verdict.lost.append(f"row {row.pk} of job {row.job_id} was given up: {row.outcome}")
    exports = Job.objects.filter(kind="certificates.export_register").count()
    entries = AuditEntry.objects.filter(act="register_exported").count()
    verdict.expect(entries, exports, "audit entries of exports")
