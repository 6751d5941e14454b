"""Rows with several traces: every turn in its place, all else as it was, whatever stops the run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cotpress
from cotpress import Method
from cotpress.errors import OptionError
from cotpress.export import ExampleStyle
from cotpress.pipeline import BudgetConfig, CompressionSpec, RewriteSpec, RunPaths, run_pruning
from cotpress.pipeline.draft_writers import ClientConfig
from cotpress.pipeline.rewriting_run import run_rewriting
from cotpress.pipeline.row_outcomes import make_example_formatter
from cotpress.progress import Silent
from cotpress.traces import FieldNames, read
from cotpress.types import Compressed, Rejected, Trace

HALF = BudgetConfig(("0.5",), shortfall="accept")
words = st.text(st.sampled_from('abc é"\\\n{}[]<>|:,0'), max_size=12)
names = st.text(st.sampled_from("abcxyz_"), min_size=1, max_size=6)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)
calls = st.lists(
    st.fixed_dictionaries(
        {
            "id": names,
            "type": st.just("function"),
            "function": st.fixed_dictionaries({"name": names, "arguments": words}),
        }
    ),
    max_size=2,
)
extras = st.dictionaries(names.map(lambda name: f"x_{name}"), values, max_size=2)


@st.composite
def conversations(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    """A row and its reasonings: messages with extra keys, calls, results and images; some turns think, some do not."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": draw(words), **draw(extras)}][
        : draw(st.integers(0, 1))
    ]
    thoughts: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        image = {"type": "image_url", "image_url": {"url": draw(words), **draw(extras)}}
        asked = [{"type": "text", "text": f"Ask {number} {draw(words)}"}, *([image] if draw(st.booleans()) else [])]
        messages.append({"role": "user", "content": draw(st.sampled_from([asked, f"Ask {number}"])), **draw(extras)})
        thinks = number == 0 or draw(st.booleans())
        steps = "\n\n".join(f"Thought {number}.{step}: {step} + {number} = {step + number}." for step in range(6))
        turn: dict[str, Any] = {"role": "assistant", "content": f"Reply {number}.", **draw(extras)}
        if thinks:
            thoughts.append(steps)
            turn |= draw(
                st.sampled_from(
                    [
                        {"reasoning_content": steps},
                        {"reasoning": steps, "content": None, "tool_calls": [{"id": "c"}]},
                        {"content": f"<think>\n{steps}\n</think>\n\nReply {number}."},
                        {
                            "content": [
                                {"type": "thinking", "thinking": steps, "signature": "s"},
                                {"type": "text", "text": "R."},
                            ]
                        },
                    ]
                )
            )
        if made := draw(calls):
            turn["tool_calls"] = made
            messages.append(turn)
            messages.append({"role": "tool", "tool_call_id": made[0]["id"], "content": draw(words), **draw(extras)})
        else:
            messages.append(turn)
    return {"id": draw(names), "tools": draw(values), "messages": messages, **draw(extras)}, thoughts


def mask(value: Any) -> Any:
    """The value with every line of reasoning gone."""
    if isinstance(value, dict):
        return {key: mask(part) for key, part in value.items()}
    if isinstance(value, list):
        return [mask(part) for part in value]
    return (
        "\n".join(line for line in value.split("\n") if not line.startswith("Thought ") and line)
        if isinstance(value, str)
        else value
    )


def write_rows(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.lists(conversations(), min_size=1, max_size=3, unique_by=lambda pair: pair[0]["id"]))
def test_everything_but_the_reasoning_is_equal(drawn: list[tuple[dict[str, Any], list[str]]]) -> None:
    rows = [row for row, _ in drawn]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reading = read(write_rows(folder, rows))
        traces = [trace for trace in reading if isinstance(trace, Trace)]
        assert [trace.reasoning for trace in traces] == [thought for _, thoughts in drawn for thought in thoughts]
        outcomes = list(cotpress.compress(reading, Method("head", steps="paragraph"), keep=HALF))
    build = make_example_formatter("same", ExampleStyle(), outcomes)
    written = [row for outcome in outcomes if isinstance(outcome, Compressed) and (row := build(outcome)) is not None]
    assert [json.dumps(mask(row)) for row in written] == [json.dumps(mask(row)) for row in rows]
    before, after = json.dumps(rows).count("Thought "), json.dumps(written).count("Thought ")
    assert 0 < after < before


