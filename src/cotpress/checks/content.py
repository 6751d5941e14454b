"""The content of a cut text: its units without punctuation and white space, in one case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cotpress.segment import Segmentation, UnitKind

# Words, runs of digits and single symbols: finer than units, which grow together where what stood between them went
# ("(60 + 72) / 3" -> "72/3").
_ATOM = re.compile(r"\\?[^\W\d_]+|\d+|\S")
_MARKS = frozenset(".,:;?!'\"()[]{}*_`#$…“”‘’«»。，、：；？！（）「」")


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """Content units of a text in order, and where each step begins among them.

    `bounds` [steps + 1] are ascending positions in `units`: step i is units[bounds[i]:bounds[i + 1]]. A step of
    punctuation alone is empty.
    """

    units: tuple[str, ...]
    bounds: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.units)

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.bounds) - 1

    def step(self, number: int) -> tuple[str, ...]:
        """The units of a step, counted from 0."""
        return self.units[self.bounds[number] : self.bounds[number + 1]]


def folded(cut: Segmentation) -> list[str]:
    """Every unit of a text, stripped and case-folded, punctuation included."""
    text = cut.text
    return [text[start:end].strip().casefold() for start, end in pairwise(cut.units.tolist())]


def content_of(cut: Segmentation, units: list[str] | None = None) -> Content:
    """What is left of a text when punctuation and white space go. `units` are its folded units, where known."""
    if not cut.text or cut.text.isspace():
        return Content((), (0,) * len(cut.steps))
    kept = (cut.kinds != UnitKind.PUNCTUATION).tolist()
    units = folded(cut) if units is None else units
    before = np.concatenate(([0], np.cumsum(kept)))
    bounds = before[np.searchsorted(cut.units, cut.steps)]
    return Content(tuple(unit for unit, keep in zip(units, kept, strict=True) if keep), tuple(bounds.tolist()))


def atoms(text: str) -> list[str]:
    """Words, runs of digits and single symbols of a text in order, case-folded."""
    return _ATOM.findall(text.casefold())


def atoms_of(cut: Segmentation, punctuation: bool = True) -> list[str]:
    """The atoms of a cut text, none across two of its units; without what is punctuation there, if so wished."""
    text, bounds = cut.text, cut.units.tolist()
    if punctuation:
        return atoms(" ".join(text[start:end] for start, end in pairwise(bounds)))
    kept = np.flatnonzero(cut.kinds != UnitKind.PUNCTUATION).tolist()
    found = atoms(" ".join(text[bounds[place] : bounds[place + 1]] for place in kept))
    return [atom for atom in found if atom not in _MARKS]
