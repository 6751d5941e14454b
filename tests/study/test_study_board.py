"""What is known of a sweep while it runs: every cell is in one state, from the first signal to the last evaluation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("pydantic", reason="studies need the extra 'study'")

from cotpress.study import Board, Job, Outcome, Spent, parse_study
from cotpress.study.artifacts import Artifacts
from cotpress.study.desk import Desk
from cotpress.study.jobs import stages

STUDY = """
name: board
conditions:
  m: {traces: world, domain: math, regime: long, benchmarks: {world_math: null}}
  g: {traces: world, domain: general, regime: long, benchmarks: {world_general: null}}
scorer: some-model
pruning: {criteria: [nll, random], granularities: [token], keep: [0.5, 0.3]}
rewriting: {levels: [edit]}
students: [one, two]
seeds: [0, 1]
"""
NO_STUDENT = STUDY.replace("students: [one, two]", "students: []")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def plan(text: str = STUDY) -> list[list[Job]]:
    return list(stages(Desk(parse_study(text, "board"), Artifacts(Path("nowhere")))))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def board_of(planned: list[list[Job]], clock: Clock, stored: int = 0, workers: int = 1) -> Board:
    board = Board(workers, clock)
    board.plan(planned, set(planned[-1][:stored]))
    return board


def named(jobs: list[Job], name: str) -> Job:
    return next(job for job in jobs if job.name.startswith(name))


def test_what_is_done_for_a_cell_is_the_state_of_the_cell(clock: Clock) -> None:
    scoring, shortening, teaching = plan()
    board = board_of([scoring, shortening, teaching], clock)
    assert board.states == {"waiting": 2 * 2 * (2 + 2 + 4 + 4)}
    board.began(named(scoring, "m: nll"), "scoring")
    assert board.states == {"scoring": 8, "waiting": 40}  # two students and two seeds, at two ratios
    board.finished(named(scoring, "m: nll"), Outcome(3.0))
    assert board.states == {"waiting": 48}
    board.began(named(shortening, "m random token @0.3 #1"), "shortening")
    assert board.states == {"shortening": 4, "waiting": 44}  # at two ratios: two students with that seed
    board.finished(named(shortening, "m random token @0.3 #1"), Outcome(3.0))
    cell = named(teaching, "m nll token @0.5 | two | seed 1")
    for doing in ("training", "evaluating"):
        board.began(cell, doing)
        assert board.states == {doing: 1, "waiting": 47}
    board.finished(cell, Outcome(3.0, None, Spent(70, note="1 of 2 right", written=20)))
    assert board.states == {"done": 1, "waiting": 47}
    assert [(one.job, one.spent.written) for one in board.over] == [(cell, 20)]


def test_a_compression_that_fails_takes_its_cells_along_once(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    broken = named(planned[1], "m edit")
    board.began(broken, "shortening")
    board.finished(broken, Outcome(1.0, "of no use"))
    for cell in planned[2]:
        if cell.name.startswith("m edit"):
            board.finished(cell, Outcome(0.0, "of no use"))
    assert board.states == {"failed": 4, "waiting": 44}
    assert [(one.job, one.cells, one.error) for one in board.over] == [(broken, 4, "of no use")]


def test_a_scoring_that_fails_is_told_and_its_cells_go_on(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    board.began(planned[0][0], "scoring")
    board.finished(planned[0][0], Outcome(1.0, "no such model"))
    assert board.states == {"waiting": 48}
    assert [(one.state, one.cells, one.error) for one in board.over] == [("failed", 0, "no such model")]


def test_found_in_the_store_a_cell_stays_so(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock, stored=48)
    for job in (*planned[0], *planned[1]):
        board.began(job, "shortening")
        assert board.states == {"stored": 48}
        board.finished(job, Outcome(1.0))
    assert board.states == {"stored": 48}
    assert board.over == []


def test_a_compression_that_is_only_compared_is_told_of_when_it_fails(clock: Clock) -> None:
    planned = plan(STUDY.replace("[0.5, 0.3]}", "[0.5, 0.3], train: false}"))
    board = board_of(planned, clock)
    board.finished(named(planned[1], "m nll"), Outcome(1.0, "out of memory"))
    board.finished(named(planned[1], "g nll"), Outcome(1.0))
    assert [(one.state, one.cells, one.error) for one in board.over] == [("failed", 0, "out of memory")]


def test_without_students_the_compressions_are_the_cells(clock: Clock) -> None:
    planned = plan(NO_STUDENT)
    assert planned[2] == []
    board = board_of(planned, clock)
    assert list(board.cells) == planned[1]
    board.began(planned[0][0], "scoring")
    assert board.states == {"scoring": 1, "waiting": 9}
    board.finished(planned[0][0], Outcome(1.0))
    for job in planned[1]:
        board.finished(job, Outcome(1.0))
    assert board.states == {"done": 10}


def test_what_is_told_after_a_job_has_finished_changes_nothing(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    for job, state in ((planned[1][0], {"waiting": 48}), (planned[2][0], {"done": 1, "waiting": 47})):
        board.finished(job, Outcome(1.0))
        board.began(job, "evaluating")
        assert board.states == state
        assert board.under_way() == []


def test_what_is_under_way_when_a_run_ends_waits(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock, stored=1)
    for cell in planned[2][:3]:
        board.began(cell, "training")
    board.stop()
    assert board.states == {"stored": 1, "waiting": 47}
    assert board.under_way() == []


def test_the_time_left_counts_what_is_under_way_and_goes_down(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock, workers=2)
    board.headway.begin(planned[2], planned[2][:4])
    assert board.left is None
    for cell in planned[2][:2]:
        board.began(cell, "training")
    clock.now += 10
    board.began(planned[2][0], "evaluating")  # the time of the whole job goes on
    board.finished(planned[2][1], Outcome(20.0))
    assert board.left == pytest.approx((3 * 20 - 10) / 2)
    entry = board.under_way()[0]
    assert (entry.seconds, entry.left) == (10.0, 10.0)
    clock.now += 15
    assert board.left == pytest.approx((3 * 20 - 20) / 2)  # overdue: nobody knows how long
    assert board.under_way()[0].left is None
    for cell in planned[2][2:4]:
        board.finished(cell, Outcome(50.0))
    assert board.left == pytest.approx(40 - 25)  # one is open: the second worker is of no use to it
    board.finished(planned[2][0], Outcome(40.0))
    assert board.left is None


def test_a_cell_that_failed_at_once_says_nothing_of_how_long_others_take(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    board.headway.begin(planned[2], planned[2])
    board.finished(planned[2][0], Outcome(30.0))
    board.finished(planned[2][1], Outcome(0.2, "no such student"))
    board.began(planned[2][2], "training")
    assert board.under_way()[0].left == 30.0
    assert board.left == pytest.approx(46 * 15.1)


def test_what_the_texts_cost_is_told_with_each_cell_and_counted_once(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    board.finished(named(planned[1], "m edit"), Outcome(1.0, None, Spent(cost=0.25)))
    paid = named(planned[2], "m edit | two | seed 1")
    board.began(paid, "training")
    assert [one.cost for one in board.under_way()] == [0.25]
    for cell in planned[2]:
        board.finished(cell, Outcome(1.0, None, Spent(10)))
    assert Counter(one.cost for one in board.over) == {None: 44, 0.25: 4}
    assert (board.headway.cost, board.headway.tokens) == (0.25, 480)
