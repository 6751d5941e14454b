"""The content of a segmented text: its units without punctuation and white space, in one case."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from cotpress.text import Segmentation, UnitKind

# Words, runs of digits and single symbols: finer than units, which grow together where what stood between them went
# ("(60 + 72) / 3" -> "72/3").
_ATOM = re.compile(r"\\?[^\W\d_]+|\d+|\S")
_LINE_BREAKS: Final = {"auto/paragraph": 2, "auto/line": 1}  # that a step begins with, unless it was cut off a long one
_WHITE_SPACE: Final = re.compile(r"\s*")
_PUNCTUATION_MARKS = frozenset(".,:;?!'\"()[]{}*_`#$…“”‘’«»。，、：；？！（）「」")


@dataclass(frozen=True, slots=True, eq=False)
class ContentUnits:
    """Content units of a text in order, and where each step begins among them.

    `bounds` [steps + 1] are ascending positions in `units`: step i is units[bounds[i]:bounds[i + 1]]. A step of
    punctuation alone is empty.
    """

    units: tuple[str, ...]
    bounds: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.units)

    @property
    def step_count(self) -> int:
        """How many steps there are."""
        return len(self.bounds) - 1

    def step_units(self, number: int) -> tuple[str, ...]:
        """The units of a step, counted from 0."""
        return self.units[self.bounds[number] : self.bounds[number + 1]]


def fold_units(segmentation: Segmentation) -> list[str]:
    """Every unit of a text, stripped and case-folded, punctuation included."""
    text = segmentation.text
    return [text[start:end].strip().casefold() for start, end in pairwise(segmentation.units.tolist())]


def extract_content(segmentation: Segmentation, units: list[str] | None = None) -> ContentUnits:
    """What is left of a text when punctuation and white space go. `units` are its folded units, where known."""
    if not segmentation.text or segmentation.text.isspace():
        return ContentUnits((), (0,) * len(segmentation.steps))
    kept = (segmentation.kinds != UnitKind.PUNCTUATION).tolist()
    units = fold_units(segmentation) if units is None else units
    before = np.concatenate(([0], np.cumsum(kept)))
    bounds = before[np.searchsorted(segmentation.units, segmentation.steps)]
    return ContentUnits(tuple(unit for unit, keep in zip(units, kept, strict=True) if keep), tuple(bounds.tolist()))


def join_cut_lines(segmentation: Segmentation) -> Segmentation:
    """With the sentences of a long paragraph or line as one step, whatever is left of it: a shorter one is not cut."""
    least = _LINE_BREAKS.get(segmentation.mode)
    if least is None or len(segmentation.steps) < 2:
        return segmentation
    text, (first, *inner, last) = segmentation.text, segmentation.steps.tolist()
    begins = [start for start in inner if _count_line_breaks(text, start) >= least]
    return replace(segmentation, steps=np.array([first, *begins, last], np.int64))


def _count_line_breaks(text: str, start: int) -> int:
    """Line breaks in the white space that begins at `start`."""
    found = _WHITE_SPACE.match(text, start)
    return found[0].count("\n") if found else 0


def split_atoms(text: str) -> list[str]:
    """Words, runs of digits and single symbols of a text in order, case-folded."""
    return _ATOM.findall(text.casefold())


def extract_atoms(segmentation: Segmentation, punctuation: bool = True) -> list[str]:
    """The atoms of a segmented text, none across two of its units; without punctuation where `punctuation` is false."""
    text, bounds = segmentation.text, segmentation.units.tolist()
    if punctuation:
        return split_atoms(" ".join(text[start:end] for start, end in pairwise(bounds)))
    kept = np.flatnonzero(segmentation.kinds != UnitKind.PUNCTUATION).tolist()
    atoms = split_atoms(" ".join(text[bounds[place] : bounds[place + 1]] for place in kept))
    return [atom for atom in atoms if atom not in _PUNCTUATION_MARKS]
