"""What a run tells: for people, and in its last line."""

import json
from collections import Counter

from certificates.models import Certificate
from core.models import Job
from notifications.models import Email
from tests.faults.checker import ANSWERS, UNHEARD
from tests.faults.history import Act, History
from tests.faults.injector import WORKER_KILLED, Injector
from tests.faults.naive import EARLY, LATE, Damage
from tests.faults.stage import Stage, say
from tests.faults.verdict import Verdict

HIT_SHARE = 0.9  # of the kills must have hit a task of the portal
SURE = 50  # kills after which a design that is acknowledged late has doubled somebody; of a few it may only lose


def tell(
    stage: Stage, history: History, injector: Injector, pressed: list[Act], verdict: Verdict,
    control: dict[str, Damage],
) -> None:  # fmt: skip
    """Acts, faults, and every finding in a sentence. `pressed`: what a person had to do when all faults were over."""
    answers = Counter(act.answer for act in history.acts)
    say(f"acts: {len(history.acts)}, {listed(answers)}")
    for name, count in sorted(Counter(act.name for act in history.acts).items()):
        say(f"  {count:5} {name}")
    say(f"answers: {listed(Counter(str(act.status or 'broken') for act in history.acts))}")
    say("faults, and how many of them hit work:")
    for name, count in sorted(injector.put_on.items()):
        say(f"  {count:5} {name}: {injector.met[name]}")
    say(f"mails met: {listed(stage.sink.met)}")
    for weather in UNHEARD:
        acts = history.during(weather)
        slowest = max((act.seconds for act in acts), default=0)
        say(f"requests while {weather}: {len(acts)}, {sum(act.status in ANSWERS for act in acts)} answered, "
            f"slowest {slowest:.2f} s")  # fmt: skip
    say(f"pressed by hand when the faults were over: {listed(Counter(act.name for act in pressed)) or 'nothing'}")
    if stage.ended_alone:
        say(f"started again after they ended by themselves: {listed(Counter(stage.ended_alone))}")
    counts = Counter({model.__name__: model.objects.count() for model in (Certificate, Email, Job)})
    say(f"rows: {listed(counts)}; mails that arrived twice: {verdict.mails_twice}")
    for design, found in control.items():
        say(f"control {design}: of {injector.given[design]} people {found.lost} lost, {found.doubled} doubled; "
            f"{found.numbers_twice} numbers used twice")  # fmt: skip
    for kind in ("lost", "doubled", "gaps"):
        for line in getattr(verdict, kind)[:30]:
            say(f"  {kind.upper()}: {line}")


def conclude(
    injector: Injector, verdict: Verdict, control: dict[str, Damage], *, wanted: dict[str, int], seed: int
) -> int:
    """The last line, and the code: 0 when nothing is wrong and the run proves it. `wanted`: hits of each fault."""
    line = {
        "kills": injector.kills, "hit_share": round(injector.hit_share, 3), "lost": len(verdict.lost),
        "doubled": len(verdict.doubled), "gaps": len(verdict.gaps), "mails_twice": verdict.mails_twice,
        "control_lost": sum(found.lost for found in control.values()),
        "control_doubled": sum(found.doubled for found in control.values()), "seed": seed,
    }  # fmt: skip
    missing = unproven(injector, control, wanted)
    for reason in missing:
        say(f"  NOT PROVEN: {reason}")
    say(json.dumps(line))
    return 0 if verdict.is_clean and not missing else 1


def unproven(injector: Injector, control: dict[str, Damage], wanted: dict[str, int]) -> list[str]:
    """Why a run without findings would say nothing: faults that met no work, control designs that came through."""
    found = [
        f"{name} has hit work {injector.met[name]} times, wanted are {least}"
        for name, least in wanted.items()
        if injector.met[name] < least
    ]
    if injector.kills:
        if injector.hit_share < HIT_SHARE:
            found.append(f"{injector.met[WORKER_KILLED]} of {injector.kills} kills hit work")
        if not control[EARLY].lost:
            found.append("the control design that is acknowledged early has lost nobody")
        late = control[LATE]
        if not late.doubled and (injector.kills >= SURE or not late.lost):
            found.append("the control design that is acknowledged late has doubled nobody")
    return found


def listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
