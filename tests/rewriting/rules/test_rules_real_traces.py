"""The rules on real traces: each level keeps its contract and the answer, levels differ, time is linear."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import islice, pairwise
from pathlib import Path
from statistics import mean

import pytest
from timing import seconds

from cotpress.answers import extract_answer, is_same_answer
from cotpress.rewriting.checks import Draft, draft, measure_restructuring_of_segmentations, run_checks
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import parsed_trace, rewrite_by_rules
from cotpress.text import segment
from cotpress.traces import read
from cotpress.types import Trace

LEAST = 0.99  # share of rewrites that pass every check; of few, all but one
# file, join, domain, traces: fewer of the long ones, which take forty times as long as the others
FILES = {
    "StrategyQA": ("strategyqa_human.json", None, "general", 40),
    "GSM8K": ("gsm8k_train_2000.jsonl", None, "math", 40),
    "Qwen3": ("qwen3_8b_think_on.jsonl", "thinking_items.json", "math", 10),
    "LIMO-R1": ("limo_r1_distill_qwen_32b.jsonl", None, "math", 3),
}
Drafts = dict[tuple[str, float | None], list[Draft]]


@pytest.fixture(scope="module", params=FILES)
def drafts(request: pytest.FixtureRequest, shared_data: Path) -> Iterator[Drafts]:
    """Each trace at each level, as long as the level leaves it and at half of its units."""
    file, join, domain, some = FILES[request.param]
    rows = read(shared_data / "traces" / file, join=shared_data / "traces" / join if join else None)
    traces = list(islice((row for row in rows if isinstance(row, Trace)), some))
    assert len(traces) == some
    with pytest.MonkeyPatch.context() as patch:
        remembered = lru_cache(maxsize=4)(segment)  # eight rewrites of a trace cut the same text
        patch.setattr(parsed_trace, "segment", remembered)
        patch.setattr(draft, "segment", remembered)
        made: Drafts = {(level, ratio): [] for level in LEVELS for ratio in (None, 0.5)}
        for trace in traces:
            for (level, ratio), drafts in made.items():
                text = rewrite_by_rules(trace, LEVELS[level], domain, ratio)
                drafts.append(Draft(trace, text, LEVELS[level], domain))
        yield made


@pytest.mark.parametrize("ratio", [None, 0.5])
@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_what_it_says_and_keeps_the_answer(drafts: Drafts, level: str, ratio: float | None) -> None:
    asked = [one for one in drafts[level, ratio] if level != "fuse" or one.original_content.step_count > 1]
    failed = {one.trace.id: found for one in asked if (found := run_checks(one))}
    assert len(failed) <= max(1, (1 - LEAST) * len(asked)), failed
    passed = [one for one in asked if one.trace.id not in failed]
    stated = [(one, answer) for one in passed if (answer := extract_answer(one.trace.reasoning))]
    lost = [one.trace.id for one, answer in stated if not is_same_answer(extract_answer(one.text) or "", answer)]
    assert lost == []


def test_each_level_restructures_more_than_the_one_before(drafts: Drafts) -> None:
    figures = [
        mean(measure_restructuring_of_segmentations(one.original, one.rewritten) for one in drafts[level, None])
        for level in LEVELS
    ]
    assert list(LEVELS) == ["preserve", "edit", "fuse", "replace"]
    assert all(more > less for less, more in pairwise(figures)), figures


READ = {"LIMO-R1": "limo_r1_distill_qwen_32b.jsonl", "LIMO-Qwen2.5": "limo_qwen2.5_32b_instruct.jsonl"}


@pytest.mark.parametrize(
    ("file", "name", "level", "ratio", "left", "unless"),
    [
        ("LIMO-Qwen2.5", "419", "preserve", 0.5, "a = 8", "frac{8\\pi"),
        ("LIMO-Qwen2.5", "334", "edit", 0.7, "a = 4\\sqrt{21}", "s = 20 \\sin \\theta \\in"),
        ("LIMO-Qwen2.5", "421", "fuse", 0.7, "2 \\cdot 34", "xy = 34"),
        ("LIMO-R1", "152", "preserve", 0.5, "(144a +89)", "+55a=144a +89"),
        ("LIMO-R1", "310", "fuse", 0.7, "Case 1", "discard this case"),
        ("LIMO-R1", "128", "replace", 0.7, "we can express this in terms of the original equation", "8x^3 = -1001x"),
        ("LIMO-R1", "279", "replace", 0.5, "Plan: I should probably double-check", "-"),
    ],
)
def test_what_was_read_is_mended(
    shared_data: Path, file: str, name: str, level: str, ratio: float, left: str, unless: str
) -> None:
    rows = read(shared_data / "traces" / READ[file])
    trace = next(row for row in rows if isinstance(row, Trace) and row.id == name)
    made = rewrite_by_rules(trace, LEVELS[level], "math", ratio)
    assert left not in made or unless in made


@pytest.fixture(scope="module")
def long_text(shared_data: Path) -> str:
    """40,000 characters of long traces."""
    rows = read(shared_data / "traces" / "limo_r1_distill_qwen_32b.jsonl")
    return "\n\n".join(row.reasoning for row in islice(rows, 10) if isinstance(row, Trace))[:40_000]


@pytest.mark.parametrize("ratio", [None, 0.5])
@pytest.mark.parametrize("level", LEVELS)
def test_time_is_linear(long_text: str, level: str, ratio: float | None) -> None:
    """Sixteen times the text takes 16 times as long, 256 times if it were quadratic; other text and a busy machine may
    make it three times that."""
    traces = (Trace("1", "", long_text[:size]) for size in (2_500, 40_000))
    calls = (partial(rewrite_by_rules, trace, LEVELS[level], "math", ratio) for trace in traces)
    short, long = seconds(*calls, rounds=3)
    assert long <= 3 * 16 * short, (short, long)
