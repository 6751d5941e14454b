"""Tags on lines of their own, as XML-structured traces have them: they belong to the step that they open or close."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from cotpress.text.units.unit_sequence import UnitSequence
from cotpress.types import BoolArray

MAX_TAG_CHARACTERS: Final = 200  # of a line that is one tag
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]{0,40})(?:\s[^<>\n]{0,150})?(?<!/)>\Z")

_TAG_START = re.compile(r"<[/A-Za-z_]")


def read_lone_tag(line: str) -> tuple[str, bool] | None:
    """(the name, whether it opens) of a text that is one tag and nothing else; None for any other.

    >>> read_lone_tag('\\n<step n="1">'), read_lone_tag("</step>"), read_lone_tag("<b>5</b>"), read_lone_tag("<br/>")
    (('step', True), ('step', False), None, None)
    """
    tag = line.strip()
    found = _TAG.match(tag) if tag[:1] == "<" and len(tag) <= MAX_TAG_CHARACTERS else None
    return (found[2], not found[1]) if found else None


def list_lone_tags(step: str) -> Iterator[tuple[str, bool]]:
    """The tags on lines of their own in a step, as `read_lone_tag` reads them.

    >>> list(list_lone_tags("<step>\\n2+3=5.\\n</step>"))
    [('step', True), ('step', False)]
    """
    return (tag for line in step.splitlines() if (tag := read_lone_tag(line)) is not None)


def strip_lone_tags(step: str) -> str:
    """A step without white space and lone tags at its ends; "" for a step of tags alone.

    >>> strip_lone_tags("<step>\\n2+3=5.\\n</step>")
    '2+3=5.'
    """
    text = step.strip()
    if text[:1] != "<" and text[-1:] != ">":
        return text
    lines = text.splitlines(keepends=True)
    first, last = 0, len(lines)
    while first < last and read_lone_tag(lines[first]):
        first += 1
    while last > first and read_lone_tag(lines[last - 1]):
        last -= 1
    return "".join(lines[first:last]).strip()


def drop_lone_tags(step: str) -> str:
    """A step without lone tags at its ends, with the white space before it.

    >>> drop_lone_tags("\\n\\n<step>\\n2+3=5.\\n</step>")
    '\\n\\n2+3=5.'
    """
    text = step.strip()
    if text[:1] != "<" and text[-1:] != ">":
        return step
    return step[: len(step) - len(step.lstrip())] + strip_lone_tags(text)


def join_tags(units: UnitSequence, starts: BoolArray) -> BoolArray:
    """Where steps start, [n], without the starts that would make a step of a tag that opens or closes a single step.

    An opening tag is then part of the step below it, a closing one of the step above. The tags of an element that holds
    several steps are of none of them and stay apart, so that any of those steps can go.

    Args:
        units: the units of the text.
        starts: [n], where steps would start.
    """
    if not _TAG_START.search(units.text):
        return starts
    joined, at = starts.copy(), np.flatnonzero(starts)
    bounds = [*units.bounds[at].tolist(), int(units.bounds[-1])]
    tags = [read_lone_tag(units.text[start:end]) for start, end in pairwise(bounds)]
    around_many = _find_tags_around_many(tags)
    bare = False  # whether the current step has been tags alone so far
    for number, (start, tag) in enumerate(zip(at.tolist(), tags, strict=True)):
        if number in around_many:
            bare = False
        elif number and number - 1 not in around_many and (bare or (tag and not tag[1])):
            joined[start] = False
            bare = bare and tag is not None
        else:
            bare = tag is not None
    return joined


def _find_tags_around_many(tags: Sequence[tuple[str, bool] | None]) -> set[int]:
    """The numbers of the tags, among steps, of elements that hold more than one step besides tags."""
    found: set[int] = set()
    opened: dict[str, list[tuple[int, int]]] = {}
    steps = 0
    for number, tag in enumerate(tags):
        if tag is None:
            steps += 1
        elif tag[1]:
            opened.setdefault(tag[0], []).append((number, steps))
        elif opened.get(tag[0]):
            start, before = opened[tag[0]].pop()
            if steps - before > 1:
                found |= {start, number}
    return found
