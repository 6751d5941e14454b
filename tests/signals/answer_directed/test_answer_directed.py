"""Signals about the answer, against the model's own logits and attention; their bounds; what they are stored under."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")

from cotpress.models import InferenceLimits, ModelLoader, ModelSpec  # noqa: E402
from cotpress.signals import LM, SignalStore, load_or_score  # noqa: E402
from cotpress.signals.answer_directed import (  # noqa: E402
    BidirectionalLM,
    ConditionedLM,
    RemovalLM,
    bidirectional_lm,
    endings,
    removal_lm,
)
from cotpress.signals.loaded_lm import load_lm  # noqa: E402
from cotpress.signals.trace_encoding import encode_texts  # noqa: E402
from cotpress.types import Signals, SignalSource, Trace  # noqa: E402

STEPS = ["x is 6.", "Wait, let me check.", "Is that right?", "6 * 2 = 12.", "Hmm, wait.", "So 12."]
TRACE = Trace("a", "What is 2x?", "\n\n".join(STEPS), "The answer is 12.", "12")
SOURCES = (ConditionedLM, BidirectionalLM, RemovalLM)


@pytest.fixture(scope="module")
def model(tiny_llama: Path) -> Any:
    return transformers.AutoModelForCausalLM.from_pretrained(
        tiny_llama, dtype=torch.float64, attn_implementation="eager"
    ).eval()


def tokens_of(folder: Path, text: str) -> list[int]:
    ids: list[int] = transformers.AutoTokenizer.from_pretrained(folder)(text, add_special_tokens=False)["input_ids"]
    return ids


def compute_nll(model: Any, context: list[int], ids: list[int]) -> float:
    with torch.no_grad():
        log_p = model(torch.tensor([context + ids])).logits[0].log_softmax(-1)[len(context) - 1 : -1]
    return float(-log_p.gather(-1, torch.tensor(ids)[:, None]).mean())


def step_values(signals: Signals, name: str) -> list[float]:
    assert [tuple(pair) for pair in signals.offsets.tolist()] == list(pairwise([0, *signals.offsets[:, 1].tolist()]))
    return [float(value) for value in signals.values[name]]


@pytest.mark.parametrize("source", SOURCES)
def test_each_is_a_signal_source_of_finite_numbers(source: Any, tiny_llama: Path) -> None:
    made = source(tiny_llama)
    assert isinstance(made, SignalSource)
    traces = [TRACE, Trace("empty", "?", ""), Trace("unknown", "", "Wait. Nobody knows."), replace(TRACE, answer="")]
    for trace, signals in zip(traces, made.score(traces), strict=True):
        assert set(signals.values) == made.provides
        assert all(np.isfinite(values).all() for values in signals.values.values())
        assert len(signals) == 0 or signals.offsets.max() <= len(trace.reasoning)


def test_the_answer_is_read_after_the_question(tiny_llama: Path) -> None:
    [told], [plain] = ConditionedLM(tiny_llama).score([TRACE]), LM(tiny_llama).score([TRACE])
    asked = replace(TRACE, question="What is 2x?\n\nThe answer is 12.")
    [expected] = LM(tiny_llama).score([asked])
    assert (told.values["nll_given_answer"] == expected.values["nll"]).all()
    assert np.abs(told.values["nll_given_answer"] - plain.values["nll"]).max() > 0.1
    [unknown] = ConditionedLM(tiny_llama).score([Trace("a", "What is 2x?", TRACE.reasoning)])
    assert (unknown.values["nll_given_answer"] == plain.values["nll"]).all()


def test_pir_is_the_change_of_the_answers_log_perplexity(tiny_llama: Path, model: Any) -> None:
    [signals] = RemovalLM(tiny_llama).score([TRACE])
    prompt = tokens_of(tiny_llama, "<s>user\nWhat is 2x?</s>\n<s>assistant\n")
    answer = tokens_of(tiny_llama, "The answer is 12")
    separator = tokens_of(tiny_llama, "\n\n")
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_llama)
    [(ids, offsets)] = encode_texts(tokenizer, [TRACE.reasoning])

    def without(start: int, end: int) -> float:
        left = [token for token, (at, _) in zip(ids, offsets.tolist(), strict=True) if not start <= at < end]
        return compute_nll(model, [*prompt, *left, *separator], answer)

    bounds = [0, *signals.offsets[:, 1].tolist()]
    whole = without(0, 0)
    second, fifth = without(bounds[1], bounds[3]) - whole, without(bounds[4], bounds[5]) - whole
    expected = [0.0, second, second, 0.0, fifth, 0.0]  # the second and third step are one run
    assert step_values(signals, "pir") == pytest.approx(expected, abs=1e-4)
    assert max(map(abs, expected)) > 1e-3  # the example says something


def test_a_model_without_a_cache_gives_the_same(tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [shared] = RemovalLM(tiny_llama).score([TRACE])
    monkeypatch.setattr(endings, "_can_cut_back", lambda runner: False)
    [alone] = RemovalLM(tiny_llama).score([TRACE])
    assert step_values(alone, "pir") == pytest.approx(step_values(shared, "pir"), abs=1e-4)


def test_the_beginning_is_run_once(tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = load_lm(ModelLoader(ModelSpec(str(tiny_llama)))).runner
    ids, fed = [3 + number % 90 for number in range(100)], []
    forward = type(runner.backbone.model).forward

    def count(self: Any, *args: Any, **options: Any) -> Any:
        fed.append(options["input_ids"].shape[1])
        return forward(self, *args, **options)

    monkeypatch.setattr(type(runner.backbone.model), "forward", count)
    scores = endings.score_endings(runner, ids, 4, [(96, 96), (50, 60), (80, 90)])
    assert sum(fed) == 95 + 4 + (100 - 90) + (100 - 60)  # all but the answer, the answer, what follows each cut
    assert len({round(score, 6) for score in scores}) == 3


def test_no_more_than_so_many_runs_are_taken_out_the_longest_ones(
    tiny_llama: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal_lm, "MAX_REMOVALS", 1)
    asked: list[Any] = []
    score = endings.score_endings
    monkeypatch.setattr(removal_lm, "score_endings", lambda *given: asked.append(given[3]) or score(*given))
    values = step_values(RemovalLM(tiny_llama).score([TRACE])[0], "pir")
    assert [len(cuts) for cuts in asked] == [2]  # the whole, and one run
    assert values[1] == values[2] == values[4] != 0.0  # the rest have the mean of what was measured
    assert values[0] == values[3] == values[5] == 0.0


def test_what_does_not_fit_the_context_gets_nothing(tiny_llama: Path) -> None:
    long = replace(TRACE, reasoning="\n\n".join(["Wait, once more."] + ["6 * 2 = 12."] * 60 + STEPS))
    [signals] = RemovalLM(ModelSpec(str(tiny_llama), limits=InferenceLimits(context=128))).score([long])
    values = step_values(signals, "pir")
    assert values[0] == 0.0
    assert values[-2] != 0.0


def test_bis_is_attention_over_nll(tiny_llama: Path, model: Any) -> None:
    [signals] = BidirectionalLM(tiny_llama).score([TRACE])
    question, answer = tokens_of(tiny_llama, TRACE.question), tokens_of(tiny_llama, "The answer is 12")
    expected = []
    for step in STEPS:
        ids = tokens_of(tiny_llama, step)
        attention, nll = 0.0, 0.0
        for target in (question, answer):
            with torch.no_grad():
                weights = model(torch.tensor([ids + target]), output_attentions=True).attentions[-1][0]
            attention += float(weights[:, len(ids) :, : len(ids)].mean())
            nll += compute_nll(model, ids, target)
        expected.append(attention / nll)
    assert step_values(signals, "bis") == pytest.approx(expected, rel=1e-4)
    assert np.std(expected) > 1e-3


def test_bis_looks_at_so_many_tokens_and_leaves_the_model_as_it_was(
    tiny_llama: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []
    score = bidirectional_lm.score_with_attention

    def look(runner: Any, pairs: Any) -> Any:
        lengths.extend(len(step) + len(target) for step, target in pairs)
        return score(runner, pairs)

    monkeypatch.setattr(bidirectional_lm, "score_with_attention", look)
    long = Trace("a", "why " * 500, "because " * 500, "The answer is 12.")
    source = BidirectionalLM(ModelSpec(str(tiny_llama), limits=InferenceLimits(context=100)))
    source.score([long])
    assert max(lengths) == 50 + 25
    config = load_lm(source._loader).runner.backbone.model.config
    assert config._attn_implementation == "sdpa"


@pytest.mark.parametrize("source", [BidirectionalLM, RemovalLM])
def test_step_signals_are_stored_under_their_steps(
    source: Any, tiny_llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, asked = SignalStore(tmp_path), []
    score = source.score
    monkeypatch.setattr(source, "score", lambda self, traces: asked.append(1) or score(self, traces))
    text = "x is 6. Wait, let me check. It is. 6 * 2 = 12.\n\nSo 12. Yes, wait.\n\nGood."
    trace = replace(TRACE, reasoning=text)
    found = [load_or_score(source(tiny_llama, mode), [trace], store)[0] for mode in ("paragraph", "sentence")]
    assert len(found[0]) == 3 < len(found[1])
    assert asked == [1, 1]
    load_or_score(source(tiny_llama, "auto" if len(found[0]) == 3 else "paragraph"), [replace(trace, id="b")], store)
    again = load_or_score(source(tiny_llama, "sentence"), [replace(trace, id="b")], store)[0]
    assert (again.offsets == found[1].offsets).all()
    assert len(asked) <= 3
    load_or_score(source(tiny_llama, "sentence"), [replace(trace, gold="7", answer="The answer is 7.")], store)
    assert len(asked) >= 3  # another answer is another signal


def test_sources_of_one_model_load_it_once(tiny_llama: Path) -> None:
    first, second = LM(tiny_llama), RemovalLM(tiny_llama)
    first.score([TRACE])
    assert second._loaded is first._loaded
