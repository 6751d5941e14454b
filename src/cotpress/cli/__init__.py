"""The command line: one file a verb, each one parses, calls and prints."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cotpress._version import __version__


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code.

    Args:
        arguments: the words after `cotpress`; those that the process was started with by default.

    >>> main(["--version"])
    Traceback (most recent call last):
    SystemExit: 0
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == ["--version"]:  # needs no parser, which takes most of the time of starting up
        print(__version__)
        sys.exit(0)
    from cotpress.cli.app import run_and_exit

    run_and_exit(words)


__all__ = ["main"]