def chat(number: int, turns: int, gold: str = "42") -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for turn in range(turns):
        messages.append({"role": "user", "content": f"Question {number}.{turn}?"})
        thought = "".join(f"Step {step} of {number}.{turn} is here.\n\n" for step in range(4)) + "So the answer is 42."
        messages.append({"role": "assistant", "content": "The answer is 42.", "reasoning_content": thought})
    return {"id": f"c{number}", "messages": messages, "answer": gold}


SPEC = CompressionSpec(Method("head"), BudgetConfig(("0.5",)), format="same")
PART_SIZE = 5  # the fifth trace is in the middle of a row


def run(path: Path, output: Path, spec: CompressionSpec = SPEC, **options: Any) -> dict[str, Any]:
    return run_pruning(read(path, FieldNames(**options)), spec, RunPaths(output), Silent())


def test_accounting_is_per_conversation_and_per_turn(tmp_path: Path) -> None:
    path = write_rows(tmp_path, [chat(1, 3), chat(2, 1), chat(3, 2), {"id": "bad", "messages": []}])
    summary = run(path, tmp_path / "out")
    assert (summary["traces"], summary["compressed"], summary["rejected"]) == (7, 6, 1)
    assert summary["conversations"] == {"read": 2, "turns": 5, "compressed": 2, "partly": 0, "rejected": 0}
    assert [row["id"] for row in read_jsonl(tmp_path / "out" / "sft.jsonl")] == ["c1", "c2", "c3"]


@pytest.mark.parametrize(("turns", "ids"), [("last", ["c1"]), ("thinking", ["c1#1", "c1#2", "c1#3"])])
def test_which_turns(turns: str, ids: list[str], tmp_path: Path) -> None:
    path = write_rows(tmp_path, [chat(1, 3)])
    assert [trace.id for trace in read(path, FieldNames(turns=turns))] == ids
    with pytest.raises(OptionError, match="choice of turns"):
        FieldNames(turns="first")


def test_all_turns_take_replies_without_marked_reasoning_whole(tmp_path: Path) -> None:
    row = chat(1, 2)
    del row["messages"][1]["reasoning_content"]
    path = write_rows(tmp_path, [row])
    assert [trace.reasoning[:10] for trace in read(path, FieldNames(turns="all"))] == ["The answer", "Step 0 of "]
    assert [trace.id for trace in read(path)] == ["c1"]


def test_an_empty_reply_is_no_turn(tmp_path: Path) -> None:
    row = chat(1, 1)
    row["messages"] += [{"role": "user", "content": "Go on."}, {"role": "assistant", "content": ""}]
    assert [trace.id for trace in read(write_rows(tmp_path, [row]), FieldNames(turns="all"))] == ["c1"]


class Stop(Exception):
    pass


class StoppingRows:
    """Rows whose second reading breaks off."""

    def __init__(self, path: Path, after: int) -> None:
        self._reading, self._after, self._times = read(path), after, 0

    identity = property(lambda self: self._reading.identity)
    how = property(lambda self: self._reading.how)
    recognised = property(lambda self: self._reading.recognised)

    def __iter__(self) -> Iterator[Trace | Rejected]:
        self._times += 1
        for at, row in enumerate(self._reading):
            if self._times > 1 and at == self._after:
                raise Stop
            yield row


