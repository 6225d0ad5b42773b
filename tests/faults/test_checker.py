"""The checker sees what it is there for: each thing that goes wrong is planted once."""

import asyncio
import random
import time
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest

from accounts.models import Lsp
from certificates.models import Certificate, CertificateEvent
from core import clock, jobs
from core.files import path_of, write_sealed
from core.models import MOST_ATTEMPTS, Job, JobStatus, NumberSeries
from notifications.models import Email, EmailEvent
from notifications.services import deliver_email
from notifications.states import EmailStatus
from participants.models import RegistrationEvent
from participants.services import withdraw_registration
from participants.states import RegistrationStatus
from tests.factories.accounts import make_admin
from tests.factories.certificates import make_certificate
from tests.factories.participants import registration_in
from tests.faults import injector, play
from tests.faults.checker import check, check_answers, check_jobs, check_numbers
from tests.faults.history import OK, UNKNOWN, History
from tests.faults.injector import WORKER_KILLED, Injector
from tests.faults.mail_checks import check_mails, message_id_of
from tests.faults.naive import DOMAIN, EARLY, LATE, Damage
from tests.faults.report import conclude, unproven
from tests.faults.sink import Sink
from tests.faults.verdict import Verdict

pytestmark = pytest.mark.django_db
HARMED = {EARLY: Damage(lost=1), LATE: Damage(doubled=1)}


@pytest.fixture
def played(tmp_path, settings):
    """A run that went well: a certificate, a withdrawn application, every mail arrived. (history, accepted)"""
    settings.PRIVATE_FILES_ROOT = tmp_path / "files"
    Lsp.objects.create(pk=1, name="LSP Contoh", short_name="LSP", uses_bnsp_approval=False, hold_decisions=False)
    registration = registration_in(RegistrationStatus.ELIGIBLE)
    history = History(tmp_path / "history.jsonl")
    withdraw_registration(registration, by=registration.person.user)
    acknowledge(history, "withdraw_registration", registration=registration.pk)
    certificate = make_certificate(file=True)
    acknowledge(history, "issue_certificates", people=[certificate.registration_id])
    for pk in Email.objects.values_list("pk", flat=True):
        deliver_email(pk)
    return history, Counter(message_id_of(one) for one in Email.objects.filter(status=EmailStatus.SENT))


def acknowledge(history, name, said=None, **about):
    history.close(history.intend(name, **about), OK, status=302, began=time.monotonic(), **(said or {}))


def make_sent(**fields):
    """A mail of a kind that is never taken back, with its end in the history."""
    fields = {"kind": "result_released", "status": EmailStatus.SENT, "sent_at": clock.now()} | fields
    email = Email.objects.create(to_address="siti@contoh.test", language="id", **fields)
    EmailEvent.objects.create(email=email, status=EmailStatus.SENT)
    return email


def verdict_of(played, left=0):
    history, accepted = played
    return check(history, accepted, lambda: {"mails": left})


def test_good_run_has_no_findings(played):
    verdict = verdict_of(played)

    assert verdict == Verdict(), verdict


def test_what_is_lost_is_seen(played):
    history, accepted = played
    path_of(Certificate.objects.get().file.storage_name).unlink()
    other = make_certificate(file=True)
    write_sealed(other.file, b"%PDF-1.7 of somebody else")
    Email.objects.filter(params={"certificate_id": other.pk}).delete()
    accepted.pop(message_id_of(Email.objects.filter(status=EmailStatus.SENT).first()))
    acknowledge(history, "withdraw_registration", registration=0)
    acknowledge(history, "issue_certificates", people=[0])
    acknowledge(history, "record_tap", key="k", record=1, item="PLN-01", seq=1, value="Y", said={"value": "Y"})
    Job.objects.create(kind="confirm_registrations", owner=make_admin(), total=2)

    lost = " ".join(verdict_of(played, left=2).lost)

    for words in (
        "the second sweep still found 2 of mails", "files of all rows: 1", "arrived 0 times", "in force of 0: 0",
        "withdraw_registration of registration 0", "tap k: 0", "PLN-01 of record 1", "is queued", "has 0 of 2 rows",
        f"bytes of {other.file} as on record", f"the file of {other} is not what was issued",
        f"mails with {other.number}: 0",
    ):  # fmt: skip
        assert words in lost


