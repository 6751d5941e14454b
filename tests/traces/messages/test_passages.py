"""What comes before a turn, bounded, and found in linear time."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import seconds

from cotpress.traces.format_definition import RawTrace
from cotpress.traces.messages.conversations import parse_messages
from cotpress.traces.messages.passages import MAX_CONTEXT_CHARACTERS, Passage, extract_traces, format_question


def talk(turns: int, length: int) -> list[dict[str, Any]]:
    return [
        message
        for turn in range(turns)
        for message in (
            {"role": "user", "content": f"Ask {turn}. " + "word " * length},
            {"role": "assistant", "content": f"Reply {turn}.", "reasoning_content": f"Thought {turn}."},
        )
    ]


def extract(turns: int, length: int) -> list[RawTrace]:
    return extract_traces(parse_messages(talk(turns, length), ("messages",), ()), "thinking")


def test_a_long_context_has_its_beginning_and_its_end() -> None:
    last = extract(60, 200)[-1]
    assert len(last.question) <= MAX_CONTEXT_CHARACTERS + len("\n\n[...]\n\n")
    assert last.question.startswith("User: Ask 0. ")
    assert "Assistant: Reply 0." in last.question
    assert "\n\n[...]\n\n" in last.question
    assert "User: Ask 59. " in last.question
    assert "Thought" not in last.question


def test_a_short_context_is_whole_and_so_is_a_single_long_question() -> None:
    turns = extract(3, 5)
    assert turns[2].question.count("User: ") == 3
    assert "[...]" not in turns[2].question
    assert len(extract(1, MAX_CONTEXT_CHARACTERS)[0].question) > MAX_CONTEXT_CHARACTERS


@pytest.mark.parametrize("length", [0, 100])
def test_many_turns_take_linear_time(length: int) -> None:
    few, many = seconds(lambda: extract(200, length), lambda: extract(800, length), rounds=3)
    assert many < 10 * few  # 16 times as long if it were quadratic


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("user", "assistant", "tool")), st.integers(1, 9000), st.booleans())))
def test_a_context_is_the_turns_one_below_the_other(said: list[tuple[str, int, bool]]) -> None:
    passages, number = [], 0
    for at, (role, length, same) in enumerate(said):
        number += not same
        passages.append(Passage(role, f"{at}." + "x" * length, message=number))
    turns = [
        (role, "\n".join(passage.text for passage in group))
        for (_, role), group in groupby(passages, key=lambda one: (one.message, one.role))
    ]
    labelled = "\n\n".join(f"{role.capitalize()}: {text}" for role, text in turns)
    whole = turns[0][1] if len(turns) == 1 else labelled
    question = format_question(passages)
    beginning, _, end = question.partition("\n\n[...]\n\n")
    assert beginning in whole
    assert whole.endswith(end)
    assert question == whole or len(beginning) == len(end) == MAX_CONTEXT_CHARACTERS // 2 < len(whole) / 2
