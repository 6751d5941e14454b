"""How objects are shown in a notebook: data say only that they are shown, and `cotpress.notebook` knows how."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_SHOWN_CHARACTERS = 60  # of a value


class NotebookView:
    """What notebooks show of an object. What draws it is found by name: it knows all packages, and none knows it.

    >>> "struck out" in NotebookView._repr_html_.__doc__
    True
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        """HTML for a notebook, without scripts; texts are escaped, and what was deleted is struck out."""
        return str(import_module("cotpress.notebook").render(self))


class RunSummary(dict[str, Any], NotebookView):
    """What a run or a measurement came to: a plain dictionary, JSON-able, that a notebook shows as tables.

    >>> RunSummary(traces=2, flags={}, ids=[*range(100)])
    RunSummary(traces=2, flags={}, ids=[...100])
    """

    def __repr__(self) -> str:
        return f"RunSummary({', '.join(f'{name}={_shorten(value)}' for name, value in self.items())})"


def _shorten(value: object) -> str:
    """What is short as it is; of a longer collection, how much is in it."""
    text = repr(value)
    if len(text) <= _SHOWN_CHARACTERS:
        return text
    if isinstance(value, dict):
        return f"{{...{len(value)}}}"
    return f"[...{len(value)}]" if isinstance(value, list) else f"{text[: _SHOWN_CHARACTERS - 3]}..."
