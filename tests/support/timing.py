"""What a call costs, as far as other work on the machine lets one see it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

ROUNDS = 5


def seconds(*calls: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Each call's least processor time over rounds in which they take turns, so that a slow spell meets all of them.

    Without the garbage collector, whose time goes by all that earlier tests have left in memory.
    """
    best = [float("inf")] * len(calls)
    gc.collect()
    before = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for at, call in enumerate(calls):
                begin = time.process_time()
                call()
                best[at] = min(best[at], time.process_time() - begin)
    finally:
        if before:
            gc.enable()
    return best
