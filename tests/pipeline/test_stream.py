"""Rows in batches: which of them end a row of the input, and what a rejection says of its row."""

from __future__ import annotations

import pytest

from cotpress.pipeline.stream import Outcome, batch_rows, compress_rows, reject_unusable, screen_rows
from cotpress.pruning import Method, Pruner, parse_budget
from cotpress.types import Compressed, Rejected, Trace, TraceOrigin


def make_turns(count: int, *reasonings: str) -> list[Trace]:
    texts = [*reasonings, *["Two and three. 2+3=5."] * (count - len(reasonings))]
    return [
        Trace(f"c#{turn}", "2+3?", text, "5", origin=TraceOrigin("a.jsonl", 4, "c", {}, turn=turn, turns=count))
        for turn, text in enumerate(texts, 1)
    ]


def prune(rows: list[Trace], size: int = 64, whole: bool = False) -> list[Outcome]:
    pruner = Pruner(Method("head"), lambda trace: parse_budget("0.5"), by_row=whole)
    return list(compress_rows(rows, pruner, [reject_unusable], size, whole=whole))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_rejected_turn_parts_no_conversation(size: int) -> None:
    screened = screen_rows(make_turns(4, "Two and three. 2+3=5.", " "), [reject_unusable])
    assert [len(batch) for batch in batch_rows(screened, size, whole=True)] == [4]


def test_a_rejected_last_turn_ends_its_row() -> None:
    screened = screen_rows([*make_turns(2, "2+3=5.", " "), *make_turns(1)], [reject_unusable])
    assert [len(batch) for batch in batch_rows(screened, 1, whole=True)] == [2, 1]


@pytest.mark.parametrize("whole", [False, True])
def test_outcomes_are_in_order_and_rejections_say_their_row(whole: bool) -> None:
    outcomes = prune(make_turns(3, "2+3=5. Then 5+1=6.", " "), whole=whole)
    first, second, third = outcomes
    assert isinstance(first, Compressed)
    assert isinstance(third, Compressed)
    assert isinstance(second, Rejected)
    assert (second.source, second.line, second.conversation) == ("a.jsonl", 4, "c")
    assert (second.id, second.reason) == ("c#2", "empty-reasoning")


def test_a_rejection_that_names_its_place_keeps_it() -> None:
    [trace] = make_turns(1)
    named = Rejected("refused", "It was.", "b.jsonl", 9).of_trace(trace)
    assert (named.source, named.line, named.conversation) == ("b.jsonl", 9, None)
