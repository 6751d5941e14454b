"""The child process: `python -m cotpress.evaluation.grading.comparison_worker SECONDS MEMORY_MB`.

Reads a line of JSON [stated, gold, alone], writes {"same": true, false or null}; ends with its input. `alone` has
math-verify find the answer in `stated` by itself. On running out of memory it ends without an answer. Imports sympy and
math-verify, nothing else that is heavy.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from typing import BinaryIO

from cotpress.evaluation.grading.equivalence import is_equivalent, is_right_alone, warm_up

MAX_RECURSION = 3000  # nested calls; expressions nest, and so does the parser


def main(seconds: float, memory_mb: int) -> None:
    """Answer until the input ends."""
    replies = _redirect_output()
    warm_up()
    _limit_resources(memory_mb)
    _write(replies, ready=True)
    for line in sys.stdin.buffer:
        stated, gold, alone = json.loads(line)
        _set_alarm(2 * seconds)
        _write(replies, same=_compare(stated, gold, alone))
        _set_alarm(0)


def _compare(stated: str, gold: str, alone: bool) -> bool | None:
    try:
        return is_right_alone(stated, gold) if alone else is_equivalent(stated, gold)
    except MemoryError:
        raise
    except Exception:  # whatever sympy raises: the two could not be shown to be equal
        return None if alone else False


def _redirect_output() -> BinaryIO:
    """The pipe to the parent, out of reach of anything that prints."""
    logging.disable()
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


def _write(replies: BinaryIO, **reply: bool | None) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")
    replies.flush()


def _limit_resources(memory_mb: int) -> None:
    sys.setrecursionlimit(MAX_RECURSION)
    try:
        import resource
    except ImportError:  # Windows: the wall clock is the only limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _set_alarm(seconds: float) -> None:
    """The parent kills on time; this is for a child whose parent is no more. Unhandled, the signal ends the process."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
