"""The order of the examples: a pure function of the seed, the epoch and the lengths, so that a run can be continued."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

SORTING_WINDOW_GROUPS = 8  # steps within which examples of like length are brought together


def order_examples(lengths: Sequence[int], group: int, seed: int, epoch: int, by_length: bool = True) -> list[int]:
    """Every index of `lengths` once, shuffled; with `by_length` each `group` of a step holds like lengths.

    Indices are shuffled, then sorted within windows of WINDOW groups, and the groups shuffled, so that the steps of
    an epoch still see long and short in random turns. A last group that is not full stays last.
    """
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(lengths))
    if not by_length:
        return [int(place) for place in order]
    size = np.asarray(lengths)
    windows = [
        order[start : start + SORTING_WINDOW_GROUPS * group]
        for start in range(0, len(order), SORTING_WINDOW_GROUPS * group)
    ]
    order = np.concatenate([*(window[np.argsort(-size[window], kind="stable")] for window in windows), order[:0]])
    whole = len(order) // group * group
    groups = order[:whole].reshape(-1, group)
    mixed = groups[random.permutation(len(groups))].ravel()
    return [int(place) for place in (*mixed, *order[whole:])]


class EpochSampler:
    """The order as a sampler of torch: `set_epoch` picks the epoch, iterating gives its indices."""

    def __init__(self, lengths: Sequence[int], group: int, seed: int, by_length: bool) -> None:
        self._lengths, self._group, self._seed, self._by_length = lengths, group, seed, by_length
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch that the next iteration gives."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        return iter(order_examples(self._lengths, self._group, self._seed, self._epoch, self._by_length))
