"""The planner of rounds: what holds for every size of class, group and examiners."""

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.rotation import Group, Turns, fairness, plan_exam, plan_practice

SIZES = range(5, 31)
PRACTICE = list(product(SIZES, range(3, 7)))
EXAMS = list(product(SIZES, range(1, 7)))


def ids(n: int) -> list[int]:
    """People as the database knows them: any numbers."""
    return [100 + 7 * number for number in range(n)]


def seats(groups) -> list[int]:
    return [one for group in groups for one in (group.asesor, group.asesi, *group.observers)]


def pairs(plan) -> list[tuple[int, int]]:
    return [group.pair for groups in plan for group in groups]


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize(("n", "size"), PRACTICE)
def test_practice_is_fair_for_every_class(n, size, seed):
    people = ids(n)
    plan = plan_practice(people, group_size=size, seed=seed)
    figures = fairness(plan, people)
    assert all(turn.asesor >= 1 and turn.asesi >= 1 for turn in figures.turns.values())
    assert [figures.spread(role) <= 1 for role in ("asesor", "asesi", "observer")] == [True] * 3
    assert figures.repeated == 0
    assert all(sorted(seats(groups)) == people for groups in plan)  # everybody sits, nobody twice
    sizes = [2 + len(group.observers) for groups in plan for group in groups]
    assert min(sizes) >= 2
    assert max(sizes) <= size
    assert max(sizes) - min(sizes) <= 1
    assert len(plan) <= size


@pytest.mark.parametrize(("n", "parallel"), EXAMS)
def test_exam_assesses_each_person_once(n, parallel):
    people = ids(n)
    plan = plan_exam(people, parallel=parallel, seed=3)
    figures = fairness(plan, people)
    assert set(figures.turns.values()) == {Turns(asesor=1, asesi=1)}
    assert len(set(pairs(plan))) == n
    assert all(len(groups) <= parallel for groups in plan)
    assert all(len(seats(groups)) == len(set(seats(groups))) for groups in plan)
    assert len(plan) == -(-n // min(parallel, n // 2))


@given(
    people=st.sets(st.integers(1, 10**9), min_size=2, max_size=30),
    seed=st.integers(0, 2**31 - 1),
    size=st.integers(3, 6),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_same_people_and_seed_give_the_same_plan(people, seed, size, order):
    shuffled = list(people)
    order.shuffle(shuffled)
    plan = plan_practice(sorted(people), group_size=size, seed=seed)
    assert plan == plan_practice(shuffled, group_size=size, seed=seed)
    assert all(group.asesor != group.asesi for groups in plan for group in groups)


def test_another_seed_gives_another_plan():
    assert plan_practice(ids(12), seed=1) != plan_practice(ids(12), seed=2)


@pytest.mark.parametrize("n", [6, 12, 24, 30])
def test_exam_avoids_pairs_that_practised_together(n):
    met = pairs(plan_practice(ids(n), seed=5))
    exam = plan_exam(ids(n), parallel=2, seed=5, met=met)
    assert not set(met) & set(pairs(exam))


def test_pairs_come_back_when_they_must():
    everyone = list(product(ids(5), repeat=2))
    assert len(plan_exam(ids(5), parallel=2, met=everyone)) == 3


def test_single_person_gets_an_asesi_from_outside():
    assert plan_exam([7], parallel=2) == ((Group(7, None),),)


def test_practice_observers_see_more_than_one_group():
    plan = plan_practice(ids(9), seed=1)
    watched = [{one: place for place, group in enumerate(groups) for one in group.observers} for groups in plan]
    assert all(first != second for first, second in pairwise(watched))


@pytest.mark.parametrize(("people", "size"), [(1, 3), (6, 2)])
def test_practice_needs_people_and_room(people, size):
    with pytest.raises(ValueError, match="group"):
        plan_practice(ids(people), group_size=size)


@pytest.mark.parametrize(("people", "parallel"), [(0, 2), (4, 0)])
def test_exam_needs_people_and_examiners(people, parallel):
    with pytest.raises(ValueError, match="exam"):
        plan_exam(ids(people), parallel=parallel)


def test_fairness_counts_repeats_and_who_is_left_out():
    figures = fairness([[Group(1, 2)], [Group(1, 2, (3,))]], people=[1, 2, 3, 4])
    assert figures.repeated == 1
    assert figures.turns == {1: Turns(2, 0, 0), 2: Turns(0, 2, 0), 3: Turns(0, 0, 1), 4: Turns()}
    assert figures.spread("asesor") == 2
