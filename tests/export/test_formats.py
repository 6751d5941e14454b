"""Training-set formats: one example, every format; wording; the files beside."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from cotpress.errors import OptionError
from cotpress.export import FORMATS, RATIO_PROMPT, Example, Style, dataset_card, dataset_info, example, get_format
from cotpress.types import Compressed, Trace

EXAMPLE = Example("7", "Be brief.", "2+3?", "Two and three.\n5")
SHORT = Trace("7", "2+3?", "Two and three make five.", answer="#### 5", gold="5")
TAGGED = Trace("7", "2+3?", "Two and three make five.", answer="It is 5.", tagged=True)


def _compressed(trace: Trace, text: str = "make five.") -> Compressed:
    return Compressed(trace, text, np.array([[14, 24]]), 6, 3, 0.5)


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    return [text for inner in value for text in _strings(inner)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_the_whole_example_once(name: str) -> None:
    row = FORMATS[name].row(EXAMPLE)
    assert json.loads(json.dumps(row)) == row
    texts = _strings(row)
    assert all(texts.count(part) == 1 for part in ("7", "Be brief.", "2+3?", "Two and three.\n5"))


@pytest.mark.parametrize("name", FORMATS)
def test_no_empty_system_turn(name: str) -> None:
    row = FORMATS[name].row(Example("7", "", "2+3?", "5"))
    assert not any(turn for turn in row.get("messages", []) + row.get("conversations", []) if "" in turn.values())


def test_wording_follows_the_source() -> None:
    assert example(_compressed(SHORT), Style()).completion == "make five.\n#### 5"
    assert example(_compressed(TAGGED), Style()).completion == "<think>\nmake five.\n</think>\n\nIt is 5."
    assert example(_compressed(TAGGED), Style("none")).completion == "make five.\nIt is 5."
    assert example(_compressed(SHORT), Style("[T],[/T]")).completion == "[T]\nmake five.\n[/T]\n\n#### 5"


def test_an_empty_reasoning_leaves_the_answer_alone() -> None:
    assert example(_compressed(SHORT, ""), Style()).completion == "#### 5"


def test_the_ratio_is_stated_in_the_prompt() -> None:
    assert example(_compressed(SHORT), Style(ratio_prompt="[{ratio}]")).prompt == "2+3?\n\n[0.5]"
    assert "50%" in example(_compressed(SHORT), Style(ratio_prompt=RATIO_PROMPT)).prompt


@pytest.mark.parametrize(
    "style", [{"think": "<a>"}, {"think": "a,b,c"}, {"ratio_prompt": "{size}"}, {"ratio_prompt": "{"}]
)
def test_styles_that_cannot_be_used_are_refused(style: dict[str, str]) -> None:
    with pytest.raises(OptionError):
        Style(**style)


def test_an_unknown_format_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionError, match="Did you mean 'sharegpt'"):
        get_format("share-gpt")


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.llama_factory])
def test_dataset_info_names_columns_that_exist(name: str) -> None:
    info = json.loads(dataset_info(name) or "")["cotpress"]
    assert set(info["columns"].values()) <= set(FORMATS[name].row(EXAMPLE))
    turns = FORMATS[name].row(EXAMPLE).get(info["columns"].get("messages", ""), [])
    tags = info.get("tags", {"role_tag": "from", "content_tag": "value"})
    assert all({tags["role_tag"], tags["content_tag"]} == set(turn) for turn in turns)


def test_the_card_states_the_figures() -> None:
    summary = {
        "traces": 3, "compressed": 2, "rejected": 1, "tokens_original": 100, "tokens_kept": 48, "target_ratio": None,
        "realized_ratio": 0.48, "counted_with": "units", "format": "messages", "method": {"a": 1}, "cotpress": "1.0",
    }  # fmt: skip
    card = dataset_card(summary)
    assert card.startswith("---\n")
    assert "| realized ratio | 0.48 |" in card
    assert "| target ratio | - |" in card
