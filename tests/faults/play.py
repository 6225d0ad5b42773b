"""One run from the first act to the verdict. Needs the stage and Django."""

import json
import random
import sys
import time
from collections import Counter
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
from tests.faults.checker import ANSWERS, UNHEARD, Verdict, check
from tests.faults.history import History
from tests.faults.hurry import hurry
from tests.faults.injector import DAY, SKIPPED, WORKER_KILLED, Injector
from tests.faults.scene import Scene
from tests.faults.stage import PROGRAMS, Stage, wait_until
from tot_portal.embedded import last_lines

ACTORS = 3
HIT_SHARE = 0.9  # of the kills must have hit a task of the portal
LONG = 10  # of each other fault; from then on the broker stays away for half a minute
DRAIN_SECONDS = 120


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
    tell_time(f"the last fault is over; the portal gets {DRAIN_SECONDS} s to catch up")
    admin = Actor(ACTORS, seed, stage, scene, history)
    caught_up = drain(stage, admin, moved=injector.put_on["clock a day ahead"] > 0)
    stage.stop(*PROGRAMS)
    tell_time("counting")
    verdict = check(history, stage.sink.kept, sweep)
    if not caught_up:
        verdict.lost.append(f"not all was done {DRAIN_SECONDS} s after the last fault")
    control = naive.damage(injector.given, stage.sink.naive)
    tell(stage, history, injector, verdict, control)
    return conclude(injector, verdict, control, seed)


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


def drain(stage: Stage, admin: Actor, *, moved: bool) -> bool:
    """Everything runs, nothing is in the way, and the admin presses "coba lagi" where something was parked."""
    if moved:  # what was put off by a clock that ran ahead is due when that day has come
        stage.clock.write_text(str(DAY + 3600))
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
    counts = {"certificates": Certificate.objects.unrendered().count(), "mails": mails.count(), "jobs": jobs.count()}
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
    for job in Job.objects.filter(status=JobStatus.FAILED).select_related("owner"):
        admin.press("retry_job", job.owner, reverse("core:retry_job", args=[job.code]), job=job.code)


def sweep() -> dict[str, int]:
    return {
        "mails": len(sweep_outbox()), "certificates": len(sweep_unrendered()), "jobs": len(sweep_jobs()),
        "seats": sweep_seats(),
    }  # fmt: skip


# --- what is told


def tell(stage: Stage, history: History, injector: Injector, verdict: Verdict, control: naive.Damage) -> None:
    """For people: acts, faults, and every finding in a sentence."""
    answers = Counter(act.answer for act in history.acts)
    say(f"acts: {len(history.acts)}, " + ", ".join(f"{count} {name}" for name, count in sorted(answers.items())))
    for name, count in sorted(Counter(act.name for act in history.acts).items()):
        say(f"  {count:5} {name}")
    say(
        "answers: "
        + ", ".join(f"{count} x {status or 'broken'}" for status, count in sorted(statuses(history).items()))
    )
    say("faults: " + ", ".join(f"{count} {name}" for name, count in sorted(injector.put_on.items())))
    say(f"kills of the worker in mid-task: {injector.hits} of {injector.kills}; of a child: {injector.children_hit}")
    say("mails met: " + ", ".join(f"{count} {mood}" for mood, count in sorted(stage.sink.met.items())))
    for weather in UNHEARD:
        acts = history.during(weather)
        slowest = max((act.seconds for act in acts), default=0)
        say(f"requests while {weather}: {len(acts)}, {sum(act.status in ANSWERS for act in acts)} answered, "
            f"slowest {slowest:.2f} s")  # fmt: skip
    if stage.ended_alone:
        say(f"started again after they ended by themselves: {dict(Counter(stage.ended_alone))}")
    counts = {model.__name__: model.objects.count() for model in (Certificate, Email, Job)}
    say(f"rows: {counts}; mails that arrived twice: {verdict.mails_twice}")
    say(f"controls: of {sum(injector.given.values())} people {control.lost} lost, {control.doubled} doubled")
    for kind in ("lost", "doubled", "gaps"):
        for line in getattr(verdict, kind)[:30]:
            say(f"  {kind.upper()}: {line}")


def statuses(history: History) -> Counter[int]:
    return Counter(act.status for act in history.acts)


def conclude(injector: Injector, verdict: Verdict, control: naive.Damage, seed: int) -> int:
    """The last line, and the code."""
    line = {
        "kills": injector.kills, "hit_share": round(injector.hit_share, 3), "lost": len(verdict.lost),
        "doubled": len(verdict.doubled), "gaps": len(verdict.gaps), "mails_twice": verdict.mails_twice,
        "control_lost": control.lost, "control_doubled": control.doubled, "seed": seed,
    }  # fmt: skip
    say(json.dumps(line))
    clean = not (verdict.lost or verdict.doubled or verdict.gaps)
    proven = not injector.kills or (injector.hit_share >= HIT_SHARE and (control.lost or control.doubled))
    return 0 if clean and proven else 1


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
