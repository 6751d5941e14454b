"""Real traces through the whole chain: recognised, nothing lost, budgets met, nested, readable."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from cotpress.pipeline.output import OutcomeCounts
from cotpress.pruning import Method, apply_budget, parse_keep_ratio, prepare_trace, rank_trace, reassemble
from cotpress.signals.ngram import NGram
from cotpress.traces import read
from cotpress.types import Compressed, Rejected, Signals, Trace

RATIOS = ("0.1", "0.3", "0.5", "0.7", "0.9")
# file, join, format, rows, rejected, traces compressed here, how far below target a corpus may stay
FILES = {
    "LIMO-R1": ("limo_r1_distill_qwen_32b.jsonl", None, "columns", 291, 0, 8, 0.01),
    "GSM8K": ("gsm8k_train_2000.jsonl", None, "gsm8k", 2000, 0, 80, 0.05),
    "StrategyQA": ("strategyqa_human.json", None, "answer-is", 2290, 0, 80, 0.02),
    "Qwen3": ("qwen3_8b_think_on.jsonl", "thinking_items.json", "thinking-content", 200, 11, 20, 0.01),
}


@pytest.fixture(scope="module", params=FILES)
def corpus(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, list[Trace], list[Signals]]:
    file, join, form, rows, rejected, some, _ = FILES[request.param]
    reading = read(shared_data / "traces" / file, join=shared_data / "traces" / join if join else None)
    assert reading.recognised[0]["format"] == form
    read_in = list(reading)
    assert len(read_in) == rows
    assert sum(isinstance(row, Rejected) for row in read_in) == rejected
    traces = [row for row in read_in if isinstance(row, Trace)][:some]
    return request.param, traces, NGram.fit(traces).score(traces)


def _delimiters(text: str) -> list[int]:
    return [text.count(mark) for mark in ("\\(", "\\)", "\\[", "\\]", "\\begin{", "\\end{", "{", "}")]


@pytest.mark.parametrize("granularity", ["step", "token"])
@pytest.mark.parametrize("criterion", ["nll", "entropy", "random"])
def test_budgets(corpus: tuple[str, list[Trace], list[Signals]], criterion: str, granularity: str) -> None:
    name, traces, scored = corpus
    results: dict[str, list[Compressed]] = {ratio: [] for ratio in RATIOS}
    for trace, signals in zip(traces, scored, strict=True):
        ranked = rank_trace(prepare_trace(trace), Method(criterion, granularity), [signals])
        before = np.zeros(len(trace.reasoning), dtype=bool)
        for ratio in RATIOS:
            one = apply_budget(ranked, parse_keep_ratio(ratio))
            results[ratio].append(one)
            before = _nested(one, before)
            assert (
                one.tokens_kept <= parse_keep_ratio(ratio).apply_to(one.tokens_original) or "over-budget" in one.flags
            )
            _reads_well(one)
    for ratio, ones in results.items():
        tally = OutcomeCounts.from_outcomes(ones)
        realized = tally.tokens_kept / tally.tokens_original
        if granularity == "token" and not tally.flags.get("over-budget"):
            assert float(ratio) - FILES[name][-1] <= realized <= float(ratio)


def _nested(one: Compressed, before: np.ndarray) -> np.ndarray:
    """What was kept at the smaller ratio is kept; gives the solid characters kept now."""
    assert one.kept_spans is not None
    text, now = one.trace.reasoning, np.zeros(len(before), dtype=bool)
    for start, end in one.kept_spans.tolist():
        now[start:end] = True
    now &= np.array([not character.isspace() for character in text], dtype=bool)
    assert not (before & ~now).any()
    return now


def _reads_well(one: Compressed) -> None:
    original, left = one.trace.reasoning, one.text
    assert left == reassemble(original, one.kept_spans)
    assert left == left.strip()
    words = set(re.findall(r"[A-Za-z]+", original))
    assert set(re.findall(r"[A-Za-z]+", left)) <= words, "no words were glued"
    if _balanced(original):
        assert _balanced(left), "delimiters stay in pairs"


def _balanced(text: str) -> bool:
    counts = _delimiters(text)
    return all(opened == closed for opened, closed in zip(counts[::2], counts[1::2], strict=True))
