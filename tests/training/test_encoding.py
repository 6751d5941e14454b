"""Token ids of examples: the prompt as inference gives it, the completion in its own words, the end of the turn."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import TEMPLATE, byte_tokenizer

from cotpress.chat import ChatMessage, ChatPromptEncoder, ChatRequest
from cotpress.errors import ModelError
from cotpress.training.encoding import IGNORED_LABEL, ExampleEncoder, encode_examples, make_example_encoder
from cotpress.training.examples import TrainingExample
from cotpress.types import Rejected

THINKING = TEMPLATE.replace("<s>assistant\n{%", "<s>assistant\n<think>\n{%")


def _encoder(template: str = TEMPLATE, **more: Any) -> ExampleEncoder:
    tokenizer = byte_tokenizer(chat_template=template, **more)
    return make_example_encoder(tokenizer, frozenset({tokenizer.eos_token_id}))


def _example(completion: str, *asked: str) -> TrainingExample:
    return TrainingExample(tuple(ChatMessage("user", one) for one in asked or ("What is x?",)), completion)


@settings(max_examples=60)
@given(asked=st.text(max_size=40).filter(str.strip), written=st.text(max_size=40).filter(str.strip))
def test_the_prompt_is_what_inference_gives_and_the_completion_is_verbatim(asked: str, written: str) -> None:
    encoder = _ENCODER
    [one] = encoder.encode([_example(written, asked)])
    inference = ChatPromptEncoder(encoder.tokenizer, True, sys.maxsize).encode(
        ChatRequest("", (ChatMessage("user", asked),))
    )
    assert one.ids[: one.prompt_length].tolist() == inference
    tail = one.ids[one.prompt_length :].tolist()
    assert tail[-1] == encoder.tokenizer.eos_token_id
    assert encoder.tokenizer.eos_token_id not in tail[:-1]
    assert encoder.tokenizer.decode(tail[:-1]) == written
    assert one.labels.tolist() == [IGNORED_LABEL] * one.prompt_length + tail


_ENCODER = _encoder()


def test_control_tokens_that_a_text_spells_out_are_text() -> None:
    [one] = _ENCODER.encode([_example("It ends in </s> here.", "Is </s> a tag?")])
    end, start = (_ENCODER.tokenizer.convert_tokens_to_ids(token) for token in ("</s>", "<s>"))
    assert one.ids.tolist().count(end) == 2  # of the user's turn and of the student's
    assert one.ids.tolist().count(start) == 2


def test_think_tags_stay_the_tokens_that_they_are() -> None:
    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    tokenizer.add_tokens(["<think>", "</think>"])
    encoder = make_example_encoder(tokenizer, frozenset({tokenizer.eos_token_id}))
    [one] = encoder.encode([_example("<think>\nx\n</think>\n\ny")])
    assert {*tokenizer.convert_tokens_to_ids(["<think>", "</think>"])} <= set(one.ids[one.prompt_length :].tolist())


def test_a_tag_that_the_template_opens_is_not_written_twice() -> None:
    encoder = _encoder(THINKING)
    assert encoder.opens_think_tag
    [one] = encoder.encode([_example("<think>\nLet x be 1.\n</think>\n\n1")])
    assert encoder.tokenizer.decode(one.ids).count("<think>") == 1
    assert encoder.tokenizer.decode(one.ids[one.prompt_length :]) == "Let x be 1.\n</think>\n\n1</s>"


def test_a_template_that_drops_reasoning_does_not_drop_it_here() -> None:
    dropping = TEMPLATE.replace("message['content'] }}", "message['content'].split('</think>')[-1] }}")
    encoder = _encoder(dropping)
    [one] = encoder.encode([_example("<think>\nLong.\n</think>\n\n1")])
    assert "Long." in encoder.tokenizer.decode(one.ids)


@pytest.mark.parametrize(
    ("after", "expected"),
    [("</s>\n", ["</s>"]), ("\n!", ["Ċ", "!", "</s>"]), ("", ["</s>"]), ("<s></s><s>", ["<s>", "</s>"])],
)
def test_every_completion_ends_where_generation_stops(after: str, expected: list[str]) -> None:
    template = "{% for one in messages %}{{ one['role'] }}: {{ one['content'] }}" + after + "{% endfor %}"
    encoder = _encoder(template)
    assert encoder.tokenizer.convert_ids_to_tokens(list(encoder.end_ids)) == expected


def test_a_template_that_fails_and_a_tokenizer_without_an_end_are_named() -> None:
    with pytest.raises(ModelError, match="chat template cannot be applied"):
        _encoder("{{ raise_exception('no') }}")
    tokenizer = byte_tokenizer(chat_template="{% for one in messages %}{{ one['content'] }}{% endfor %}")
    tokenizer.eos_token = None
    with pytest.raises(ModelError, match="ends a reply"):
        make_example_encoder(tokenizer, frozenset())


def test_the_limit_is_exact_and_nothing_is_cut() -> None:
    example = _example("Let x be 12. " * 9)
    [whole] = _ENCODER.encode([example])
    [(_, kept)] = encode_examples([example], _ENCODER, len(whole))  # type: ignore[misc]
    assert kept.ids.tolist() == whole.ids.tolist()
    [rejected] = encode_examples([example], _ENCODER, len(whole) - 1)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "too-long"
    assert f"{len(whole)} tokens ({whole.prompt_length} of the prompt)" in rejected.detail
