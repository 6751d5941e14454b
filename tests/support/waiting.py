"""Waiting for other processes, and finding them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def until(reached: Callable[[], object], seconds: float = 200) -> None:
    """Wait for something to come true. Raises TimeoutError."""
    last = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > last:
            raise TimeoutError
        time.sleep(0.02)


def python_running(name: str) -> list[int]:
    """The processes of Python that run a script or a module (python -m) of this name."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            program, *words = path.read_text(errors="replace").split("\0")
        except OSError:  # it has just ended
            continue
        if "python" in program and any(word.endswith(name) for word in words[:3]):
            found.append(int(path.parent.name))
    return found
