"""Keeping libraries quiet while they load, and their errors to one line."""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
from collections.abc import Iterator

SILENCED_LIBRARIES = ("transformers", "huggingface_hub")


@contextlib.contextmanager
def silence_libraries() -> Iterator[None]:
    """No progress bars, warnings or log lines from the model libraries inside; afterwards everything is as before.

    >>> with silence_libraries():
    ...     print("nobody sees it", file=sys.stderr)
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        for name in SILENCED_LIBRARIES:
            if name in sys.modules:
                logging = importlib.import_module(f"{name}.utils.logging")
                stack.callback(logging.set_verbosity, logging.get_verbosity())
                logging.set_verbosity_error()
        yield


def summarize_error(error: BaseException) -> str:
    """The first sentence of the first line that says something, with a full stop at its end.

    >>> summarize_error(ValueError('too large\\nby far'))
    'too large.'
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    sentence = lines[0].split(". ")[0].rstrip(" .:") if lines else ""
    bare = not sentence or isinstance(error, LookupError)  # a KeyError says no more than the key
    return f"{type(error).__name__} {sentence}".strip() + "." if bare else f"{sentence}."
