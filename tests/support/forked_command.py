"""The command line in processes of their own, which can be killed.

They are forked from one that has imported what is slow to import: a start takes a fraction of a second.

That process has no threads, unlike the one of the tests, and none of our registries is loaded in it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

SECONDS_AT_MOST = 240.0
_PRELOADED = ["numpy", "pyarrow.parquet", "openai", "openai.resources", "pandas", "pydantic", "cyclopts"]
_PRELOADED += ["cotpress.pipeline", "cotpress.scale", "cotpress.study", "cotpress.chat.openai_chat"]
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(_PRELOADED)


@dataclass(frozen=True)
class ForkedCommand:
    """A command under way; what it prints goes to files."""

    process: ForkServerProcess
    out: Path
    err: Path

    @property
    def is_running(self) -> bool:
        return self.process.is_alive()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()

    def interrupt(self) -> None:
        """As Ctrl-C does."""
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGINT)

    def wait(self) -> int:
        """Its exit code, once it has ended. Raises TimeoutError."""
        self.process.join(SECONDS_AT_MOST)
        if self.process.exitcode is None:
            self.process.kill()
            raise TimeoutError
        return self.process.exitcode

    @property
    def stdout(self) -> str:
        return self.out.read_text(encoding="utf-8")

    @property
    def stderr(self) -> str:
        return self.err.read_text(encoding="utf-8")


def fork_command(
    words: Sequence[object],
    logs: Path,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    paths: Sequence[Path] = (),
    hasty: bool = False,
) -> ForkedCommand:
    """Begin `cotpress WORDS` in a process of its own.

    Args:
        words: what is typed after `cotpress`.
        logs: a folder for what it prints.
        folder: the working directory; that of the tests by default.
        environment: variables that are set for it.
        paths: folders where Python looks first.
        hasty: whether its waits are short, see `hasty_command`.
    """
    logs.mkdir(parents=True, exist_ok=True)
    number = len(list(logs.glob("*.out")))
    out, err = logs / f"{number}.out", logs / f"{number}.err"
    options = {"folder": str(folder or Path.cwd()), "environment": dict(environment or os.environ), "hasty": hasty}
    process = _context.Process(
        target=_run, args=([str(word) for word in words], str(out), str(err), [str(path) for path in paths], options)
    )
    out.touch()
    process.start()
    return ForkedCommand(process, out, err)


def _run(words: list[str], out: str, err: str, paths: list[str], options: dict[str, Any]) -> None:
    for name, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), name)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(options["environment"])
    os.chdir(options["folder"])
    sys.path[:0] = paths
    try:
        _call(words, options["hasty"])
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()


def _call(words: list[str], hasty: bool) -> None:
    from cotpress.cli import main

    if hasty:
        from hasty_command import hurry

        hurry()
    main(words)
