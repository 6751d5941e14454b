"""The view of a text's units that the step rules work on."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cotpress.types import BoolArray, IntArray

_BLANK_WITH_BREAK = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]\s*+")
_LINE_BREAK = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029](?:(?<=\r)\n)?")


@dataclass(frozen=True, slots=True, eq=False)
class UnitSequence:
    """The text; its unit boundaries [n + 1], as an array and as a list; kinds [n]; whether a step may begin at each
    unit [n]; how many line breaks are in the white space that leads each unit [n]."""

    text: str
    bounds: IntArray
    bound_list: list[int]
    kinds: NDArray[np.uint8]
    may_begin_step: BoolArray
    line_breaks: IntArray

    def __len__(self) -> int:
        return len(self.kinds)

    def __getitem__(self, i: int) -> str:
        return self.text[self.bound_list[i] : self.bound_list[i + 1]]


def count_line_breaks(text: str, bounds: IntArray) -> IntArray:
    """How many line breaks are in the white space that leads each unit, [n]."""
    counts = np.zeros(len(bounds) - 1, np.int64)
    runs = list(_BLANK_WITH_BREAK.finditer(text)) if len(counts) else []
    owners = np.searchsorted(bounds, np.array([run.start() for run in runs], np.int64), side="right") - 1
    for run, owner, start in zip(runs, owners.tolist(), bounds[owners].tolist(), strict=True):
        gap = text[start : run.start()]
        if not gap or gap.isspace():  # else the white space is within the unit
            counts[owner] = len(_LINE_BREAK.findall(run[0]))
    return counts
