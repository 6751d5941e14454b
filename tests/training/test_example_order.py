"""The order of examples: every one once, the same again, like lengths together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cotpress.training.example_order import EpochSampler, order_examples


@given(
    lengths=st.lists(st.integers(1, 500), max_size=200),
    group=st.integers(1, 40),
    seed=st.integers(0, 1000),
    by_length=st.booleans(),
)
def test_every_example_comes_once(lengths: list[int], group: int, seed: int, by_length: bool) -> None:
    order = order_examples(lengths, group, seed, 0, by_length)
    assert sorted(order) == list(range(len(lengths)))
    assert order == order_examples(lengths, group, seed, 0, by_length)


def test_epochs_and_seeds_differ() -> None:
    lengths = list(range(100))
    orders = [order_examples(lengths, 8, seed, epoch) for seed in (0, 1) for epoch in (0, 1)]
    assert len({tuple(order) for order in orders}) == 4


def test_steps_hold_like_lengths_in_random_turns() -> None:
    lengths = [int(one) for one in np.random.default_rng(0).integers(10, 1000, 800)]

    def padded(order: list[int]) -> int:
        return sum(max(lengths[at] for at in order[start : start + 8]) * 8 for start in range(0, 800, 8))

    plain, grouped = order_examples(lengths, 8, 0, 0, by_length=False), order_examples(lengths, 8, 0, 0)
    assert padded(grouped) < 1.15 * sum(lengths) < padded(plain)
    first = [lengths[one] for one in grouped[::8]]
    assert first != sorted(first)
    assert first != sorted(first, reverse=True)


def test_the_sampler_follows_the_epoch() -> None:
    sampler = EpochSampler([5, 3, 9, 1, 7], 2, 3, True)
    sampler.set_epoch(2)
    assert list(sampler) == order_examples([5, 3, 9, 1, 7], 2, 3, 2)
    assert len(sampler) == 5
