"""A criterion that gives coverage in the simplest way: a trace rests on its numbers. For worker processes, too."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from cotpress.criteria import Criterion, Evidence, Order

_NUMBER = re.compile(r"\d+")


def order_by_numbers(evidence: Evidence) -> Order:
    """Segments with the most numbers that none before them has come first, for each token that they cost."""
    numbers = [set(_NUMBER.findall(evidence.text[start:end])) for start, end in pairwise(evidence.segments.tolist())]
    needed = len(set().union(*numbers))
    importance, covered = np.zeros(len(numbers)), set[str]()
    order: list[int] = []
    left = list(range(len(numbers)))
    while left:
        best = max(left, key=lambda at: (len(numbers[at] - covered) / max(1, evidence.costs[at]), -at))
        importance[best] = 1 - len(covered) / needed if needed else 0.0
        covered |= numbers[best]
        left.remove(best)
        order.append(best)
    return Order(np.array(order, dtype=np.int64), importance)


COVERING = Criterion("covering", order_by_numbers, gives_coverage=True)
