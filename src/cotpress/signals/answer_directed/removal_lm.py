"""PIR: how much less likely the answer becomes when a functional step is taken out (arXiv 2505.19187, section 2.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from cotpress.models import ModelLoader, ModelSpec, make_model_spec
from cotpress.signals.answer_directed.answer_part import AnswerPart, find_answer_part
from cotpress.signals.answer_directed.endings import Cut, score_endings
from cotpress.signals.answer_directed.step_signals import build_step_signals, find_steps
from cotpress.signals.loaded_lm import LoadedLM, load_lm
from cotpress.signals.trace_encoding import encode_texts
from cotpress.text.markers import mark_reflective
from cotpress.types import FloatArray, IntArray, Signals, Trace

REMOVAL_VERSION = "1"  # raised whenever the numbers change for the same model, trace and steps
MAX_REMOVALS = 16  # runs of functional steps that are taken out, a pass over what follows each
MAX_ANSWER_TOKENS = 128
SEPARATOR = "\n\n"  # between the reasoning and its answer


class RemovalLM:
    """A causal LM that is asked for the answer with and without each functional step.

    PIR of a step is log PPL(answer | trace without it) - log PPL(answer | trace), in nats. Functional are steps that
    turn back on the work: verification, error correction, other ways (`text/markers.py`). Neighbours of that kind are
    one step, as in the paper, whose steps are several sentences. All other steps get 0: they are not taken out.

    Bounds: one pass over the trace, then one over what follows each removal, 16 removals at most. Where there are more,
    the longest runs are measured and the rest get the mean of those. A trace that is longer than the context is read
    from its end; what does not fit changes nothing, and gets 0.

    Args:
        model: a hub id, a folder, a `.gguf` file or a ModelSpec.
        steps: how the reasoning is cut into steps: a name of STEP_MODES.

    Raises:
        ModelError, MissingExtraError: on `identity` and `score`, as `LM`.
    """

    provides = frozenset({"pir"})
    reads = frozenset({"system", "question", "reasoning", "answer", "gold"})

    def __init__(self, model: ModelSpec | str | Path, steps: str = "auto") -> None:
        self._loader, self._steps = ModelLoader(make_model_spec(model)), steps

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """Known from the files alone."""
        return {
            "source": "lm-pir",
            "policy": REMOVAL_VERSION,
            **self._loader.identity,
            "prompt": "chat template" if self._loader.resolved.has_chat_template else "plain",
            "context": f"{self._loader.spec.limits}, from the end, question up to 1/4",
            "removals": f"the {MAX_REMOVALS} longest",
        }

    def find_dependencies(self, trace: Trace) -> Any:
        """What the signals depend on besides fields of the trace: where the steps are, and which are functional."""
        bounds = find_steps(trace, self._steps)
        return [bounds.tolist(), find_functional_steps(trace, bounds)]

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace with "pir" in nats, one value a step."""
        return [self._score_trace(trace) for trace in traces]

    def _score_trace(self, trace: Trace) -> Signals:
        bounds, answer = find_steps(trace, self._steps), find_answer_part(trace)
        values = np.zeros(len(bounds) - 1)
        functional = find_functional_steps(trace, bounds)
        if answer and any(functional):
            runs = [run for run in find_runs(functional) if bounds[run[1]] <= answer.reasoning_end]
            for (first, last), value in zip(runs, self._measure_runs(trace, answer, bounds, runs), strict=True):
                values[first:last] = value
        return build_step_signals("pir", bounds, values)

    def _measure_runs(self, trace: Trace, answer: AnswerPart, bounds: IntArray, runs: Sequence[Cut]) -> FloatArray:
        """PIR of each run of steps, [runs]."""
        ids, scored, shift, starts = self._encode(trace, answer)
        places = [np.searchsorted(starts, bounds[list(run)]) + shift for run in runs]
        cuts = [(max(1, int(start)), int(end)) for start, end in places]
        lengths = [end - start for start, end in cuts]
        measured = [run for run in sorted(range(len(runs)), key=lambda run: -lengths[run]) if lengths[run] > 0]
        measured = measured[:MAX_REMOVALS]
        values = np.zeros(len(runs))
        if measured:
            whole = (len(ids) - scored, len(ids) - scored)
            with_all, *without = score_endings(
                self._loaded.runner, ids, scored, [whole, *(cuts[run] for run in measured)]
            )
            values[:] = np.where(np.array(lengths) > 0, np.mean(without) - with_all, 0.0)
            values[measured] = np.array(without) - with_all
        return values

    def _encode(self, trace: Trace, answer: AnswerPart) -> tuple[list[int], int, int, IntArray]:
        """The sequence, how many tokens of the answer end it, where the reasoning's first token would be (before 0
        where its beginning does not fit), and the first character of each token of the reasoning."""
        prompter, tokenizer, context = self._loaded.prompter, self._loaded.tokenizer, self._loaded.context
        (body, offsets), (between, _), (told, _) = encode_texts(
            tokenizer, [trace.reasoning[: answer.reasoning_end], SEPARATOR, answer.text]
        )
        told, prompt = told[: min(MAX_ANSWER_TOKENS, context // 4)], prompter.encode(trace, context // 4)
        room = context - len(prompt) - len(between) - len(told)
        left_out = max(0, len(body) - room)
        ids = [*prompt, *body[left_out:], *between, *told]
        return ids, len(told), len(prompt) - left_out, offsets[:, 0]

    @cached_property
    def _loaded(self) -> LoadedLM:
        return load_lm(self._loader)


def find_functional_steps(trace: Trace, bounds: IntArray) -> list[bool]:
    """Which steps verify, correct or try another way.

    >>> find_functional_steps(Trace("1", "2+3?", "2+3=5.\\n\\nWait, let me check."), np.array([0, 6, 27]))
    [False, True]
    """
    return mark_reflective([trace.reasoning[start:end] for start, end in pairwise(bounds.tolist())])


def find_runs(functional: Sequence[bool]) -> list[Cut]:
    """Neighbouring functional steps as one: [first, last) of each run.

    >>> find_runs([True, False, True, True])
    [(0, 1), (2, 4)]
    """
    runs, at = [], 0
    for marked, group in groupby(functional):
        size = len(list(group))
        if marked:
            runs.append((at, at + size))
        at += size
    return runs
