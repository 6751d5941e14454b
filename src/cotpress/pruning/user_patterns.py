"""The user's regular expressions, which must not hang a run: `(a+)+b` takes longer than anybody's life on 60 letters.

`google-re2` takes linear time whatever the expression, but knows fewer of them and reads some in another way. It is
asked where it is installed and finds the same. Everything else is matched by `re` in a child process that is killed
when its time is over. So what is found does not depend on what is installed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Final

from cotpress.errors import MissingExtraError, OptionError, import_optional
from cotpress.types import Span

MATCH_SECONDS: Final = 20.0  # for one expression on one text, on a machine however busy
_OTHER_MEANING = re.compile(r"\$|\[\[:|\{,")  # what both accept and only one takes for more than it says
_OTHER_SPACE = re.compile(r"[\x0b\x1c-\x1f]")  # is white space to `re` alone


def check_patterns(patterns: Sequence[str]) -> None:
    """Raises OptionError for what is no regular expression of Python.

    >>> check_patterns(["[0-9]+"])
    """
    for pattern in patterns:
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            raise OptionError(
                f"'{pattern}' is not a regular expression: {error}.", "See Python's re module."
            ) from error


def find_matches(pattern: str, text: str) -> list[Span]:
    """Where an expression matches in a text: what `re.finditer` finds, in bounded time.

    Raises:
        OptionError: it takes longer than MATCH_SECONDS.

    >>> find_matches("[0-9]+", "7 and 12")
    [(0, 1), (6, 8)]
    """
    linear = _compile_linear(pattern) if text.isascii() and not _OTHER_SPACE.search(text) else None
    if linear is not None:
        spans: list[Span] = [match.span() for match in linear.finditer(text)]
        if all(start < end for start, end in spans):  # the two go on in another way behind an empty match
            return spans
    return _get_matcher(os.getpid()).find(pattern, text)


@cache
def _compile_linear(pattern: str) -> Any:
    """The expression for google-re2; None where it is not installed, or does not read it as `re` does on ASCII text."""
    if not pattern.isascii() or _OTHER_MEANING.search(pattern):
        return None
    try:
        re2 = import_optional("re2", "re2")
    except MissingExtraError:
        return None
    options = re2.Options()
    options.log_errors = False
    with suppress(re2.error):
        return re2.compile(pattern, options)
    return None


class _Matcher:
    """A child process that matches, started when it is first asked. It ends with its pipes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def find(self, pattern: str, text: str) -> list[Span]:
        with self._lock:
            line = self._ask(json.dumps([pattern, text]).encode() + b"\n")
        if not line.endswith(b"\n"):
            raise OptionError(
                f"The pattern '{pattern}' takes longer than {MATCH_SECONDS:g} s on one trace.",
                "Leave out repetitions within repetitions, such as (a+)+, or install google-re2: "
                "pip install 'cotpress[re2]'",
            )
        return [(start, end) for start, end in json.loads(line)]

    def _ask(self, question: bytes) -> bytes:
        """The child's answer; cut short where it was killed or died."""
        process = self._process = self._process or _start_worker()
        assert process.stdin is not None
        assert process.stdout is not None
        clock = Timer(MATCH_SECONDS, process.kill)
        clock.daemon = True
        clock.start()
        try:
            with suppress(OSError):  # it died: no answer will come
                process.stdin.write(question)
                process.stdin.flush()
            line = process.stdout.readline()
        finally:
            clock.cancel()
        if not line.endswith(b"\n"):  # gone: the next question starts another
            process.kill()
            process.communicate()
            self._process = None
        return line


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(Path(__file__).with_name("match_worker.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C at the terminal is the parent's to handle
    )


@cache
def _get_matcher(process: int) -> _Matcher:
    """One for each process: a fork must not share its parent's pipes."""
    return _Matcher()
