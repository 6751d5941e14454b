"""BIS: what a step says of the question and of the answer (A*-Thought, arXiv 2505.24550, section 3.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from cotpress.models import ModelLoader, ModelSpec, make_model_spec
from cotpress.signals.answer_directed.answer_part import find_answer_part
from cotpress.signals.answer_directed.attention import score_with_attention
from cotpress.signals.answer_directed.step_signals import build_step_signals, find_steps
from cotpress.signals.loaded_lm import LoadedLM, load_lm
from cotpress.signals.trace_encoding import encode_texts
from cotpress.types import FloatArray, Signals, Trace

BIS_VERSION = "1"  # raised whenever the numbers change for the same model, trace and steps
ALPHA = 0.5  # the weight of the answer against that of the question, as in the paper's experiments
MAX_STEP_TOKENS, MAX_QUESTION_TOKENS, MAX_ANSWER_TOKENS = 512, 256, 128


@dataclass(frozen=True, slots=True)
class _Pair:
    """A step before the question or the answer; the weight of the latter."""

    step: Sequence[int]
    target: Sequence[int]
    weight: float


class BidirectionalLM:
    """A causal LM that reads the question, and the answer, after each step alone.

    With ATTN(y|x) the mean attention of the tokens of y to those of x, over all heads of the last layer (the paper does
    not name the layer; its code takes the last), and NLL(y|x) the mean NLL of y after x:

        BIS(step) = (ATTN(question|step) + ATTN(answer|step)) / (NLL(question|step) + NLL(answer|step))

    The answer is its final statement. Bounds: each step is run twice, with at most 256 tokens of the question and 128
    of the answer; of a step its last 512 tokens count. So cost is linear in the steps, and no attention is longer than
    768 tokens. No start token is put before a step.

    Args:
        model: a hub id, a folder, a `.gguf` file or a ModelSpec.
        steps: how the reasoning is cut into steps: a name of STEP_MODES.

    Raises:
        ModelError, MissingExtraError: on `identity` and `score`, as `LM`; also where the model gives no attention.
    """

    provides = frozenset({"bis"})
    reads = frozenset({"question", "reasoning", "answer", "gold"})

    def __init__(self, model: ModelSpec | str | Path, steps: str = "auto") -> None:
        self._loader, self._steps = ModelLoader(make_model_spec(model)), steps

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """What the numbers depend on. It is read from the model's files, without its weights."""
        return {
            "source": "lm-bis",
            "policy": BIS_VERSION,
            **self._loader.identity,
            "tokens": f"step {MAX_STEP_TOKENS}, question {MAX_QUESTION_TOKENS}, answer {MAX_ANSWER_TOKENS}",
            "context": str(self._loader.spec.limits),
        }

    def find_dependencies(self, trace: Trace) -> Any:
        """What the signals depend on besides fields of the trace: where the steps are."""
        return find_steps(trace, self._steps).tolist()

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace with "bis", one value a step, 0 or more."""
        signals = []
        for trace in traces:
            bounds = find_steps(trace, self._steps)
            steps = [trace.reasoning[start:end].strip() for start, end in pairwise(bounds.tolist())]
            signals.append(build_step_signals("bis", bounds, self._score_steps(trace, steps)))
        return signals

    def _score_steps(self, trace: Trace, steps: Sequence[str]) -> FloatArray:
        pairs = [list(self._build_pairs(trace, ids)) for ids, _ in encode_texts(self._loaded.tokenizer, steps)]
        flat = [pair for of_step in pairs for pair in of_step]
        found = iter(score_with_attention(self._loaded.runner, [(pair.step, pair.target) for pair in flat]))
        values = np.zeros(len(steps))
        for number, of_step in enumerate(pairs):
            parts = [np.multiply(pair.weight, next(found)) for pair in of_step]
            attention, nll = np.sum(parts, axis=0) if parts else (0.0, 1.0)
            values[number] = attention / max(float(nll), 1e-6)
        return values

    def _build_pairs(self, trace: Trace, step: list[int]) -> Iterator[_Pair]:
        """The step with the question and with the answer, those that there are."""
        largest = self._loaded.context // 4
        for target, weight in zip(self._encode_targets(trace), (1 - ALPHA, ALPHA), strict=True):
            if step and target:
                yield _Pair(step[-min(MAX_STEP_TOKENS, 2 * largest) :], target[-largest:], weight)

    def _encode_targets(self, trace: Trace) -> tuple[list[int], list[int]]:
        answer = find_answer_part(trace)
        (question, _), (told, _) = encode_texts(self._loaded.tokenizer, [trace.question, answer.text if answer else ""])
        return question[-MAX_QUESTION_TOKENS:], told[:MAX_ANSWER_TOKENS]

    @cached_property
    def _loaded(self) -> LoadedLM:
        return load_lm(self._loader)
