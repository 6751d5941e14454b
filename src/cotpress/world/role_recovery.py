"""Scoring what was kept of a generated trace against the truth: did the backbone of the reasoning survive?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.text import segment
from cotpress.types import BoolArray, IntArray
from cotpress.world.structures import ReasoningRole, RoleSpan, WorldTrace


@dataclass(frozen=True, slots=True)
class RoleRecovery:
    """Units by role and facts: how many there were, and how many were kept.

    A telling of a fact is kept where each unit that states it is. `facts` counts what the traces state; of these,
    `first_tellings` were kept where they are told first, and `facts_kept` wherever they are told.
    """

    units: Mapping[ReasoningRole, int]
    kept: Mapping[ReasoningRole, int]
    facts: int = 0
    first_tellings: int = 0
    facts_kept: int = 0

    @property
    def kept_share(self) -> float:
        """Kept units / all units, 0..1: what recall and lift are to be held against."""
        return sum(self.kept.values()) / max(1, sum(self.units.values()))

    @property
    def recall(self) -> float:
        """Share of the essential units that was kept, 0..1. Keeping at random gives `kept_share`."""
        return self.kept[ReasoningRole.ESSENTIAL] / max(1, self.units[ReasoningRole.ESSENTIAL])

    @property
    def first_telling_recall(self) -> float:
        """Share of the facts whose first telling was kept, 0..1."""
        return self.first_tellings / max(1, self.facts)

    @property
    def fact_recall(self) -> float:
        """Share of the facts that are still stated somewhere, 0..1."""
        return self.facts_kept / max(1, self.facts)

    @property
    def precision(self) -> float:
        """Share of the kept units that are essential, 0..1."""
        return self.kept[ReasoningRole.ESSENTIAL] / max(1, sum(self.kept.values()))

    @property
    def chance_corrected_recall(self) -> float:
        """(recall - expected) / (best possible - expected): 0 is chance, 1 is the best that this many units allow."""
        share = self.kept_share
        best = min(1.0, share * sum(self.units.values()) / max(1, self.units[ReasoningRole.ESSENTIAL]))
        return (self.recall - share) / (best - share) if best > share else 0.0

    def __add__(self, other: RoleRecovery) -> RoleRecovery:
        return RoleRecovery(
            {role: self.units[role] + other.units[role] for role in ReasoningRole},
            {role: self.kept[role] + other.kept[role] for role in ReasoningRole},
            self.facts + other.facts,
            self.first_tellings + other.first_tellings,
            self.facts_kept + other.facts_kept,
        )


def measure_recovery(drawn: WorldTrace, kept_spans: IntArray | Sequence[tuple[int, int]]) -> RoleRecovery:
    """What a compressor that kept these [start, end) characters of the reasoning did to its units, by role.

    A unit is kept where its last character is kept, and has the role of that character. White space does not count.

    >>> from cotpress.world import sample
    >>> [drawn] = sample('math', 'long', 1, seed=3)
    >>> recovery = measure_recovery(drawn, [(0, len(drawn.trace.reasoning))])
    >>> recovery.recall, recovery.fact_recall
    (1.0, 1.0)
    """
    text = drawn.trace.reasoning
    lasts = _find_last_characters(text)
    kept = _mask_spans(len(text), [(int(start), int(end)) for start, end in kept_spans])[lasts]
    roles = assign_unit_roles(drawn)
    tellings = assign_unit_tellings(drawn)
    lost = {number for number, stays in zip(tellings, kept.tolist(), strict=True) if not stays}
    told = [telling for number, telling in enumerate(drawn.tellings) if number not in lost]
    return RoleRecovery(
        {role: sum(true_role is role for true_role in roles) for role in ReasoningRole},
        {
            role: sum(true_role is role and stays for true_role, stays in zip(roles, kept.tolist(), strict=True))
            for role in ReasoningRole
        },
        facts=len({telling.fact for telling in drawn.tellings}),
        first_tellings=sum(telling.is_first for telling in told),
        facts_kept=len({telling.fact for telling in told}),
    )


def assign_unit_roles(drawn: WorldTrace) -> list[ReasoningRole]:
    """The role of every unit of the reasoning, as `segment` cuts it: that of its last character.

    >>> from cotpress.text import segment
    >>> from cotpress.world import sample
    >>> [drawn] = sample('math', 'short', 1, seed=3)
    >>> len(assign_unit_roles(drawn)) == len(segment(drawn.trace.reasoning).kinds)
    True
    """
    return _look_up_roles(drawn.units, _find_last_characters(drawn.trace.reasoning))


NO_TELLING = -1


def assign_unit_tellings(drawn: WorldTrace) -> list[int]:
    """For every unit of the reasoning the number of the telling in `drawn.tellings` that it is part of, or NO_TELLING.

    A unit is part of what its last character is in.

    >>> from cotpress.world import sample
    >>> [drawn] = sample('math', 'short', 1, seed=3)
    >>> sorted(set(assign_unit_tellings(drawn))) == [NO_TELLING, *range(len(drawn.tellings))]
    True
    """
    numbers = np.full(len(drawn.trace.reasoning), NO_TELLING)
    for number, telling in enumerate(drawn.tellings):
        for start, end in telling.spans:
            numbers[start:end] = number
    found: list[int] = numbers[_find_last_characters(drawn.trace.reasoning)].tolist()
    return found


def sum_recoveries(recoveries: Iterable[RoleRecovery]) -> RoleRecovery:
    """Several traces together.

    >>> sum_recoveries([]).recall
    0.0
    """
    return sum(recoveries, start=RoleRecovery(dict.fromkeys(ReasoningRole, 0), dict.fromkeys(ReasoningRole, 0)))


def _find_last_characters(text: str) -> IntArray:
    """The last character of each unit that is no white space; white space at the end of a text goes with its unit."""
    ends = segment(text).units[1:]
    if len(ends):
        ends = ends.copy()
        ends[-1] = len(text.rstrip())
    return ends - 1


def _mask_spans(size: int, spans: Sequence[tuple[int, int]]) -> BoolArray:
    mask = np.zeros(size, dtype=bool)
    for start, end in spans:
        mask[start:end] = True
    return mask


def _look_up_roles(spans: Sequence[RoleSpan], characters: IntArray) -> list[ReasoningRole]:
    ends = np.array([end for _, end, _ in spans])
    return [spans[at][2] for at in np.searchsorted(ends, characters, side="right")]
