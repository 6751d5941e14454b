"""Keeping libraries quiet while they load, and their errors to one line."""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
from collections.abc import Iterator

CHATTY = ("transformers", "huggingface_hub")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No progress bars, warnings or log lines from the model libraries; as it was afterwards."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        for name in CHATTY:
            if name in sys.modules:
                logging = importlib.import_module(f"{name}.utils.logging")
                stack.callback(logging.set_verbosity, logging.get_verbosity())
                logging.set_verbosity_error()
        yield


def first_line(error: BaseException) -> str:
    """The first sentence of the first line that says something, with a full stop at its end."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[0].split(". ")[0].rstrip(" .:") if lines else ""
    bare = not said or isinstance(error, LookupError)  # a KeyError says no more than the key
    return f"{type(error).__name__} {said}".strip() + "." if bare else f"{said}."
