"""Rows shared out to processes of this machine. What comes back is what one process would give, in its order.

Processes are forked, so that what a run has loaded and fitted is in each of them without being sent. Where the system
cannot fork, one process does it all.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Final

from cotpress.errors import CotpressError
from cotpress.pipeline.stream import Outcome, TraceOrRejected
from cotpress.types import Trace

ProcessRows = Callable[[Iterable[TraceOrRejected]], Iterator[Outcome]]

CHUNK_CHARACTERS: Final = 100_000  # of a chunk's reasoning: about a third of a second of work
CHUNK_ROWS: Final = 256
MIN_CHUNKS: Final = 4  # an input of fewer chunks is done before processes would pay
CHUNKS_AHEAD: Final = 3  # chunks under way for each process: enough that none waits, few enough for little memory

_shared: list[ProcessRows] = []  # what a forked process works with: one function, set before it is forked


def count_workers(wanted: int | None = None) -> int:
    """How many processes are used: as many as wanted, otherwise one for each core that this process may use.

    >>> count_workers(3)
    3
    """
    if wanted is not None:
        return max(1, wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def process_in_order(rows: Iterable[TraceOrRejected], process: ProcessRows, workers: int) -> Iterator[Outcome]:
    """The outcomes of all rows, in order, by so many processes.

    Args:
        rows: the rows; few of them are read ahead.
        process: gives one outcome a row, in order, whatever rows stand before and after it.
        workers: how many processes; with one, or few rows, this process does it itself.

    Raises:
        CotpressError: what `process` raises, or a process has died, for instance for want of memory.

    >>> from cotpress.types import Rejected
    >>> trace = Trace("1", "2+3?", "2+3=5.")
    >>> refuse = lambda rows: (Rejected("refused", "It was.", id=row.id) for row in rows)
    >>> [outcome.id for outcome in process_in_order([trace], refuse, 4)]
    ['1']
    """
    if workers == 1 or not _can_fork():
        yield from process(rows)
        return
    chunks = chunk_rows(rows)
    first = list(islice(chunks, MIN_CHUNKS))
    if len(first) < MIN_CHUNKS:
        yield from process(chain.from_iterable(chain(first, chunks)))
    else:
        yield from _share_out(chain(first, chunks), process, workers)


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon


def chunk_rows(rows: Iterable[TraceOrRejected]) -> Iterator[list[TraceOrRejected]]:
    """Lists of rows of about CHUNK_CHARACTERS characters of reasoning, at most CHUNK_ROWS of them.

    >>> [len(chunk) for chunk in chunk_rows([Trace(str(n), "2+3?", "2+3=5.") for n in range(300)])]
    [256, 44]
    """
    chunk: list[TraceOrRejected] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += len(row.reasoning) if isinstance(row, Trace) else 0
        if size >= CHUNK_CHARACTERS or len(chunk) == CHUNK_ROWS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _share_out(chunks: Iterator[list[TraceOrRejected]], process: ProcessRows, workers: int) -> Iterator[Outcome]:
    _shared.append(process)
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _begin_worker, (os.getpid(),))
    waiting: deque[Future[list[Outcome]]] = deque()
    try:
        for chunk in islice(chunks, workers * CHUNKS_AHEAD):
            waiting.append(pool.submit(_process_chunk, chunk))
        while waiting:
            yield from waiting.popleft().result()
            waiting.extend(pool.submit(_process_chunk, chunk) for chunk in islice(chunks, 1))
    except BrokenProcessPool as broken:
        raise CotpressError(
            "A process that compresses traces has died, perhaps for want of memory.",
            "Run it again with --workers 1: what is finished is kept.",
        ) from broken
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        _shared.pop()


def _begin_worker(parent: int) -> None:
    """Leave Ctrl-C to the process that collects the outcomes, and end with it: a worker that is left behind would wait
    for ever, and hold the lock of the output folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)


def end_with_parent(parent: int) -> None:
    """Have a thread end this process once its parent has ended, however that was.

    Args:
        parent: the parent's process id.

    >>> end_with_parent(parent)  # doctest: +SKIP
    """
    threading.Thread(target=_wait_for_end, args=(parent,), daemon=True).start()


def _wait_for_end(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _process_chunk(chunk: list[TraceOrRejected]) -> list[Outcome]:
    return list(_shared[-1](chunk))
