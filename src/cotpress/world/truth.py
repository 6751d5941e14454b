"""Scoring what was kept of a generated trace against the truth: did the backbone of the reasoning survive?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.segment import segment
from cotpress.types import BoolArray, IntArray
from cotpress.world.parts import Role, RoleSpan, WorldTrace


@dataclass(frozen=True, slots=True)
class Recovery:
    """Units by role: how many there were, and how many were kept."""

    units: Mapping[Role, int]
    kept: Mapping[Role, int]

    @property
    def kept_share(self) -> float:
        """Kept units / all units, 0..1: what recall and lift are to be held against."""
        return sum(self.kept.values()) / max(1, sum(self.units.values()))

    @property
    def recall(self) -> float:
        """Share of the essential units that was kept, 0..1. Keeping at random gives `kept_share`."""
        return self.kept[Role.ESSENTIAL] / max(1, self.units[Role.ESSENTIAL])

    @property
    def precision(self) -> float:
        """Share of the kept units that are essential, 0..1."""
        return self.kept[Role.ESSENTIAL] / max(1, sum(self.kept.values()))

    @property
    def corrected(self) -> float:
        """(recall - expected) / (best possible - expected): 0 is chance, 1 is the best that this many units allow."""
        share = self.kept_share
        best = min(1.0, share * sum(self.units.values()) / max(1, self.units[Role.ESSENTIAL]))
        return (self.recall - share) / (best - share) if best > share else 0.0

    def __add__(self, other: Recovery) -> Recovery:
        return Recovery(
            {role: self.units[role] + other.units[role] for role in Role},
            {role: self.kept[role] + other.kept[role] for role in Role},
        )


def recovery(drawn: WorldTrace, kept_spans: IntArray | Sequence[tuple[int, int]]) -> Recovery:
    """What a compressor that kept these [start, end) characters of the reasoning did to its units, by role.

    White space counts for nothing; a unit is kept where its last character is, and has the role of that character.
    """
    text = drawn.trace.reasoning
    lasts = _last_characters(text)
    kept = _covered(len(text), [(int(start), int(end)) for start, end in kept_spans])[lasts]
    roles = unit_roles(drawn)
    return Recovery(
        {role: sum(one is role for one in roles) for role in Role},
        {role: sum(one is role and stays for one, stays in zip(roles, kept.tolist(), strict=True)) for role in Role},
    )


def unit_roles(drawn: WorldTrace) -> list[Role]:
    """The role of every unit of the reasoning, as `segment` cuts it: that of its last character."""
    return _roles(drawn.units, _last_characters(drawn.trace.reasoning))


def total(recoveries: Iterable[Recovery]) -> Recovery:
    """Several traces together."""
    return sum(recoveries, start=Recovery(dict.fromkeys(Role, 0), dict.fromkeys(Role, 0)))


def _last_characters(text: str) -> IntArray:
    """The last character of each unit that is no white space; white space at the end of a text goes with its unit."""
    ends = segment(text).units[1:]
    if len(ends):
        ends = ends.copy()
        ends[-1] = len(text.rstrip())
    return ends - 1


def _covered(size: int, spans: Sequence[tuple[int, int]]) -> BoolArray:
    mask = np.zeros(size, dtype=bool)
    for start, end in spans:
        mask[start:end] = True
    return mask


def _roles(spans: Sequence[RoleSpan], characters: IntArray) -> list[Role]:
    ends = np.array([end for _, end, _ in spans])
    return [spans[at][2] for at in np.searchsorted(ends, characters, side="right")]
