"""What is known of a sweep while it runs: every cell is in one state, from the first signal to the last evaluation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("pydantic", reason="studies need the extra 'study'")

from cotpress.study import JobResult, StudyJob, SweepStatus, Usage, parse_study
from cotpress.study.artifacts import ArtifactStore
from cotpress.study.context import StudyContext
from cotpress.study.jobs import plan_stages

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


def plan(text: str = STUDY) -> list[list[StudyJob]]:
    return list(plan_stages(StudyContext(parse_study(text, "board"), ArtifactStore(Path("nowhere")))))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def board_of(planned: list[list[StudyJob]], clock: Clock, stored: int = 0, workers: int = 1) -> SweepStatus:
    board = SweepStatus(workers, clock)
    board.start_sweep(planned, set(planned[-1][:stored]))
    return board


def named(jobs: list[StudyJob], name: str) -> StudyJob:
    return next(job for job in jobs if job.name.startswith(name))


def test_what_is_done_for_a_cell_is_the_state_of_the_cell(clock: Clock) -> None:
    scoring, shortening, teaching = plan()
    board = board_of([scoring, shortening, teaching], clock)
    assert board.state_counts == {"waiting": 2 * 2 * (2 + 2 + 4 + 4)}
    board.update_job(named(scoring, "m: nll"), "scoring")
    assert board.state_counts == {"scoring": 8, "waiting": 40}  # two students and two seeds, at two ratios
    board.end_job(named(scoring, "m: nll"), JobResult(3.0))
    assert board.state_counts == {"waiting": 48}
    board.update_job(named(shortening, "m random token #1"), "shortening")
    assert board.state_counts == {"shortening": 4, "waiting": 44}  # at two ratios: two students with that seed
    board.end_job(named(shortening, "m random token #1"), JobResult(3.0))
    cell = named(teaching, "m nll token @0.5 | two | seed 1")
    for doing in ("training", "evaluating"):
        board.update_job(cell, doing)
        assert board.state_counts == {doing: 1, "waiting": 47}
    board.end_job(cell, JobResult(3.0, None, Usage(70, note="1 of 2 right", written_tokens=20)))
    assert board.state_counts == {"done": 1, "waiting": 47}
    assert [(one.job, one.usage.written_tokens) for one in board.ended_jobs] == [(cell, 20)]


def test_a_compression_that_fails_takes_its_cells_along_once(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    broken = named(planned[1], "m edit")
    board.update_job(broken, "shortening")
    board.end_job(broken, JobResult(1.0, "of no use"))
    for cell in planned[2]:
        if cell.name.startswith("m edit"):
            board.end_job(cell, JobResult(0.0, "of no use"))
    assert board.state_counts == {"failed": 4, "waiting": 44}
    assert [(one.job, one.cell_count, one.error) for one in board.ended_jobs] == [(broken, 4, "of no use")]


def test_a_scoring_that_fails_is_told_and_its_cells_go_on(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    board.update_job(planned[0][0], "scoring")
    board.end_job(planned[0][0], JobResult(1.0, "no such model"))
    assert board.state_counts == {"waiting": 48}
    assert [(one.state, one.cell_count, one.error) for one in board.ended_jobs] == [("failed", 0, "no such model")]


def test_found_in_the_store_a_cell_stays_so(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock, stored=48)
    for job in (*planned[0], *planned[1]):
        board.update_job(job, "shortening")
        assert board.state_counts == {"stored": 48}
        board.end_job(job, JobResult(1.0))
    assert board.state_counts == {"stored": 48}
    assert board.ended_jobs == []


def test_a_compression_that_is_only_compared_is_told_of_when_it_fails(clock: Clock) -> None:
    planned = plan(STUDY.replace("[0.5, 0.3]}", "[0.5, 0.3], train: false}"))
    board = board_of(planned, clock)
    board.end_job(named(planned[1], "m nll"), JobResult(1.0, "out of memory"))
    board.end_job(named(planned[1], "g nll"), JobResult(1.0))
    assert [(one.state, one.cell_count, one.error) for one in board.ended_jobs] == [("failed", 0, "out of memory")]


def test_without_students_the_compressions_are_the_cells(clock: Clock) -> None:
    planned = plan(NO_STUDENT)
    assert planned[2] == []
    board = board_of(planned, clock)
    assert list(board.cells) == planned[1]
    board.update_job(planned[0][0], "scoring")
    assert board.state_counts == {"scoring": 1, "waiting": 9}
    board.end_job(planned[0][0], JobResult(1.0))
    for job in planned[1]:
        board.end_job(job, JobResult(1.0))
    assert board.state_counts == {"done": 10}


def test_what_is_told_after_a_job_has_finished_changes_nothing(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    for job, state in ((planned[1][0], {"waiting": 48}), (planned[2][0], {"done": 1, "waiting": 47})):
        board.end_job(job, JobResult(1.0))
        board.update_job(job, "evaluating")
        assert board.state_counts == state
        assert board.list_running() == []


def test_what_is_under_way_when_a_run_ends_waits(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock, stored=1)
    for cell in planned[2][:3]:
        board.update_job(cell, "training")
    board.end_sweep()
    assert board.state_counts == {"stored": 1, "waiting": 47}
    assert board.list_running() == []


def test_the_time_left_counts_what_is_under_way_and_goes_down(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock, workers=2)
    board.progress.start_stage(planned[2], planned[2][:4])
    assert board.seconds_left is None
    for cell in planned[2][:2]:
        board.update_job(cell, "training")
    clock.now += 10
    board.update_job(planned[2][0], "evaluating")  # the time of the whole job goes on
    board.end_job(planned[2][1], JobResult(20.0))
    assert board.seconds_left == pytest.approx((3 * 20 - 10) / 2)
    entry = board.list_running()[0]
    assert (entry.seconds, entry.seconds_left) == (10.0, 10.0)
    clock.now += 15
    assert board.seconds_left == pytest.approx((3 * 20 - 20) / 2)  # overdue: nobody knows how long
    assert board.list_running()[0].seconds_left is None
    for cell in planned[2][2:4]:
        board.end_job(cell, JobResult(50.0))
    assert board.seconds_left == pytest.approx(40 - 25)  # one is open: the second worker is of no use to it
    board.end_job(planned[2][0], JobResult(40.0))
    assert board.seconds_left is None


def test_a_cell_that_failed_at_once_says_nothing_of_how_long_others_take(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    board.progress.start_stage(planned[2], planned[2])
    board.end_job(planned[2][0], JobResult(30.0))
    board.end_job(planned[2][1], JobResult(0.2, "no such student"))
    board.update_job(planned[2][2], "training")
    assert board.list_running()[0].seconds_left == 30.0
    assert board.seconds_left == pytest.approx(46 * 15.1)


def test_what_the_texts_cost_is_told_with_each_cell_and_counted_once(clock: Clock) -> None:
    planned = plan()
    board = board_of(planned, clock)
    board.end_job(named(planned[1], "m edit"), JobResult(1.0, None, Usage(cost=0.25)))
    paid = named(planned[2], "m edit | two | seed 1")
    board.update_job(paid, "training")
    assert [one.cost for one in board.list_running()] == [0.25]
    for cell in planned[2]:
        board.end_job(cell, JobResult(1.0, None, Usage(10)))
    assert Counter(one.cost for one in board.ended_jobs) == {None: 44, 0.25: 4}
    assert (board.progress.cost, board.progress.tokens) == (0.25, 480)
