"""What facts mean: each check is good in a quiet portal, and turns at its own limit."""

import logging
from datetime import timedelta

import pytest

from core import clock, ops
from core.models import OpsMark
from core.ops import BACKUP, BEAT, RESTORE_TEST, WORKER
from notifications.states import EmailStatus
from tests.factories.facts import GB, make_facts
from tot_portal import checks, tasks
from tot_portal.checks import State, check_all
from tot_portal.facts import Broker

HOUR, DAY = 3600, 24 * 3600
SWEEP = "core.tasks.sweep_jobs"


MINUTE = timedelta(minutes=1)


def state_of(name: str, facts) -> State:
    return next(check.state for check in check_all(facts) if check.name == name)


def test_quiet_portal_is_good_everywhere():
    assert {check.name: check.state for check in check_all(make_facts())} == dict.fromkeys(
        ["beat", "workers", "broker", "sweeps", "mails", "jobs", "certificates", "disk", "backup", "restore_test"],
        State.OK,
    )


@pytest.mark.parametrize(
    ("name", "changes", "state"),
    [
        ("beat", {"ago": {BEAT: 119}}, State.OK),
        ("beat", {"ago": {BEAT: 121}}, State.BAD),
        ("beat", {"ago": {BEAT: None}}, State.BAD),
        ("workers", {"ago": {f"{WORKER}celery@satu": 301}}, State.BAD),
        ("workers", {"ago": {f"{WORKER}celery@satu": 301, f"{WORKER}celery@dua": 1}}, State.OK),
        ("broker", {"broker": None}, State.BAD),
        ("sweeps", {"ago": {SWEEP: 149}}, State.OK),
        ("sweeps", {"ago": {SWEEP: 151}}, State.BAD),
        ("mails", {"mails": {"failed": 1, "retrying": 0}}, State.BAD),
        ("mails", {"mails": {"failed": 0, "retrying": 1}}, State.WARN),
        ("mails", {"mail_due_since": 4 * MINUTE}, State.OK),
        ("mails", {"mail_due_since": 6 * MINUTE}, State.BAD),
        ("mails", {"mail_held_since": timedelta(days=6)}, State.OK),
        ("mails", {"mail_held_since": timedelta(days=8)}, State.WARN),
        ("jobs", {"jobs": {"queued": 1, "running": 0, "failed": 0}, "job_waiting_since": 6 * MINUTE}, State.BAD),
        ("jobs", {"jobs": {"queued": 1, "running": 0, "failed": 0}, "job_waiting_since": 1 * MINUTE}, State.OK),
        ("jobs", {"jobs": {"queued": 0, "running": 0, "failed": 1}}, State.WARN),
        ("certificates", {"certificates": {"unrendered": 3, "stuck": 1}}, State.BAD),
        ("certificates", {"certificates": {"unrendered": 3, "stuck": 0}}, State.OK),
        (
            "certificates",
            {"certificates": {"unrendered": 3, "stuck": 0}, "certificate_waiting_since": 6 * MINUTE},
            State.WARN,
        ),
        ("disk", {"disk_free": 3 * GB}, State.WARN),
        ("disk", {"disk_free": 1 * GB}, State.BAD),
        ("backup", {"ago": {BACKUP: 25 * HOUR}}, State.OK),
        ("backup", {"ago": {BACKUP: 27 * HOUR}}, State.BAD),
        ("backup", {"ago": {BACKUP: None}}, State.BAD),
        ("restore_test", {"ago": {RESTORE_TEST: 34 * DAY}}, State.OK),
        ("restore_test", {"ago": {RESTORE_TEST: 36 * DAY}}, State.WARN),
        ("restore_test", {"ago": {RESTORE_TEST: None}}, State.WARN),
    ],
)
def test_check_turns_at_its_limit(name, changes, state):
    since = {key: clock.now() - ago for key, ago in changes.items() if isinstance(ago, timedelta)}

    assert state_of(name, make_facts(**changes | since)) == state


@pytest.mark.parametrize(("mark", "detail"), [(BACKUP, {"faults": 2}), (RESTORE_TEST, {"differences": 1})])
def test_fresh_archive_that_is_not_whole_is_not_good(mark, detail):
    facts = make_facts()
    facts.marks[mark].detail = detail

    assert state_of(mark, facts) == State.BAD


def test_what_is_not_good_says_what_to_do():
    facts = make_facts(
        ago=dict.fromkeys([BEAT, f"{WORKER}celery@satu", BACKUP, RESTORE_TEST]) | {SWEEP: DAY}, broker=None,
        mails=dict.fromkeys(EmailStatus.values, 1), jobs={"queued": 0, "running": 0, "failed": 1},
        certificates={"unrendered": 1, "stuck": 1}, disk_free=0,
    )  # fmt: skip

    found = check_all(facts)

    assert [check.name for check in found if check.state == State.OK or not check.todo] == []


@pytest.mark.parametrize(("waiting", "who"), [(0, "Hidupkan kembali beat"), (9, "Hidupkan kembali pekerja")])
def test_silent_beat_says_which_of_the_two_stands_still(waiting, who):
    """A tick is sent by beat and worked by a worker: tasks that pile up say that it is the worker."""
    facts = make_facts(ago={BEAT: 600}, broker=Broker({"sweeps": waiting}, 0))

    assert who in next(check.todo for check in check_all(facts) if check.name == "beat")


@pytest.mark.parametrize(("span", "words"), [(timedelta(seconds=12), "12 detik"), (timedelta(minutes=5), "5\xa0menit")])
def test_span_in_words(span, words):
    assert checks.ago(span) == words


# --- the watch


@pytest.fixture
def bad(caplog):
    """bad(): names of the checks that the log has called bad since the last call; good(): the recovered ones."""
    caplog.set_level(logging.INFO, "tot_portal.checks")

    def told(level=logging.ERROR):
        found = [record.getMessage() for record in caplog.records if record.levelno == level]
        caplog.clear()
        return found

    return told


@pytest.mark.django_db
def test_watch_notes_the_tick_and_twice_is_once(bad):
    tasks.watch()
    assert "ops_check_bad backup" in bad()  # an empty portal has none
    before = set(ops.marks())

    tasks.watch()

    assert set(ops.marks()) == before >= {BEAT}
    assert bad() == []


@pytest.mark.django_db
def test_each_turn_is_logged_once(bad):
    down, up = make_facts(broker=None), make_facts()

    logged = []
    for facts in (up, down, down, up, up, down):
        checks.tell_changes([check for check in check_all(facts) if check.name == "broker"])
        logged.append(bad())

    assert [len(lines) for lines in logged] == [0, 1, 0, 0, 0, 1]
    assert logged[1] == ["ops_check_bad broker"]


@pytest.mark.django_db
def test_recovery_is_logged_too(bad):
    checks.tell_changes(check_all(make_facts(broker=None)))
    bad()

    checks.tell_changes(check_all(make_facts()))

    assert bad(logging.WARNING) == ["ops_check_recovered broker"]


@pytest.mark.django_db
def test_watch_forgets_workers_that_are_long_gone():
    with clock.at(clock.now() - timedelta(hours=25)):
        ops.mark(f"{WORKER}celery@lama")
    ops.mark(f"{WORKER}celery@baru")

    tasks.watch()

    assert set(OpsMark.objects.filter(name__startswith=WORKER).values_list("name", flat=True)) == {
        f"{WORKER}celery@baru"
    }
