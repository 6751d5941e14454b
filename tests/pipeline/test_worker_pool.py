"""However many processes share the rows out, the outcomes are the same, in the same order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator

import pytest

from cotpress import Trace
from cotpress.errors import CotpressError, ModelError
from cotpress.pipeline import worker_pool
from cotpress.pipeline.stream import Outcome, TraceOrRejected
from cotpress.pipeline.worker_pool import chunk_rows, count_workers, process_in_order
from cotpress.types import Rejected

ROWS = [Trace(str(number), "2+3?", "2+3=5.") for number in range(25)]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "CHUNK_ROWS", 3)


def _name_process(rows: Iterable[TraceOrRejected]) -> Iterator[Outcome]:
    return (Rejected("refused", str(os.getpid()), id=row.id) for row in rows)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_the_outcomes_come_in_order(workers: int) -> None:
    outcomes = list(process_in_order(ROWS, _name_process, workers))
    assert [outcome.id for outcome in outcomes if isinstance(outcome, Rejected)] == [row.id for row in ROWS]
    processes = {outcome.detail for outcome in outcomes if isinstance(outcome, Rejected)}
    assert (processes == {str(os.getpid())}) == (workers == 1)


def test_few_rows_are_done_here() -> None:
    [outcome, *_] = process_in_order(ROWS[:6], _name_process, 2)
    assert isinstance(outcome, Rejected)
    assert outcome.detail == str(os.getpid())


def test_rows_are_read_no_further_ahead_than_needed() -> None:
    read = 0

    def count() -> Iterator[Trace]:
        nonlocal read
        for row in ROWS * 20:
            read += 1
            yield row

    outcomes = process_in_order(count(), _name_process, 2)
    next(outcomes)
    assert read <= 3 * (2 * worker_pool.CHUNKS_AHEAD + 2)
    outcomes.close()


def test_what_is_raised_in_a_process_is_raised_here() -> None:
    def fail(rows: Iterable[TraceOrRejected]) -> Iterator[Outcome]:
        raise ModelError("There is no model.", "Give another.")

    with pytest.raises(ModelError, match="There is no model") as raised:
        list(process_in_order(ROWS, fail, 2))
    assert raised.value.hint == "Give another."


def test_a_process_that_dies_is_an_error_that_says_what_to_do() -> None:
    def die(rows: Iterable[TraceOrRejected]) -> Iterator[Outcome]:
        os.kill(os.getpid(), signal.SIGKILL)
        yield from ()

    with pytest.raises(CotpressError, match="--workers 1"):
        list(process_in_order(ROWS, die, 2))


def test_chunks_are_of_about_one_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "CHUNK_CHARACTERS", 10)
    assert [len(chunk) for chunk in chunk_rows([*ROWS[:4], Rejected("refused", "It was.")])] == [2, 2, 1]


def test_all_cores_are_used_by_default() -> None:
    assert 1 <= count_workers() <= (os.cpu_count() or 1)
    assert count_workers(0) == 1


_ENDLESS = """
import os, sys, time
from cotpress import Trace
from cotpress.pipeline import worker_pool

worker_pool.CHUNK_ROWS = 1

def take_long(rows):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(60)
    yield from rows

list(worker_pool.process_in_order([Trace(str(number), "2+3?", "2+3=5.") for number in range(9)], take_long, 2))
"""


def test_processes_end_with_the_one_that_began_them() -> None:
    """They stayed for ever after a SIGTERM, and the output's lock with them: the run could not be continued."""
    with subprocess.Popen([sys.executable, "-c", _ENDLESS], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        workers = [int(run.stdout.readline()) for _ in range(2)]
        run.terminate()
        run.wait()
        assert run.stdout.read() == ""  # ends once no worker holds the other end open any more
    assert run.pid not in workers
