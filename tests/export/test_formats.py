"""Training-set formats: one example, every format; wording; the files beside."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from cotpress.errors import OptionError
from cotpress.export import (
    DEFAULT_RATIO_PROMPT,
    EXPORT_FORMATS,
    ExampleStyle,
    ExportExample,
    build_example,
    format_dataset_card,
    format_dataset_info,
    get_export_format,
)
from cotpress.types import Compressed, Trace

EXAMPLE = ExportExample("7", "Be brief.", "2+3?", "Two and three.\n5")
SHORT = Trace("7", "2+3?", "Two and three make five.", answer="#### 5", gold="5")
TAGGED = Trace("7", "2+3?", "Two and three make five.", answer="It is 5.", tagged=True)


def _compressed(trace: Trace, text: str = "make five.") -> Compressed:
    return Compressed(trace, text, np.array([[14, 24]]), 6, 3, 0.5)


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    return [text for inner in value for text in _strings(inner)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_every_format_says_the_whole_example_once(name: str) -> None:
    row = EXPORT_FORMATS[name].build_row(EXAMPLE)
    assert json.loads(json.dumps(row)) == row
    texts = _strings(row)
    assert all(sum(text.count(part) for text in texts) == 1 for part in ("7", "Be brief.", "2+3?", "Two and three.\n5"))


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_no_empty_system_turn(name: str) -> None:
    row = EXPORT_FORMATS[name].build_row(ExportExample("7", "", "2+3?", "5"))
    assert not any(turn for turn in row.get("messages", []) + row.get("conversations", []) if "" in turn.values())


def test_wording_follows_the_source() -> None:
    assert build_example(_compressed(SHORT), ExampleStyle()).completion == "make five.\n#### 5"
    assert build_example(_compressed(TAGGED), ExampleStyle()).completion == "<think>\nmake five.\n</think>\n\nIt is 5."
    assert build_example(_compressed(TAGGED), ExampleStyle("none")).completion == "make five.\nIt is 5."
    assert build_example(_compressed(SHORT), ExampleStyle("[T],[/T]")).completion == "[T]\nmake five.\n[/T]\n\n#### 5"


def test_an_empty_reasoning_leaves_the_answer_alone() -> None:
    assert build_example(_compressed(SHORT, ""), ExampleStyle()).completion == "#### 5"


def test_the_ratio_is_stated_in_the_prompt() -> None:
    assert build_example(_compressed(SHORT), ExampleStyle(ratio_prompt="[{ratio}]")).prompt == "2+3?\n\n[0.5]"
    assert "50%" in build_example(_compressed(SHORT), ExampleStyle(ratio_prompt=DEFAULT_RATIO_PROMPT)).prompt


@pytest.mark.parametrize(
    "style", [{"think": "<a>"}, {"think": "a,b,c"}, {"ratio_prompt": "{size}"}, {"ratio_prompt": "{"}]
)
def test_styles_that_cannot_be_used_are_refused(style: dict[str, str]) -> None:
    with pytest.raises(OptionError):
        ExampleStyle(**style)


def test_an_unknown_format_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionError, match="Did you mean 'sharegpt'"):
        get_export_format("share-gpt")


@pytest.mark.parametrize("name", [name for name, one in EXPORT_FORMATS.items() if one.llama_factory])
def test_dataset_info_names_columns_that_exist(name: str) -> None:
    info = json.loads(format_dataset_info(name) or "")["cotpress"]
    assert set(info["columns"].values()) <= set(EXPORT_FORMATS[name].build_row(EXAMPLE))
    turns = EXPORT_FORMATS[name].build_row(EXAMPLE).get(info["columns"].get("messages", ""), [])
    tags = info.get("tags", {"role_tag": "from", "content_tag": "value"})
    assert all({tags["role_tag"], tags["content_tag"]} == set(turn) for turn in turns)


def test_reasoning_and_reply_are_apart_where_a_format_keeps_them_so() -> None:
    example = build_example(_compressed(TAGGED), ExampleStyle())
    (_, reply) = EXPORT_FORMATS["reasoning-content"].build_row(example)["messages"]
    assert reply == {"role": "assistant", "content": "It is 5.", "reasoning_content": "make five."}
    text = EXPORT_FORMATS["harmony"].build_row(example)["text"]
    assert text == (
        "<|start|>user<|message|>2+3?<|end|><|start|>assistant<|channel|>analysis<|message|>make five.<|end|>"
        "<|start|>assistant<|channel|>final<|message|>It is 5.<|return|>"
    )


@pytest.mark.parametrize(
    "name", ["messages", "reasoning-content", "harmony", "sharegpt", "prompt-completion", "alpaca"]
)
def test_whatever_keeps_reasoning_apart_is_trained_on_with_its_tags(name: str) -> None:
    form = EXPORT_FORMATS[name]
    assert form.read_turns is not None
    turns = form.read_turns(form.build_row(build_example(_compressed(TAGGED), ExampleStyle())))
    assert turns[-1].content == "<think>\nmake five.\n</think>\n\nIt is 5."


def test_no_text_ends_a_message_of_harmony() -> None:
    row = EXPORT_FORMATS["harmony"].build_row(ExportExample("7", "", "What is <|end|>?", "It ends<|return|>a message."))
    assert EXPORT_FORMATS["harmony"].read_turns(row) == [  # type: ignore[misc]
        ("user", "What is < |end|>?"), ("assistant", "It ends< |return|>a message."),
    ]  # fmt: skip


def test_turns_with_tool_calls_are_not_trained_on() -> None:
    call = {"role": "assistant", "content": "I add.", "tool_calls": [{"id": "1"}]}
    with pytest.raises(ValueError, match="Turn 2 of 'messages' has tool calls"):
        EXPORT_FORMATS["messages"].read_turns({"messages": [{"role": "user", "content": "a"}, call]})  # type: ignore[misc]


def test_the_card_states_the_figures() -> None:
    summary = {
        "traces": 3, "compressed": 2, "rejected": 1, "tokens_original": 100, "tokens_kept": 48, "target_ratio": None,
        "realized_ratio": 0.48, "counted_with": "units", "format": "messages", "method": {"a": 1}, "cotpress": "1.0",
    }  # fmt: skip
    card = format_dataset_card(summary)
    assert card.startswith("---\n")
    assert "| realized ratio | 0.48 |" in card
    assert "| target ratio | - |" in card
