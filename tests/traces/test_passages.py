"""What comes before a turn, bounded, and found in linear time."""

from __future__ import annotations

import time
from typing import Any

from cotpress.traces.conversations import parse_messages
from cotpress.traces.format_definition import RawTrace
from cotpress.traces.passages import MAX_CONTEXT_CHARACTERS, extract_traces


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


def test_many_turns_take_linear_time() -> None:
    def measure(turns: int) -> float:
        began = time.perf_counter()
        extract(turns, 100)
        return time.perf_counter() - began

    measure(50)
    few, many = min(measure(150) for _ in range(3)), min(measure(600) for _ in range(3))
    assert many < 10 * few  # 16 times as long if it were quadratic
