"""Code that stands between no fences: JSON on a line of its own, and what follows a fence that is never closed."""

from __future__ import annotations

import re

import numpy as np

from cotpress.text.segmentation import Segmentation
from cotpress.text.units.unit_kinds import UnitKind
from cotpress.types import Span

_JSON_START = re.compile(r"[{\[]{1,3}\s?\"")
_OPEN_FENCE = re.compile(r"^[ \t]*+(?:```++|~~~++)[\w+#.-]++[ \t]*+$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![ \t\r]*+\n))*+")


def find_bare_code(segmentation: Segmentation) -> list[Span]:
    """First and last unit of each stretch of code without fences.

    A line that is JSON from its first bracket to its last is one, a tag around it apart. After a fence with a language
    that is never closed, as in a text that was cut off, every paragraph is one, or as many as a bracket holds together.

    >>> from cotpress.text import segment
    >>> find_bare_code(segment('So:\\n{"name": "f", "n": [1]}'))
    [(2, 18)]
    """
    spans = [*_find_json_lines(segmentation.text), *_find_unclosed_code(segmentation)]
    if not spans:
        return []
    units = np.searchsorted(segmentation.units, np.array(spans) - [0, 1], side="right") - 1
    return _drop_crossed([(first, last) for first, last in units.tolist()], segmentation)


def _find_json_lines(text: str) -> list[Span]:
    """The characters of JSON in each line that holds nothing else."""
    if '{"' not in text and '["' not in text and '{ "' not in text:
        return []
    spans: list[Span] = []
    at = 0
    for line in text.split("\n"):
        start, stop = _find_json(line)
        if stop:
            spans.append((at + start, at + stop))
        at += len(line) + 1
    return spans


def _find_unclosed_code(segmentation: Segmentation) -> list[Span]:
    """The characters of each paragraph after the first fence with a language that opens no code block."""
    text = segmentation.text
    for m in _OPEN_FENCE.finditer(text):
        unit = int(np.searchsorted(segmentation.units, m.end() - 1, side="right")) - 1
        if segmentation.kinds[unit] != UnitKind.CODE:
            return _list_paragraphs(text, m.start())
    return []


def _list_paragraphs(text: str, start: int) -> list[Span]:
    """The paragraphs from `start` on; those that a bracket holds together are one."""
    spans: list[Span] = []
    depth = 0
    for paragraph in _PARAGRAPH.finditer(text, start):
        begin = spans.pop()[0] if depth > 0 else paragraph.start()
        spans.append((begin, paragraph.end()))
        inside = paragraph.group()
        depth = max(0, depth + sum(map(inside.count, "([{")) - sum(map(inside.count, ")]}")))
    return spans


def _find_json(line: str) -> Span:
    """Where JSON starts and stops in a line; (0, 0) where there is none, or text besides."""
    m = _JSON_START.search(line)
    if m is None:
        return 0, 0
    before, stop = line[: m.start()].rstrip(), max(line.rfind("}"), line.rfind("]")) + 1
    after = line[stop:].lstrip()
    alone = (not before or before.endswith(">")) and (not after or after[0] in "<,;")
    return (m.start(), stop) if alone and stop > m.end() else (0, 0)


def _drop_crossed(spans: list[Span], segmentation: Segmentation) -> list[Span]:
    """Without the spans that a group of delimiters enters or leaves."""
    owner = np.full(len(segmentation.kinds), -1)
    for number, (first, last) in enumerate(spans):
        owner[first : last + 1] = number
    crossed: set[int] = set()
    for group in segmentation.groups:
        owners = set(owner[list(group)].tolist())
        if len(owners) > 1:
            crossed |= owners
    return [span for number, span in enumerate(spans) if number not in crossed]
