"""A child process that compares expressions, and that is killed when it takes too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Timer

from cotpress.errors import CotpressError

START_TIMEOUT = 120.0  # for the libraries to be imported, on a machine however busy
# All of the parent's environment that the child gets: no keys, no tokens.
PASSED_VARIABLES = (
    "PATH",
    "LD_LIBRARY_PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "LANG",
    "TMPDIR",
    "SYSTEMROOT",
)
FIXED_VARIABLES = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


class ComparisonClient:
    """One child, ready to be asked. It dies with its pipes: at `end`, or when the parent does."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        """Start it, and wait until it is ready.

        Raises:
            CotpressError: it ended before it was ready.
        """
        self._seconds = seconds
        command = [
            sys.executable,
            "-P",
            "-m",
            "cotpress.evaluation.grading.comparison_worker",
            str(seconds),
            str(memory_mb),
        ]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_make_environment(),
            start_new_session=True,  # Ctrl-C at the terminal is the parent's to handle
        )
        if not self._read_reply(START_TIMEOUT):
            self.end()
            raise CotpressError(
                "The process that compares answers does not start.",
                f"Try it: {' '.join(command)}; it may need more memory than {memory_mb} MB.",
            )

    def compare(self, stated: str, gold: str, alone: bool = False) -> bool | None:
        """Whether two expressions are equal; None where that took too much time or memory, and the child is gone.

        With `alone`, whether math-verify by itself finds the gold answer in the text `stated`; None also where it finds
        no answer.
        """
        assert self._process.stdin is not None
        with suppress(OSError):  # it died since: no answer will come
            self._process.stdin.write(json.dumps([stated, gold, alone]).encode() + b"\n")
            self._process.stdin.flush()
        answer = self._read_reply(self._seconds)
        if not answer:
            self.end()
        return answer.get("same")

    def end(self) -> None:
        """Kill the child and let go of it. May be called again."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was still to be written finds no reader
                if pipe:
                    pipe.close()

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def _read_reply(self, seconds: float) -> dict[str, bool | None]:
        """The next line the child writes; empty where it dies first, of itself or because time is up."""
        assert self._process.stdout is not None
        clock = Timer(seconds, self._process.kill)
        clock.daemon = True
        clock.start()
        try:
            line = self._process.stdout.readline()
        finally:
            clock.cancel()
        reply: dict[str, bool | None] = json.loads(line) if line.endswith(b"\n") else {}
        return reply


def _make_environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
    root = str(Path(__file__).parents[3])
    path = os.pathsep.join(filter(None, [root, passed.get("PYTHONPATH")]))
    return {**passed, **FIXED_VARIABLES, "PYTHONPATH": path}
