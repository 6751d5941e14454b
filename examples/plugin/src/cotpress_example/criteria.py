"""A criterion that orders the segments of a trace as a whole."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from cotpress import Criterion, Evidence, Order

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def order_by_new_numbers(evidence: Evidence) -> Order:
    """Segments with the most new numbers for their cost are kept first; a lead-in waits for what follows it."""
    texts = [evidence.text[start:end] for start, end in pairwise(evidence.segments.tolist())]
    known = set(_NUMBER.findall(evidence.trace.question))
    gains = []
    for text, cost in zip(texts, evidence.costs.tolist(), strict=True):
        numbers = set(_NUMBER.findall(text))
        gains.append(len(numbers - known) / max(1, cost))
        known |= numbers
    lead_ins = tuple((index, index + 1) for index, text in enumerate(texts[:-1]) if text.rstrip().endswith(":"))
    return Order.from_importance(np.array(gains), requires=lead_ins)


NUMBERS_FIRST = Criterion("numbers-first", order_by_new_numbers, published_in="cotpress-example")
