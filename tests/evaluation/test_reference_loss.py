"""The loss on solutions: what is formal and what is words, intervals, a baseline on the same problems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cotpress import Trace
from cotpress.errors import InputError, OptionError
from cotpress.evaluation.reference_loss import (
    ReferenceLoss,
    measure_reference_loss,
    read_reference_losses,
    summarize_losses,
    write_reference_losses,
)
from cotpress.types import Signals

TEXT = "So x = 12 apples."


class _CharacterSource:
    """One token a character, each with a loss of its own place."""

    provides = frozenset({"nll"})

    def score(self, traces: list[Trace]) -> list[Signals]:
        places = [np.arange(len(trace.reasoning)) for trace in traces]
        return [Signals(np.stack([at, at + 1], axis=1), {"nll": at.astype(float)}) for at in places]


def test_formal_tokens_and_words_are_summed_apart() -> None:
    [loss] = measure_reference_loss(_CharacterSource(), [Trace("1", "How many?", TEXT)])  # type: ignore[arg-type]
    formal = [at for at in range(len(TEXT)) if TEXT[2:].startswith(" x = 12") and 2 <= at < 9]
    assert loss.formal_tokens == len(formal)
    assert loss.formal_nll == sum(formal)
    assert loss.formal_tokens + loss.word_tokens == len(TEXT)
    assert loss.formal_nll + loss.word_nll == sum(range(len(TEXT)))


def _losses(shift: float = 0.0) -> list[ReferenceLoss]:
    rng = np.random.default_rng(3)
    return [ReferenceLoss(str(at), 10, 10 * (value + shift), 20, 20 * value) for at, value in enumerate(rng.random(50))]


def test_the_mean_is_over_tokens_with_an_interval_over_problems() -> None:
    formal = summarize_losses(_losses())["formal"]
    assert formal["low"] < formal["value"] < formal["high"]
    assert formal["value"] == pytest.approx(np.mean([loss.formal_nll / 10 for loss in _losses()]))


def test_a_difference_is_paired() -> None:
    difference = summarize_losses(_losses(-0.1), _losses())["difference"]
    assert difference["formal"] == {name: pytest.approx(-0.1) for name in ("value", "low", "high")}
    assert difference["words"]["value"] == 0
    assert summarize_losses(_losses(), _losses()[:20])["difference"]["problems"] == 20


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(OptionError, match="no solution"):
        summarize_losses([])
    with pytest.raises(OptionError, match="in common"):
        summarize_losses(_losses(), [ReferenceLoss("other", 1, 1.0, 1, 1.0)])
    with pytest.raises(OptionError, match="other tokens"):
        summarize_losses(_losses(), [ReferenceLoss("0", 11, 1.0, 20, 1.0)])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_reference_losses(tmp_path / "loss", _losses(), summarize_losses(_losses()))
    assert read_reference_losses(tmp_path / "loss") == _losses()
    with pytest.raises(InputError, match="no measured loss"):
        read_reference_losses(tmp_path)
