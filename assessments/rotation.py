"""Who plays what with whom: a pure planner of role-play rounds and its figures of fairness.

How it works. The people stand in a ring, in an order drawn from the seed. In each round the next `width` people of
the ring play asesor, and the `width` people after them are their asesi: person k assesses person k + width. So a
round never seats anybody twice (2 x width <= n), the asesi of one round are the asesor of the next, and after n
plays everybody has played both roles exactly once with n different pairs. Practice fills its last round with
second turns from the start of the ring; there the asesi move on by one group, so that no pair comes back. Who does
not play in a round watches a group. Of several orders drawn from the seed the one that brings back the fewest pairs
of `met` is taken.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

MIN_PEOPLE = 2
DRAWS = 60  # orders that are tried to keep away from pairs that have met
Pair = tuple[int, int]  # (asesor, asesi)


@dataclass(frozen=True)
class Group:
    """One play: ids of people; `asesi` is None where somebody from outside has to come."""

    asesor: int
    asesi: int | None
    observers: tuple[int, ...] = ()

    @property
    def pair(self) -> Pair | None:
        return None if self.asesi is None else (self.asesor, self.asesi)


Plan = tuple[tuple[Group, ...], ...]  # rounds of groups


@dataclass(frozen=True)
class Turns:
    """How often one person plays each role."""

    asesor: int = 0
    asesi: int = 0
    observer: int = 0


@dataclass(frozen=True)
class Fairness:
    """Turns per person, and pairs that meet more than once in the same roles."""

    turns: dict[int, Turns]
    repeated: int

    def spread(self, role: str) -> int:
        """Most turns minus fewest in "asesor", "asesi" or "observer"; 0 or 1 is fair."""
        counts = [getattr(turn, role) for turn in self.turns.values()] or [0]
        return max(counts) - min(counts)


def plan_practice(people: Sequence[int], *, group_size: int = 3, seed: int = 0, met: Collection[Pair] = ()) -> Plan:
    """Rounds in which all people sit, in groups of at most `group_size` (>= 3) and at least two.

    As few rounds as let everybody play asesor and asesi, never more than `group_size`. Turns as asesor, as asesi
    and as observer each differ by at most one; no pair repeats. The same people and seed give the same plan, in
    whatever order the people come. ValueError with fewer than two people or a smaller group.
    """
    if len(people) < MIN_PEOPLE or group_size < 3:
        raise ValueError("a group needs an asesor, an asesi and room for an observer")
    width = -(-len(people) // group_size)
    return _best(people, seed, met, lambda ring: _with_observers(_rounds(ring, width, fill=True), ring))


def plan_exam(people: Sequence[int], *, parallel: int, seed: int = 0, met: Collection[Pair] = ()) -> Plan:
    """Rounds of at most `parallel` plays in which each person is assessed once, and plays asesi once for another.

    Nobody watches. A single person gets an asesi from outside (None). Deterministic as `plan_practice`. ValueError
    without people or examiners.
    """
    if not people or parallel < 1:
        raise ValueError("an exam needs people and somebody who examines")
    if len(people) == 1:
        return ((Group(people[0], None),),)
    width = min(parallel, len(people) // 2)
    return _best(people, seed, met, lambda ring: _rounds(ring, width, fill=False))


def fairness(plan: Iterable[Iterable[Group]], people: Iterable[int] = ()) -> Fairness:
    """Counts of a plan; `people` who do not occur in it count as zero."""
    asesor: Counter[int] = Counter()
    asesi: Counter[int] = Counter()
    observer: Counter[int] = Counter()
    pairs: Counter[Pair] = Counter()
    for groups in plan:
        for group in groups:
            asesor[group.asesor] += 1
            observer.update(group.observers)
            if group.asesi is not None:
                asesi[group.asesi] += 1
                pairs[(group.asesor, group.asesi)] += 1
    everybody = dict.fromkeys([*people, *asesor, *asesi, *observer])
    turns = {one: Turns(asesor[one], asesi[one], observer[one]) for one in everybody}
    return Fairness(turns, sum(count - 1 for count in pairs.values()))


def _best(people: Sequence[int], seed: int, met: Collection[Pair], build: Callable[[list[int]], Plan]) -> Plan:
    """The plan over the drawn order that brings back the fewest pairs of `met`; the first draw if none have met."""
    known, best, fewest = set(met), (), len(people) ** 2
    for draw in range(DRAWS):
        plan = build(sorted(people, key=lambda one: _lot(seed, draw, one)))
        again = sum(group.pair in known for groups in plan for group in groups)
        if again < fewest:
            best, fewest = plan, again
        if not again:
            break
    return best


def _lot(seed: int, draw: int, one: int) -> bytes:
    """What a person draws: the same on every machine and under every version of Python."""
    return blake2b(f"{seed} {draw} {one}".encode(), digest_size=8).digest()


def _rounds(ring: list[int], width: int, *, fill: bool) -> Plan:
    """Rounds of `width` pairs around the ring; `fill`: the last round takes second turns until it is full."""
    n = len(ring)
    rounds = []
    for first in range(0, n, width):
        last = first + width if fill else min(first + width, n)
        asesors = [ring[k % n] for k in range(first, last)]
        asesis = [ring[(k + width) % n] for k in range(first, last)]
        if last > n:  # second turns: the asesi move on by one group, else the first pairs of the ring came back
            asesis = asesis[1:] + asesis[:1]
        rounds.append(tuple(map(Group, asesors, asesis)))
    return tuple(rounds)


def _with_observers(plan: Plan, ring: list[int]) -> Plan:
    """Everybody who does not play watches; group sizes differ by at most one, and people change the group."""
    seated = []
    for number, groups in enumerate(plan):
        busy = {one for group in groups for one in (group.asesor, group.asesi)}
        free = [one for one in ring if one not in busy]
        watchers: list[list[int]] = [[] for _group in groups]
        for place, one in enumerate(free):
            watchers[(place + number) % len(groups)].append(one)
        seated.append(
            tuple(Group(group.asesor, group.asesi, tuple(who)) for group, who in zip(groups, watchers, strict=True))
        )
    return tuple(seated)
