"""Cutting a sequence that is longer than a model's context into overlapping windows. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Window:
    """Feed the tokens [begin, end); take the values of the tokens [first, last)."""

    begin: int
    end: int
    first: int
    last: int


def plan_causal_windows(tokens: int, room: int, overlap: int) -> list[Window]:
    """Windows for a model that reads left to right: each repeats `overlap` tokens, then scores new ones.

    Every token is scored once, with at least `overlap` tokens before it in its window (or all there
    are). One window where `tokens` fit in `room`; none where there are no tokens.
    """
    overlap = min(overlap, room - 1)
    windows, first = [], 0
    while first < tokens:
        begin = max(0, first - overlap)
        last = min(tokens, begin + room)
        windows.append(Window(begin, last, first, last))
        first = last
    return windows


def plan_covering_windows(tokens: int, room: int, overlap: int) -> list[Window]:
    """Windows for a model that reads both ways: each token is taken where it lies furthest from an edge.

    As few as there can be, of like length (none is run through the model half empty); neighbours share `overlap`
    tokens, and the boundary between them is the middle of what they share.
    """
    if tokens <= room:
        return [Window(0, tokens, 0, tokens)] if tokens else []
    overlap = min(overlap, room - 1)
    own = tokens - overlap  # what is left once each window's share with the next is counted once
    count = -(-own // (room - overlap))
    begins = [own * number // count for number in range(count + 1)]
    cuts = [0, *(begin + overlap // 2 for begin in begins[1:-1]), tokens]
    return [
        Window(begin, end + overlap, first, last)
        for (begin, end), (first, last) in zip(pairwise(begins), pairwise(cuts), strict=True)
    ]


def plan_batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Indices of `lengths` in batches of at most `budget` tokens, padding counted; the longest come first.

    A sequence longer than the budget is a batch of its own. Ties keep their order.
    """
    batches: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        longest = lengths[batches[-1][0]] if batches else 0
        if batches and (len(batches[-1]) + 1) * longest <= budget:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches
