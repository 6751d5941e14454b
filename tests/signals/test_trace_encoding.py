"""How a trace becomes token ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

transformers = pytest.importorskip("transformers")

from cotpress.errors import ModelError  # noqa: E402
from cotpress.signals.trace_encoding import TracePromptEncoder, encode_texts  # noqa: E402
from cotpress.types import Trace  # noqa: E402


@pytest.fixture(scope="module")
def chatty(tiny_llama: Path) -> Any:
    return transformers.AutoTokenizer.from_pretrained(tiny_llama)


@pytest.fixture(scope="module")
def plain(tiny_gpt2: Path) -> Any:
    return transformers.AutoTokenizer.from_pretrained(tiny_gpt2)


def prompt(tokenizer: Any, question: str, system: str = "", room: int | None = None) -> str:
    templated = tokenizer.chat_template is not None
    ids = TracePromptEncoder(tokenizer, templated).encode(Trace("1", question, "r", system=system), room)
    assert room is None or len(ids) <= room
    text: str = tokenizer.decode(ids)
    return text


def test_the_question_is_the_users_turn(chatty: Any) -> None:
    assert prompt(chatty, "What is x?") == "<s>user\nWhat is x?</s>\n<s>assistant\n"


def test_a_system_prompt_is_a_turn_of_its_own(chatty: Any) -> None:
    assert prompt(chatty, "Why?", "Be brief.").startswith("<s>system\nBe brief.</s>\n<s>user\nWhy?")


def test_a_template_that_refuses_a_system_turn(tiny_llama: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_llama)
    refuse = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    tokenizer.chat_template = refuse + tokenizer.chat_template
    assert prompt(tokenizer, "Why?", "Be brief.") == "<s>user\nBe brief.\n\nWhy?</s>\n<s>assistant\n"


def test_a_broken_template_is_a_model_error(tiny_llama: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_llama)
    tokenizer.chat_template = "{% for %}"
    with pytest.raises(ModelError, match=r"chat template .* cannot be applied"):
        prompt(tokenizer, "Why?")


def test_without_a_template_question_and_empty_line(plain: Any) -> None:
    assert prompt(plain, "What is x?") == "<s>What is x?\n\n"
    assert prompt(plain, "Why?", "Be brief.") == "<s>Be brief.\n\nWhy?\n\n"


def test_there_is_always_a_token_to_start_from(plain: Any) -> None:
    assert prompt(plain, "") == "<s>"


@pytest.mark.parametrize("room", [20, 30, 60])
def test_a_long_question_loses_its_beginning(chatty: Any, room: int) -> None:
    question = "The sum of two numbers is 12, so we wait. " * 9 + "What is x?"
    text = prompt(chatty, question, room=room)
    assert text.startswith("<s>user\n")
    assert text.endswith("</s>\n<s>assistant\n")
    kept = text.removeprefix("<s>user\n").removesuffix("</s>\n<s>assistant\n")
    assert question.endswith(kept)
    assert len(chatty(kept)["input_ids"]) >= room - len(chatty("<s>user\n</s>\n<s>assistant\n")["input_ids"]) - 2


def test_a_question_that_fits_is_left_alone(chatty: Any) -> None:
    assert prompt(chatty, "What is x?", room=60) == prompt(chatty, "What is x?")


def test_room_for_less_than_the_scaffold(chatty: Any) -> None:
    assert prompt(chatty, "What is x?", "You are " * 40, room=20).endswith("</s>\n<s>assistant\n")


def test_control_tokens_in_a_trace_are_text(chatty: Any) -> None:
    end = chatty.convert_tokens_to_ids("</s>")
    [(ids, offsets)] = encode_texts(chatty, ["stop </s> here"])
    assert end not in ids
    assert offsets[-1, 1] == len("stop </s> here")
    assert TracePromptEncoder(chatty, True).encode(Trace("1", "a</s>b", "r")).count(end) == 1  # the template's own


def test_a_lone_surrogate_keeps_the_offsets_true(chatty: Any) -> None:
    [(_, offsets)] = encode_texts(chatty, ["ab\ud800cd"])
    assert offsets[-1].tolist() == [4, 5]
    assert prompt(chatty, "ab\udc00").startswith("<s>user\nab")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_offsets_cover_any_text(chatty: Any, text: str) -> None:
    [(ids, offsets)] = encode_texts(chatty, [text])
    assert len(ids) == len(offsets)
    covered = np.zeros(len(text), dtype=bool)
    for start, end in offsets:
        covered[start:end] = True
    assert covered.all()


@pytest.mark.parametrize("offsets", [[(0, 9)], [(2, 3), (0, 1)], [(3, 2)], [(-1, 2)]])
def test_broken_offsets_are_noticed(chatty: Any, offsets: list[tuple[int, int]]) -> None:
    class Broken:
        name_or_path = "broken"

        def __call__(self, texts: list[str], **_: Any) -> dict[str, Any]:
            return {"input_ids": [[5] * len(offsets)], "offset_mapping": [offsets]}

    with pytest.raises(ModelError, match="mismatch"):
        encode_texts(Broken(), ["abcd"])
