"""One run from the first act to the last, and its count. Needs the stage and Django."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, connection
from django.urls import reverse

from certificates.models import Certificate
from certificates.services import sweep_unrendered
from core.jobs import sweep_jobs
from core.models import Job, JobStatus
from notifications.models import Email
from notifications.services import sweep_outbox
from notifications.states import EmailStatus
from participants.services import sweep_seats
from tests.faults import naive
from tests.faults.acts import Actor
from tests.faults.checker import check
from tests.faults.history import History
from tests.faults.hurry import hurry
from tests.faults.injector import SKIPPED, WORKER_KILLED, Injector
from tests.faults.report import conclude, say, tell
from tests.faults.scene import Scene
from tests.faults.stage import PROGRAMS, Stage
from tests.tot_portal.processes_helper import wait_until
from tot_portal.embedded import last_lines

ACTORS = 3
LONG = 10  # of each other fault; from then on the broker stays away for half a minute
DRAIN_SECONDS = 120
MOST_TRIES = 3  # of a fault that has not met work as often as wanted


def play(stage: Stage, *, kills: int, others: int, only: str, seed: int) -> int:
    """0 when nothing was lost or doubled and everything that must fail has failed."""
    began = time.monotonic()
    tell_time = lambda line: say(f"  {time.monotonic() - began:4.0f} s  {line}")  # noqa: E731
    hurry()
    naive.make_table()
    scene, history = Scene(), History(stage.folder / "history.jsonl")
    scene.open()
    start_programs(stage)
    injector = Injector(stage, history, random.Random(f"{seed}/faults"), away=30 if others >= LONG else 3)
    for line in SKIPPED:
        say(f"SKIPPED: {line}")
    tell_time("the stage is open")
    chosen = [name.strip() for name in only.split(",") if name.strip()] or list(injector.others)
    plan = [WORKER_KILLED] * kills + chosen * others
    injector.dice.shuffle(plan)
    with acting([Actor(number, seed, stage, scene, history) for number in range(ACTORS)]):
        for number, name in enumerate(plan, start=1):
            injector.put(name)
            if name != WORKER_KILLED or number % 10 == 0:
                tell_time(f"{number} of {len(plan)}: {name}; {len(history.acts)} acts")
        for name in chosen:
            while injector.met[name] < others and injector.put_on[name] < MOST_TRIES * others:
                injector.put(name)
                tell_time(f"{name} once more; it has met work {injector.met[name]} times")
    tell_time(f"the last fault is over; the portal gets {DRAIN_SECONDS} s to catch up")
    admin = Actor(ACTORS, seed, stage, scene, history)
    before = len(history.acts)
    caught_up = drain(stage, admin)
    pressed = history.acts[before:]
    stage.stop(*PROGRAMS)
    tell_time("counting")
    verdict = check(history, stage.sink.kept, sweep)
    if not caught_up:
        verdict.lost.append(f"not all was done {DRAIN_SECONDS} s after the last fault")
    control = naive.damage(injector.given, stage.sink.naive)
    tell(stage, history, injector, pressed, verdict, control)
    return conclude(injector, verdict, control, wanted=dict.fromkeys(chosen, others), seed=seed)


def start_programs(stage: Stage) -> None:
    stage.start(*PROGRAMS)
    if not wait_until(stage.web_answers, 30):
        raise RuntimeError(f"the web server does not answer:\n{last_lines(stage.log_of('web'))}")


@contextmanager
def acting(actors: list[Actor]) -> Iterator[None]:
    """People act while the block runs. What went wrong with the harness itself is raised in the end."""
    for actor in actors:
        actor.start()
    yield
    for actor in actors:
        actor.stopped.set()
    for actor in actors:
        actor.join(30)
        if actor.error:
            raise actor.error


def drain(stage: Stage, admin: Actor) -> bool:
    """Everything runs, all clocks are right, and the admin presses "coba lagi" where something was parked."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline:
        stage.look_after()
        try:
            if not left() and control_is_over(stage):
                return True
            press_try_again(admin)
        except (Error, OSError):
            connection.close()
        time.sleep(0.5)
    say(f"  left: {left()}")
    return False


def left() -> dict[str, int]:
    """What has not come to its end."""
    mails = Email.objects.exclude(status__in=[EmailStatus.SENT, EmailStatus.CANCELLED])
    jobs = Job.objects.exclude(status__in=[JobStatus.DONE, JobStatus.CANCELLED])
    counts = {
        "certificates": Certificate.objects.unrendered().count(), "mails": mails.count(), "jobs": jobs.count(),
        "jobs given up": Job.objects.parked().count(),
    }  # fmt: skip
    return {name: count for name, count in counts.items() if count}


def control_is_over(stage: Stage) -> bool:
    """The control designs had their chance: none of their tasks waits in the broker, or will come back."""
    redis = stage.redis()
    waiting = redis.lrange(settings.CELERY_TASK_DEFAULT_QUEUE, 0, -1) + redis.hvals("unacked")
    return not any(b"tests.naive" in message for message in waiting)


def press_try_again(admin: Actor) -> None:
    """What was parked is visible, and a person presses the button beside it."""
    scene = admin.scene
    for code in Email.objects.filter(status=EmailStatus.FAILED).values_list("code", flat=True):
        admin.press("retry_email", scene.admin, reverse("notifications:retry_email", args=[code]), email=str(code))
    for one in Certificate.objects.unrendered():
        if one.is_stuck:
            path = reverse("certificates:restart_rendering", args=[one.code])
            admin.press("restart_rendering", scene.director, path, certificate=one.code)
    for job in Job.objects.parked().select_related("owner"):
        admin.press("retry_job", job.owner, reverse("core:retry_job", args=[job.code]), job=job.code)


def sweep() -> dict[str, int]:
    return {
        "mails": len(sweep_outbox()), "certificates": len(sweep_unrendered()), "jobs": len(sweep_jobs()),
        "seats": sweep_seats(),
    }  # fmt: skip