@pytest.mark.parametrize("after", [3, 6, 7, 13])
def test_a_run_that_was_stopped_ends_with_the_same_bytes(
    after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cotpress.pipeline.rewriting_run.PART_SIZE", PART_SIZE)
    path = write_rows(tmp_path, [chat(number, 1 + number % 3) for number in range(8)])
    spec = RewriteSpec("edit", format="same")
    whole = run_rewriting(read(path), spec, ClientConfig(), RunPaths(tmp_path / "whole"), Silent())
    with pytest.raises(Stop):
        run_rewriting(StoppingRows(path, after), spec, ClientConfig(), RunPaths(tmp_path / "out"), Silent())
    again = run_rewriting(read(path), spec, ClientConfig(), RunPaths(tmp_path / "out"), Silent())
    for name in ("sft.jsonl", "rejected.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert {**again, "seconds": 0} == {**whole, "seconds": 0}
    assert whole["conversations"]["turns"] + 3 == whole["traces"] == 15
    assert len(read_jsonl(tmp_path / "out" / "sft.jsonl")) == 8


def test_a_turn_that_is_rejected_stays_as_it_was(tmp_path: Path) -> None:
    row = chat(1, 3)
    row["messages"][3]["reasoning_content"] = "word " * 300  # one step, which no budget of a half fits
    spec = CompressionSpec(Method("head"), BudgetConfig(("0.5",), shortfall="accept"), format="same")
    summary = run(write_rows(tmp_path, [row]), tmp_path / "out", spec)
    (written,) = read_jsonl(tmp_path / "out" / "sft.jsonl")
    (rejected,) = read_jsonl(tmp_path / "out" / "rejected.jsonl")
    assert (rejected["id"], rejected["reason"], rejected["conversation"]) == ("c1#2", "nothing-left", "c1")
    assert rejected["line"] == 1
    assert written["messages"][3] == row["messages"][3]
    assert written["messages"][5]["reasoning_content"] != row["messages"][5]["reasoning_content"]
    assert summary["conversations"] == {"read": 1, "turns": 3, "compressed": 0, "partly": 1, "rejected": 0}


def test_a_wrong_answer_takes_the_whole_conversation(tmp_path: Path) -> None:
    path = write_rows(tmp_path, [chat(1, 2, gold="43"), chat(2, 2)])
    spec = CompressionSpec(Method("head"), BudgetConfig(("0.5",)), format="same", drop_wrong=True)
    summary = run(path, tmp_path / "out", spec)
    assert [row["id"] for row in read_jsonl(tmp_path / "out" / "sft.jsonl")] == ["c2"]
    assert summary["rejected_reasons"] == {"wrong-answer": 2}
    assert summary["conversations"] == {"read": 2, "turns": 4, "compressed": 1, "partly": 0, "rejected": 1}


def test_no_format_but_the_rows_own_takes_a_conversation(tmp_path: Path) -> None:
    path = write_rows(tmp_path, [chat(1, 2), chat(2, 1)])
    summary = run(path, tmp_path / "out", CompressionSpec(Method("head"), BudgetConfig(("0.5",))))
    assert summary["rejected_reasons"] == {"needs-same-shape": 2}
    assert summary["compressed"] == 1
    assert "--export same" in read_jsonl(tmp_path / "out" / "rejected.jsonl")[0]["detail"]


def test_python_chooses_by_the_first_rows(tmp_path: Path) -> None:
    several = cotpress.compress(read(write_rows(tmp_path, [chat(1, 2)])), Method("head"))
    assert cotpress.write(several, tmp_path / "several")["format"] == "same"
    one = cotpress.compress(read(write_rows(tmp_path, [chat(1, 1)])), Method("head"))
    assert cotpress.write(one, tmp_path / "one")["format"] == "messages"
    made = cotpress.compress([Trace("1", "2+3?", "Two. Three. 2+3=5.", "5")], Method("head"))
    assert cotpress.write(made, tmp_path / "made", export="same")["rejected_reasons"] == {"no-place": 1}


def test_the_same_shape_leaves_no_room_for_a_style() -> None:
    with pytest.raises(OptionError, match="as they were read"):
        CompressionSpec(format="same", style=cotpress.ExampleStyle("none"))
