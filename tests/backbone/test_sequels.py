"""Which neighbours go on from each other, on sentences of Qwen3-8B."""

from __future__ import annotations

import pytest

from cotpress.backbone.sequels import find_sequels


@pytest.mark.parametrize(
    ("steps", "pairs"),
    [
        (["Clue 5 says Ana is not in 2.", " So Ana is in 3."], set()),
        (["It is even.", " That means 4 divides its square."], {(1, 0)}),
        (["However, keys have no order in JSON.", " But I'll keep theirs anyway."], {(0, 1), (1, 0)}),
        (["However, keys have no order in JSON.", "\n\nKeys come in order."], set()),
    ],
)
def test_neighbours(steps: list[str], pairs: set[tuple[int, int]]) -> None:
    assert set(find_sequels(steps, ())) == pairs


def test_a_dead_end_is_bound_elsewhere() -> None:
    assert find_sequels(["It is 5.", " That means 6.", " So 7."], {1}) == []
