"""Criteria from what a language model says of the answer, and of a step's beginning."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import cotpress
from cotpress.criteria import get_criterion
from cotpress.criteria.language_model import SCAFFOLD_WORDS
from cotpress.errors import OptionError
from cotpress.pipeline import CompressionSpec, SignalSourceConfig
from cotpress.pruning import Method, prepare_trace, rank_trace
from cotpress.types import IntArray, Rejected, Signals, Trace

TEXT = "x is 6.\n\nWait, let me check.\n\nNo, 6 * 2 = 12.\n\nHmm, is that right?\n\nSo it is 12."
TRACE = Trace("a", "What is 2x?", TEXT, "The answer is 12.", "12")
PREPARED = prepare_trace(TRACE)
BOUNDS = PREPARED.segmentation.steps


def rank(criterion: str, granularity: str = "step", reduction: str = "auto", **values: np.ndarray) -> IntArray:
    cut = PREPARED.segmentation
    signals = []
    for name, numbers in values.items():
        bounds = BOUNDS if len(numbers) == len(BOUNDS) - 1 else cut.units
        signals.append(Signals(np.stack((bounds[:-1], bounds[1:]), axis=1), {name: numbers}))
    method = Method(criterion, granularity, (), reduction=reduction)
    evidence_order = rank_trace(PREPARED, method, signals).ranking
    return evidence_order.order


def by_unit(**values: float) -> np.ndarray:
    words = [TEXT[start:end].strip() for start, end in pairwise(PREPARED.segmentation.units.tolist())]
    return np.array([values.get(word, 0.1) for word in words])


def test_pir_sends_functional_steps_first_by_how_little_the_answer_misses_them() -> None:
    assert rank("pir", pir=np.array([0.0, 0.5, 0.0, -0.2, 0.0])).tolist() == [0, 2, 4, 1, 3]
    assert rank("pir", pir=np.array([0.0, -0.5, 0.0, 0.2, 0.0])).tolist() == [0, 2, 4, 3, 1]
    units = rank("pir", "token", pir=np.array([0.0, 0.5, 0.0, -0.2, 0.0]))
    step_of = np.searchsorted(BOUNDS, PREPARED.segmentation.units[:-1], side="right") - 1
    assert list(dict.fromkeys(step_of[units].tolist())) == [0, 2, 4, 1, 3]


def test_bis_keeps_what_has_the_highest_value() -> None:
    assert rank("bis", bis=np.array([0.1, 0.2, 0.5, 0.3, 0.4])).tolist() == [2, 4, 3, 1, 0]


def test_conditional_keeps_what_the_answer_makes_easier() -> None:
    nll, told = by_unit(**{"12": 3.0, "Wait": 9.0}), by_unit(**{"12": 0.0, "Wait": 9.0})
    order = rank("conditional", nll=nll, nll_given_answer=told).tolist()
    assert set(order[:2]) == {2, 4}


def test_first_surprisal_looks_at_the_first_word_alone() -> None:
    assert rank("first-surprisal", nll=by_unit(No=5.0, Wait=4.0, **{"12": 9.0})).tolist()[:2] == [2, 1]
    assert rank("first-surprisal", reduction="max", nll=by_unit(**{"12": 9.0})).tolist()[:2] == [2, 4]


def test_content_entropy_masks_the_scaffold_but_not_negations_or_symbols() -> None:
    high = np.full(len(PREPARED.segmentation.kinds), 1.0)
    order = rank("content-entropy", entropy=high).tolist()
    assert order[0] == 2  # "No, 6 * 2 = 12." is nearly all content
    assert order[-1] == 1 or order[-1] == 3  # "Wait, let me check." and "Hmm, is that right?" are scaffold
    assert {"wait", "the", "hmm"} <= SCAFFOLD_WORDS
    assert not {"not", "no", "only", "x"} & SCAFFOLD_WORDS


@pytest.mark.parametrize(
    ("criterion", "sources"),
    [
        ("conditional", "lm,lm-given-answer"),
        ("pir", "lm-pir"),
        ("bis", "lm-bis"),
        ("first-surprisal", "lm"),
        ("content-entropy", "lm"),
    ],
)
def test_the_sources_are_found_by_the_criterion(criterion: str, sources: str) -> None:
    spec = CompressionSpec(Method(criterion, steps="sentence"), scoring=SignalSourceConfig("auto", "world-llama"))
    assert spec.source == sources
    assert {config.model.name for config in spec.sources} == {"world-llama"}
    assert {config.steps for config in spec.sources} == {"sentence"}
    if "pir" in sources or "bis" in sources:
        with pytest.raises(OptionError, match="needs a model"):
            CompressionSpec(Method(criterion))


def test_from_python_with_a_source_of_ones_own() -> None:
    pytest.importorskip("torch")
    from cotpress.signals.answer_directed import RemovalLM

    method, budget = Method("pir", protect=()), cotpress.BudgetConfig(("0.6",), shortfall="accept")
    assert get_criterion("pir").needs == {"pir"}
    [outcome] = cotpress.compress([TRACE], method, keep=budget, source=RemovalLM("world-llama"))
    assert not isinstance(outcome, Rejected)
    assert "Wait" not in outcome.text
    assert "Hmm" not in outcome.text
