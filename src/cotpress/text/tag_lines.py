"""Tags on lines of their own, as XML-structured traces have them: they belong to the step that they open or close."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from cotpress.text.unit_sequence import UnitSequence
from cotpress.types import BoolArray

MAX_TAG_CHARACTERS: Final = 200  # of a line that is one tag
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]{0,40})(?:\s[^<>\n]{0,150})?(?<!/)>\Z")


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
    """A step without white space and lone tags at its ends; a step of tags alone as it is.

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
    return "".join(lines[first:last]).strip() or text


def join_tags(units: UnitSequence, starts: BoolArray) -> BoolArray:
    """Where steps start, [n], without the starts that would make a step of tags alone.

    An opening tag is part of the step below it, a closing one of the step above; an empty element is part of the step
    below, at the end of the step above.

    Args:
        units: the units of the text.
        starts: [n], where steps would start.
    """
    if "<" not in units.text:
        return starts
    joined, at = starts.copy(), np.flatnonzero(starts)
    bounds = [*units.bounds[at].tolist(), int(units.bounds[-1])]
    begin, bare = 0, False  # the unit where the current step begins, and whether it has been tags alone so far
    for number, start in enumerate(at.tolist()):
        tag = read_lone_tag(units.text[bounds[number] : bounds[number + 1]])
        if number and (bare or (tag and not tag[1])):
            joined[start] = False
            bare = bare and tag is not None
        else:
            begin, bare = start, tag is not None
    if bare and begin:
        joined[begin] = False
    return joined