def test_what_is_done_twice_is_seen(played):
    _history, accepted = played
    first = Email.objects.exclude(params={}).filter(status=EmailStatus.SENT).first()
    accepted[message_id_of(first)] += 1
    accepted["<nobody@elsewhere>"] += 1
    Email.objects.create(kind=first.kind, params=first.params, to_address=first.to_address, language="id")
    certificate = Certificate.objects.get()
    CertificateEvent.objects.create(certificate=certificate, kind=CertificateEvent.Kind.RENDERED)
    event = RegistrationEvent.objects.filter(to_status="withdrawn").get()
    RegistrationEvent.objects.create(registration=event.registration, from_status="draft", to_status="withdrawn")

    doubled = " ".join(verdict_of(played).doubled)

    for words in (
        "arrived 2 times with 0 doubts", "nobody owed", "2 mails", "makings of", "moves to withdrawn",
    ):  # fmt: skip
        assert words in doubled


@pytest.mark.parametrize("reason", ["lost:", "unsure: Connection unexpectedly closed"])
def test_gap_and_doubt_are_counted_by_themselves(reason):
    verdict, email = Verdict(), make_sent()
    EmailEvent.objects.create(email=email, status=EmailStatus.QUEUED, reason=reason)
    NumberSeries.objects.create(series="certificate.training", year=2026, last=1)

    check_mails(verdict, Counter({message_id_of(email): 2}))
    check_numbers(verdict)

    assert (verdict.lost, verdict.doubled, len(verdict.gaps), verdict.mails_twice) == ([], [], 1, 1)


@pytest.mark.parametrize("reason", ["server_busy: 451 4.3.0", "no_connection: refused", ""])
def test_claim_that_took_nothing_excuses_no_second_copy(reason):
    verdict, email = Verdict(), make_sent()
    EmailEvent.objects.create(email=email, status=EmailStatus.SENDING)
    EmailEvent.objects.create(email=email, status=EmailStatus.RETRYING, reason=reason)

    check_mails(verdict, Counter({message_id_of(email): 2}))

    assert verdict.doubled == [f"mail {email.pk} arrived 2 times with 0 doubts"]


# --- mails that were cancelled


def test_cancelled_mail_whose_cause_stands_is_lost(played):
    _history, accepted = played
    for kind in ("registration_withdrawn", "certificate_issued"):
        email = Email.objects.get(kind=kind)
        del accepted[message_id_of(email)]
        for reason in ("gone:", "superseded:", "discarded:", ""):
            cancel(email, reason)
            verdict = Verdict()
            check_mails(verdict, accepted)

            assert [line for line in verdict.lost if f"({kind}) was cancelled" in line], (kind, reason)


def test_cancelled_mail_needs_a_cause_that_is_gone_and_a_word_of_the_portal_s(played):
    _history, accepted = played
    Certificate.objects.update(status="replaced")
    email = Email.objects.get(kind="certificate_issued")
    arrived = accepted.pop(message_id_of(email))

    for reason, copies, findings in (("gone:", 0, 0), ("", 0, 1), ("gone:", arrived, 1)):
        cancel(email, reason)
        verdict = Verdict()
        check_mails(verdict, accepted + Counter({message_id_of(email): copies}))

        assert len(verdict.lost + verdict.doubled) == findings, (reason, copies, verdict)


def cancel(email, reason):
    EmailEvent.objects.filter(email=email, status=EmailStatus.SENT).delete()
    EmailEvent.objects.create(email=email, status=EmailStatus.CANCELLED, reason=reason)
    Email.objects.filter(pk=email.pk).update(status=EmailStatus.CANCELLED)


# --- jobs, answers, the end


def test_job_whose_rows_were_given_up_is_no_end(monkeypatch, tmp_path):
    def fail(job, key):
        raise RuntimeError("never works")

    monkeypatch.setitem(jobs._kinds, "broken", jobs.Kind(fail, title="Rusak"))
    job = jobs.queue_job("broken", by=make_admin(), rows=[("1", "Satu")])
    for _try in range(MOST_ATTEMPTS + 1):
        jobs.run_job(job.pk)
    verdict = Verdict()
    check_jobs(verdict, History(tmp_path / "acts.jsonl"))

    assert Job.objects.get().status == JobStatus.DONE
    assert [line for line in verdict.lost if f"of job {job.pk} was given up" in line]
    assert play.left() == {"jobs given up": 1}


