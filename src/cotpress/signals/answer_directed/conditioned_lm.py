"""NLL of each token where the model knows the answer beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from cotpress.models import ModelSpec
from cotpress.signals.answer_directed.answer_part import find_answer_value
from cotpress.signals.causal_lm import LM
from cotpress.types import Signals, Trace

CONDITION = "\n\nThe answer is {answer}."


class ConditionedLM:
    """A causal LM that reads the answer after the question: the other half of a contrastive perplexity.

    Everything else is as in `LM`, and one forward pass. A trace whose answer nobody knows is read without one. Weights
    are shared with an `LM` of the same model.

    Args:
        model: a hub id, a folder, a `.gguf` file or a ModelSpec.

    Raises:
        ModelError, MissingExtraError: as `LM`.
    """

    provides = frozenset({"nll_given_answer"})
    reads = frozenset({"system", "question", "reasoning", "answer", "gold"})

    def __init__(self, model: ModelSpec | str | Path) -> None:
        self._lm = LM(model)

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """Known from the files alone."""
        return {**self._lm.identity, "source": "lm-given-answer", "condition": CONDITION}

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace with "nll_given_answer" in nats."""
        told = [replace(trace, question=trace.question + _word_condition(trace)) for trace in traces]
        return [
            Signals(signals.offsets, {"nll_given_answer": signals.values["nll"]}) for signals in self._lm.score(told)
        ]


def _word_condition(trace: Trace) -> str:
    answer = find_answer_value(trace)
    return CONDITION.format(answer=answer) if answer else ""
