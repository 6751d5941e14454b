"""Calls that end their process, the first so many times. Importable by child processes."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Deadly:
    """Counts its calls in a file; those up to `times` are killed, as when the machine runs out of memory."""

    counter: str
    times: int

    def __call__(self) -> None:
        with Path(self.counter).open("a") as file:
            file.write("x")
        if len(Path(self.counter).read_text()) <= self.times:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Orphaning:
    """Begins a process that outlives it by half a minute and inherits all that it holds open, then is killed."""

    counter: str

    def __call__(self) -> None:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        Deadly(self.counter, 1)()