@pytest.mark.parametrize("weather", ["broker away", "broker stopped", "smtp away"])
def test_request_without_an_answer_is_seen(weather, tmp_path):
    verdict, history = Verdict(), History(tmp_path / "acts.jsonl")
    history.weather = weather
    history.close(history.intend("record_tap"), UNKNOWN, began=time.monotonic(), broke="TimeoutError")

    check_answers(verdict, history)

    assert len(verdict.lost) == 1


def test_mail_that_a_wrong_clock_put_off_is_not_waited_for(monkeypatch, tmp_path):
    make_sent(status=EmailStatus.RETRYING, not_before=clock.now() + timedelta(days=1))
    stage = SimpleNamespace(look_after=lambda: None, clock=tmp_path / "clock")
    monkeypatch.setattr(play, "DRAIN_SECONDS", 0.1)
    monkeypatch.setattr(play, "control_is_over", lambda stage: True)

    assert not play.drain(stage, SimpleNamespace(scene=None))
    assert not stage.clock.exists()


# --- what a run must have met


@pytest.fixture
def faults(tmp_path, monkeypatch):
    """The injector on a stage where nothing happens, and nobody waits."""
    monkeypatch.setattr(injector, "wait_until", lambda condition, seconds, **kwargs: bool(condition()))
    monkeypatch.setattr(injector.time, "sleep", lambda seconds: None)
    stage = SimpleNamespace(look_after=lambda: None, sink=Sink(tmp_path))
    return Injector(stage, History(tmp_path / "acts.jsonl"), random.Random(1), away=1)


def test_fault_that_no_mail_met_does_not_count(faults):
    faults.put("smtp busy")

    assert (faults.put_on["smtp busy"], faults.met["smtp busy"]) == (1, 0)
    assert unproven(faults, HARMED, {"smtp busy": 1}) == ["smtp busy has hit work 0 times, wanted are 1"]


def test_only_mails_of_the_portal_meet_a_mood(faults):
    sink, envelope = faults.stage.sink, SimpleNamespace(rcpt_tos=[])
    sink.mood = "busy"
    asyncio.run(sink.handle_RCPT(None, None, envelope, f"early1@{DOMAIN}", []))
    assert sink.met["busy"] == 0

    asyncio.run(sink.handle_RCPT(None, None, envelope, "siti@contoh.test", []))
    assert sink.met["busy"] == 1


@pytest.mark.parametrize(
    ("control", "words"),
    [
        ({EARLY: Damage(), LATE: Damage(lost=9, doubled=9)}, "early has lost nobody"),
        ({EARLY: Damage(lost=9, doubled=9), LATE: Damage(lost=9)}, "late has doubled nobody"),
        ({EARLY: Damage(lost=9), LATE: Damage(numbers_twice=9)}, "late has doubled nobody"),
    ],
)
def test_each_control_design_must_fail_by_itself(faults, control, words, capsys):
    faults.put_on[WORKER_KILLED] = faults.met[WORKER_KILLED] = 200

    assert conclude(faults, Verdict(), HARMED, wanted={}, seed=1) == 0
    assert conclude(faults, Verdict(), control, wanted={}, seed=1) == 1
    assert words in capsys.readouterr().out


def test_few_kills_need_not_double_but_must_harm(faults):
    faults.put_on[WORKER_KILLED] = faults.met[WORKER_KILLED] = 8

    assert not unproven(faults, {EARLY: Damage(lost=1), LATE: Damage(lost=1)}, {})
    assert unproven(faults, {EARLY: Damage(lost=1), LATE: Damage()}, {})


def test_kills_that_hit_nothing_prove_nothing(faults):
    faults.put_on[WORKER_KILLED], faults.met[WORKER_KILLED] = 10, 8

    assert unproven(faults, HARMED, {}) == ["8 of 10 kills hit work"]
