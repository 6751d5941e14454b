"""Tags around several steps come as soon as one of these steps does: they cost little, and no step waits for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cotpress.criteria import Order
from cotpress.text import Segmentation
from cotpress.text.steps.tag_lines import read_lone_tag


def place_tags(order: Order, cut: Segmentation) -> Order:
    """The order with each pair of lone tags right before the most important step between them, which they require.

    Args:
        order: of the steps.
        cut: the text, and which steps need each other.

    >>> from cotpress.text import segment
    >>> cut = segment("<plan>\\nWe add.\\nThen we stop.\\n</plan>\\nDone.", "line")
    >>> place_tags(Order(np.array([2, 4, 1, 0, 3])), cut).segments.tolist()
    [0, 3, 2, 4, 1]
    """
    bound = set(cut.requires)
    pairs = [(first, last) for first, last in cut.requires if first < last and (last, first) in bound]
    pairs = [pair for pair in dict.fromkeys(pairs) if all(_is_tag(cut, step) for step in pair)]
    if not pairs:
        return order
    place = np.empty(len(order), dtype=np.float64)
    place[order.segments] = np.arange(len(order))
    importance = None if order.importance is None else order.importance.copy()
    needs: list[tuple[int, int]] = []
    for first, last in sorted(pairs, key=lambda pair: pair[1] - pair[0]):  # inner elements before those around them
        inside = np.arange(first + 1, last)
        if len(inside):
            best = int(inside[np.argmin(place[inside])])
            place[[first, last]] = np.nextafter(place[best], -np.inf)
            needs += [(first, best), (last, best)]  # so that no element is left empty
            if importance is not None:
                importance[[first, last]] = importance[best]
    segments = np.argsort(place, kind="stable")
    return replace(order, segments=segments, importance=importance, requires=(*order.requires, *needs))


def _is_tag(cut: Segmentation, step: int) -> bool:
    return read_lone_tag(cut.text[cut.steps[step] : cut.steps[step + 1]]) is not None
