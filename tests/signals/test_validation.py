"""Numbers from a source of the user's own are looked at before anything is built on them, store or no store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cotpress import Method, Signals, Trace, compress
from cotpress.errors import ModelError

TRACE = Trace("a", "1+1?", "One and one. 1+1=2. So two.")
OFFSETS = np.array([[0, 3], [3, 12], [12, 19]])
GOOD = {"nll": np.array([1.0, 2.0, 3.0])}


class Source:
    """Gives what it was made with."""

    provides = frozenset({"nll"})
    identity: dict[str, str] = {"model": "mine"}  # noqa: RUF012

    def __init__(self, results: Sequence[Any]) -> None:
        self.results = results

    def score(self, traces: Sequence[Trace]) -> list[Any]:
        return list(self.results)


BROKEN = {
    "too few": ([], "0 results for 1 traces"),
    "too many": ([Signals(OFFSETS, GOOD)] * 2, "2 results for 1 traces"),
    "no signals": ([None], "gave a NoneType"),
    "name missing": ([Signals(OFFSETS, {})], "0 values of 'nll' for the 3 tokens"),
    "another length": ([Signals(OFFSETS, {"nll": np.ones(2)})], "2 values of 'nll' for the 3 tokens"),
    "not a number": ([Signals(OFFSETS, {"nll": np.array([1, np.nan, 2])})], "not finite"),
    "flat offsets": ([Signals(OFFSETS.ravel(), GOOD)], r"shape \(6,\)"),
    "fractional offsets": ([Signals(OFFSETS / 2, GOOD)], "whole numbers"),
    "beyond the text": ([Signals(OFFSETS + 20, GOOD)], "outside its text"),
    "before the text": ([Signals(OFFSETS - 1, GOOD)], "outside its text"),
}


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("name", BROKEN)
def test_unsound_numbers_are_an_error(name: str, stored: bool, tmp_path: Path) -> None:
    results, said = BROKEN[name]
    with pytest.raises(ModelError, match=said):
        list(compress([TRACE], Method("nll"), source=Source(results), store=tmp_path if stored else None))


def test_sound_numbers_pass(tmp_path: Path) -> None:
    source = Source([Signals(OFFSETS, GOOD)])
    plain = [one.text for one in compress([TRACE], Method("nll", "token"), source=source)]  # type: ignore[union-attr]
    stored = [one.text for one in compress([TRACE], Method("nll", "token"), source=source, store=tmp_path)]  # type: ignore[union-attr]
    assert plain == stored
