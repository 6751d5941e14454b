"""The terminal: whether it has colours, and long output through a pager."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

_LESS_OPTIONS = "-FRX"  # what git gives less: colours, and no page for what fits the screen


def open_console() -> Console:
    """A console for texts of traces: nothing in them is markup, and what is piped is not wrapped."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # for signs that the terminal's encoding does not have
    console = Console(highlight=False, markup=False, emoji=False)
    console.soft_wrap = not console.is_terminal
    return console


def has_colours(console: Console) -> bool:
    """Whether colours are shown: not where output is piped, NO_COLOR is set or the terminal has none.

    >>> import io
    >>> has_colours(Console(file=io.StringIO()))
    False
    """
    return console.color_system is not None and not console.no_color


@contextmanager
def open_pager(console: Console, wanted: bool) -> Iterator[None]:
    """Send what is printed meanwhile through $PAGER, or less, where the output is a terminal and it is wanted."""
    if not (wanted and sys.stdout.isatty() and sys.stdin.isatty()):
        yield
        return
    os.environ.setdefault("LESS", _LESS_OPTIONS)
    with console.pager(styles=True):
        yield
