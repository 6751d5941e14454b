"""What a step's gain is multiplied by while other steps are taken: its quality for its cost."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final

from cotpress.types import FloatArray

MAX_NEEDED: Final = 64  # steps that come at once with another one; each of a list of thousands needs all before it


class StepRates:
    """The rate of each step: quality / (its cost + the cost of what it requires and is not taken yet).

    Args:
        quality: [n], what the gain of each step is multiplied by, 0 or more.
        costs: [n], tokens of each step, above 0.
        apart: [n], above 0..1, the factor of each step while the step before it is not taken.
        requires: pairs (step, needed); what is needed needs more, however indirectly.
        waiting: [n], above 0..1, the factor of each step until `release`.

    >>> import numpy as np
    >>> rates = StepRates(np.ones(3), np.array([1.0, 1.0, 2.0]), np.ones(3), [(0, 2)], np.ones(3))
    >>> [round(rate, 2) for rate in rates.current], rates.list_missing(0)
    ([0.33, 1.0, 0.5], [2, 0])
    >>> sorted(rates.take(2)), rates.current[0], rates.list_missing(0)
    ([0], 1.0, [0])
    """

    def __init__(
        self,
        quality: FloatArray,
        costs: FloatArray,
        apart: FloatArray,
        requires: Iterable[tuple[int, int]],
        waiting: FloatArray,
    ) -> None:
        self.taken: set[int] = set()
        self._quality, self._costs = (quality * apart * waiting).tolist(), costs.tolist()
        self._waiting: list[float] = waiting.tolist()
        self._apart: list[float] = apart.tolist()
        self._needed = _find_needed(requires)
        self._needed_by: dict[int, list[int]] = defaultdict(list)
        for step, needed in self._needed.items():
            for other in needed:
                self._needed_by[other].append(step)
        self._missing = [
            cost + sum(self._costs[other] for other in self._needed.get(step, ()))
            for step, cost in enumerate(self._costs)
        ]
        self.current = [quality / cost for quality, cost in zip(self._quality, self._missing, strict=True)]

    def list_missing(self, step: int) -> list[int]:
        """The steps that come with a step, in their order in the trace, and then itself."""
        return [*sorted(self._needed.get(step, set()) - self.taken), step]

    def release(self) -> bool:
        """Let the steps that wait have their full rate. Returns whether any waited until now."""
        waited = any(factor < 1 for factor in self._waiting)
        if waited:
            self._quality = [quality / factor for quality, factor in zip(self._quality, self._waiting, strict=True)]
            self.current = [quality / cost for quality, cost in zip(self._quality, self._missing, strict=True)]
        self._waiting = []
        return waited

    def take(self, step: int) -> set[int]:
        """Take a step. Returns the steps whose rate that changes."""
        self.taken.add(step)
        changed = set(self._needed_by.get(step, ()))
        for other in changed:
            self._missing[other] -= self._costs[step]
        if step + 1 < len(self._costs):
            self._quality[step + 1] /= self._apart[step + 1]
            changed.add(step + 1)
        for other in changed:
            self.current[other] = self._quality[other] / self._missing[other]
        return changed


def _find_needed(requires: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """What each step needs besides itself, however indirectly; of a long chain the nearest MAX_NEEDED."""
    direct: dict[int, list[int]] = defaultdict(list)
    for step, other in requires:
        direct[step].append(other)
    needed = {}
    for step in direct:
        reached, waiting = {step}, deque([step])
        while waiting and len(reached) <= MAX_NEEDED:
            for other in direct.get(waiting.popleft(), ()):
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
        needed[step] = reached - {step}
    return needed
