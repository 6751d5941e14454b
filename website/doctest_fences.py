"""Examples in docstrings as code: without fences, Markdown takes `>>>` for quotations."""

from __future__ import annotations

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)


class DoctestFences(griffe.Extension):
    """Puts a fence around each example, while docstrings are collected."""

    def on_object(self, *, obj: Any, **_: Any) -> None:
        """Rewrite the docstring of what was found."""
        if obj.docstring:
            obj.docstring.value = fence_examples(obj.docstring.value)


def fence_examples(docstring: str) -> str:
    """A docstring with its examples as blocks of Python sessions."""
    return _EXAMPLE.sub(lambda example: f"```pycon\n{example[0]}\n```", docstring)
