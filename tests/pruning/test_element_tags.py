"""Tags around several steps: no step waits for them, they stay in pairs, and none are left empty."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cotpress import BudgetConfig, Method, Trace, compress
from cotpress.criteria import Order
from cotpress.pruning.element_tags import place_tags
from cotpress.text import segment
from cotpress.types import Compressed

SENTENCES = [f"Then x{n} = {n} + {n + 1} = {2 * n + 1}." for n in range(12)]
TEXT = "<plan>\n" + "\n".join(SENTENCES[:6]) + "\n</plan>\n<work>\n" + "\n".join(SENTENCES[6:]) + "\n</work>"


def test_tags_come_right_before_the_first_step_of_their_element() -> None:
    cut = segment("<a>\n<b>\nOne.\nTwo.\n</b>\nThree.\n</a>\nFour.", "line")
    order = Order.from_importance(np.array([0.0, 0.0, 0.2, 0.9, 0.0, 0.5, 0.0, 0.7]))
    placed = place_tags(order, cut)
    assert placed.segments.tolist() == [0, 6, 1, 4, 3, 7, 5, 2]
    assert placed.importance is not None
    assert placed.importance.tolist() == [0.9, 0.9, 0.2, 0.9, 0.9, 0.5, 0.9, 0.7]


def test_without_tags_nothing_changes() -> None:
    order = Order(np.array([1, 0]))
    assert place_tags(order, segment("One.\nTwo.", "line")) is order


@pytest.mark.parametrize("keep", ["0.2", "0.5", "0.8"])
@pytest.mark.parametrize("criterion", ["tail", "random", "nll", "backbone"])
def test_tags_stay_in_pairs_and_steps_do_not_wait_for_them(criterion: str, keep: str) -> None:
    amount = BudgetConfig((keep,), shortfall="accept")
    method = Method(criterion, steps="line", protect=())
    [outcome] = compress([Trace("1", "What is x11?", TEXT, "23")], method, keep=amount)
    [plain] = compress([Trace("1", "What is x11?", re.sub("</?[a-z]+>\n?", "", TEXT), "23")], method, keep=amount)
    assert isinstance(outcome, Compressed)
    assert isinstance(plain, Compressed)
    for name in ("plan", "work"):
        assert outcome.text.count(f"<{name}>") == outcome.text.count(f"</{name}>")
        assert not re.search(f"<{name}>\\s*</{name}>", outcome.text)
    assert outcome.text.count(" = ") >= plain.text.count(" = ") - 4
