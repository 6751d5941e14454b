"""The restructuring figure: what costs and what does not, equal to a naive reference, fast."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import seconds

from cotpress.errors import OptionError
from cotpress.pruning import Method, apply_budget, parse_keep_ratio, prepare_trace, rank_trace
from cotpress.rewriting.checks import measure_restructuring, measure_restructuring_of_segmentations
from cotpress.rewriting.checks.alignment import compute_best_ordered_sum, count_common_units
from cotpress.rewriting.checks.content import ContentUnits, extract_content
from cotpress.signals.ngram import NGram
from cotpress.text import segment
from cotpress.traces import read
from cotpress.types import Trace

FOUR = "one two three four\nfive six seven\neight nine\nten eleven twelve"


@pytest.mark.parametrize(
    ("rewritten", "figure"),
    [
        (FOUR, 0),
        ("", 0),
        (" \n ... \n", 0),
        ("one two three four\nten eleven twelve", 0),  # steps deleted
        ("one four\nfive seven\nnine\ntwelve", 0),  # words deleted
        ("One, TWO: three four.\n(five) six seven", 0),  # punctuation and case
        ("one two three 4\nfive six seven", 1 / 7),  # a word replaced
        ("one two three four five six seven\neight nine", 3 / 9),  # a merger costs the shorter step
        ("five six seven\none two three four", 3 / 7),  # what moved
        ("Given: one two three four\nAnswer: ten eleven twelve", 2 / 9),  # headings
        ("alpha beta", 1),
    ],
)
def test_what_costs(rewritten: str, figure: float) -> None:
    assert measure_restructuring(FOUR, rewritten, "line") == pytest.approx(figure)


def test_new_text_where_nothing_was() -> None:
    assert measure_restructuring("", "one two") == 1


def test_both_are_cut_by_the_rule_that_suits_the_original() -> None:
    original = "\n\n".join(("a one b two", "c three d", "e four", "f five"))
    rewritten = "a one b two\nc three d"
    assert measure_restructuring(original, rewritten) == pytest.approx(3 / 7)
    assert measure_restructuring(original, rewritten, "line") == 0
    cut = segment(original)
    assert measure_restructuring_of_segmentations(cut, segment(rewritten, cut.mode)) == measure_restructuring(
        original, rewritten
    )


def test_an_unknown_mode() -> None:
    with pytest.raises(OptionError, match="paragraph"):
        measure_restructuring("a", "b", "paragraf")


def naive_common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    row = [0] * (len(other) + 1)
    for unit in one:
        before = row
        row = [0]
        for at, another in enumerate(other):
            row.append(before[at] + 1 if unit == another else max(before[at + 1], row[-1]))
    return row[-1]


def naive_best(shared: list[list[int]]) -> int:
    if not shared or not shared[0]:
        return 0
    rest = naive_best([row[1:] for row in shared])
    takes = (row[0] + naive_best([later[1:] for later in shared[at + 1 :]]) for at, row in enumerate(shared))
    return max(rest, *takes)


steps = st.lists(st.lists(st.sampled_from("abcde"), max_size=20).map(tuple), max_size=5)


def content(parts: list[tuple[str, ...]]) -> ContentUnits:
    bounds = [0]
    for part in parts:
        bounds.append(bounds[-1] + len(part))
    return ContentUnits(tuple(unit for part in parts for unit in part), tuple(bounds))


@given(steps, steps)
def test_equal_to_a_naive_reference(original: list[tuple[str, ...]], rewritten: list[tuple[str, ...]]) -> None:
    found = count_common_units(content(original), content(rewritten))
    expected = [[naive_common(one, other) for other in rewritten] for one in original]
    assert found.tolist() == expected
    assert compute_best_ordered_sum(found) == naive_best(expected)


@given(st.text(max_size=200), st.text(max_size=200))
def test_always_between_0_and_1(original: str, rewritten: str) -> None:
    assert 0 <= measure_restructuring(original, rewritten) <= 1
    assert measure_restructuring(original, original) == 0


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1), min_size=1), st.data())
def test_deleting_whole_lines_and_words_is_free(lines: list[list[str]], data: st.DataObject) -> None:
    kept = [[word for word in line if data.draw(st.booleans())] for line in lines]
    left = "\n".join(" ".join(line) for line in kept if line)
    assert measure_restructuring("\n".join(map(" ".join, lines)), left, "line") == 0


def test_a_long_trace_is_fast() -> None:
    parts = [tuple(f"w{(7 * step + 13 * at) % 1500}" for at in range(60)) for step in range(200)]
    original, rewritten = content(parts), content([part[::2] for part in parts])
    assert compute_best_ordered_sum(count_common_units(original, rewritten)) == len(rewritten)
    assert seconds(lambda: compute_best_ordered_sum(count_common_units(original, rewritten)))[0] < 0.1


@pytest.mark.parametrize(
    ("file", "token_level"),
    [("gsm8k_train_2000.jsonl", 0.02), ("limo_r1_distill_qwen_32b.jsonl", 0.02)],
)
def test_pruning_restructures_next_to_nothing(shared_data: Path, file: str, token_level: float) -> None:
    traces = [row for row, _ in zip(read(shared_data / "traces" / file), range(30), strict=False)]
    traces = [row for row in traces if isinstance(row, Trace)]
    signals = NGram.fit(traces).score(traces)
    for granularity, most in (("step", 0.0), ("token", token_level)):
        method = Method("nll", granularity)
        pruned = [
            apply_budget(rank_trace(prepare_trace(t), method, [s]), parse_keep_ratio("0.5"))
            for t, s in zip(traces, signals, strict=True)
        ]
        figures = [measure_restructuring(one.trace.reasoning, one.text) for one in pruned]
        assert sum(figures) / len(figures) <= most


def test_a_long_paragraph_that_loses_sentences_is_still_one() -> None:
    """Shorter, it is not cut into sentences any more."""
    long = "We add 1 and 2 and look at it. " * 20
    short = "So it is 3.\n\n" * 9
    assert measure_restructuring(f"{long}\n\n{short}", f"{long[:62]}\n\n{short}") == 0


def test_the_steps_of_content_are_those_of_the_text() -> None:
    cut = segment("So, a + b.\n\n...\n\nIt is 3.", "paragraph")
    found = extract_content(cut)
    assert [found.step_units(number) for number in range(found.step_count)] == [
        ("so", "a", "+", "b"),
        (),
        ("it", "is", "3"),
    ]
    assert [a <= b for a, b in pairwise(found.bounds)] == [True] * 3
