"""What a long run tells: how far it is, and how long it takes from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.progress import ProgressColumn

from cotpress.progress.display import ProgressBars, ProgressLines
from cotpress.progress.rate_estimator import RateEstimator

BATCH = 64


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def batches(clock: Clock, seconds: Iterable[float], advance: Callable[[int], None], size: int = BATCH) -> None:
    """A model at work: nothing while a batch is scored, then its outcomes a millisecond apart."""
    for took in seconds:
        clock.now += took
        for _ in range(size):
            advance(1)
            clock.now += 0.001


def test_the_first_batch_tells_nothing_until_it_is_all_there() -> None:
    clock = Clock()
    pace = RateEstimator(200, clock)
    assert (pace.rate, pace.seconds_left) == (None, None)
    clock.now += 157
    pace.advance(1)
    assert pace.seconds_left is None  # 1 of 200 after 157 seconds, and 63 more are there already
    batches(clock, [0], pace.advance, BATCH - 1)
    assert pace.seconds_left is None
    clock.now += 80
    assert pace.seconds_left == pytest.approx(136 / 64 * 157 - 80, rel=0.01)


@settings(max_examples=30, deadline=None)
@given(st.floats(1, 300), st.integers(3, 9), st.integers(1, 200))
def test_before_a_batch_is_counted_what_is_left_is_the_time_of_the_batches_to_come(
    took: float, whole: int, size: int
) -> None:
    clock = Clock()
    pace = RateEstimator(whole * size, clock)
    batches(clock, [took], pace.advance, size)
    for done in range(2, whole):
        clock.now += took  # the batch is scored, and none of it counted
        assert pace.seconds_left == pytest.approx((took + 0.001 * size) * (whole - done), rel=0.01, abs=0.001 * size)
        batches(clock, [0], pace.advance, size)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.2, 20), st.integers(10, 500), st.integers(3, 9))
def test_what_comes_one_by_one_takes_as_long_again(each: float, total: int, done: int) -> None:
    clock = Clock()
    pace = RateEstimator(total, clock)
    for _ in range(done):
        clock.now += each
        pace.advance(1)
    assert pace.rate == pytest.approx(1 / each)
    assert pace.seconds_left == pytest.approx((total - done) * each)


def test_what_an_earlier_run_did_is_no_pace() -> None:
    clock = Clock()
    pace = RateEstimator(300, clock, before=200)
    assert (pace.done, pace.rate) == (200, None)
    for _ in range(10):
        clock.now += 2
        pace.advance(1)
    assert pace.rate == pytest.approx(0.5)
    assert pace.seconds_left == pytest.approx(180)


def test_nothing_is_left_of_what_has_no_end_or_is_overdue() -> None:
    clock = Clock()
    endless, overdue = RateEstimator(None, clock), RateEstimator(3, clock)
    for _ in range(2):
        clock.now += 1
        endless.advance(1)
        overdue.advance(1)
    clock.now += 1.5
    assert endless.seconds_left is None
    assert overdue.seconds_left is None


def test_lines_tell_no_time_that_the_first_outcome_of_a_batch_would_suggest(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = ProgressLines(clock=clock)
    lines.start("Compressing", 200)
    batches(clock, [157, 157, 157], lines.advance)
    lines.done()
    assert capsys.readouterr().err.splitlines() == [
        "Compressing: 1/200 traces, 2 min 37 s",
        "Compressing: 65/200 traces, 5 min 14 s, 24.4/min, 2 min 57 s left",
        "Compressing: 129/200 traces, 7 min 51 s, 24.4/min, 20 s left",
        "Compressing: 192/200 traces, 7 min 51 s, 24.4/min",
    ]


def test_lines_of_short_tasks_have_tenths_and_notes_and_one_is_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = ProgressLines("step", clock)
    lines.start("training", 1)
    lines.advance(0)
    clock.now += 0.5
    lines.advance(1)
    lines.note("loss 0.1234")
    lines.done()
    assert capsys.readouterr().err == "training: 1/1 step, 0.5 s, 2.0/s, loss 0.1234\n"


def test_each_bar_keeps_its_own_pace(capsys: pytest.CaptureFixture[str]) -> None:
    bars = ProgressBars("problem")
    for task in ("first", "second"):
        bars.start(task, 2, before=1)
    rate, left = bars._bars.columns[3], bars._bars.columns[5]
    assert isinstance(rate, ProgressColumn)
    assert isinstance(left, ProgressColumn)
    clock = Clock()
    (first, second) = bars._bars.tasks
    bars._paces[first.id] = pace = RateEstimator(20, clock)
    for _ in range(4):
        clock.now += 25
        pace.advance(1)
    assert str(rate.render(first)) == "2.4 problems/min"
    assert str(left.render(first)) == "6 min 40 s"
    assert str(rate.render(second)) == ""
    bars.done()
    assert "second" in capsys.readouterr().err
