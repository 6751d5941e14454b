"""Requests and their keys, sampling, prices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.chat import ChatMessage, ChatRequest, Prices, SamplingParameters, parse_prices
from cotpress.chat.openai_chat import build_payload
from cotpress.errors import OptionError

BASE = ChatRequest(
    "model",
    (ChatMessage("system", "Be brief."), ChatMessage("user", "Hello.")),
    SamplingParameters(),
    "https://host/v1",
    "fuse/1",
)


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, model="other"),
        replace(BASE, messages=(ChatMessage("system", "Be long."), BASE.messages[1])),
        replace(BASE, messages=BASE.messages[1:]),
        replace(BASE, messages=(*BASE.messages, ChatMessage("assistant", "Hi."))),
        replace(BASE, messages=(BASE.messages[0], ChatMessage("assistant", "Hello."))),
        replace(BASE, sampling=SamplingParameters(temperature=0.5)),
        replace(BASE, sampling=SamplingParameters(top_p=0.9)),
        replace(BASE, sampling=SamplingParameters(max_tokens=5)),
        replace(BASE, sampling=SamplingParameters(seed=0)),
        replace(BASE, endpoint="https://other/v1"),
        replace(BASE, endpoint="http://host/v1"),
        replace(BASE, endpoint="https://host:8000/v1"),
        replace(BASE, version="fuse/2"),
    ],
)
def test_everything_that_is_sent_is_in_the_key(other: ChatRequest) -> None:
    assert other.compute_key() != BASE.compute_key()


@pytest.mark.parametrize(
    "url", ["https://host/v1/", "https://me:secret@host/v1", "https://host/v1?key=secret", "https://HOST/v1#part"]
)
def test_credentials_and_query_are_not_in_the_key(url: str) -> None:
    assert replace(BASE, endpoint=url).compute_key() == BASE.compute_key()


def test_equal_numbers_and_sequences_give_one_key() -> None:
    again = replace(BASE, sampling=SamplingParameters(temperature=0, top_p=1), messages=list(BASE.messages))
    assert again.compute_key() == BASE.compute_key()


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_a_key_never_runs_messages_together(one: list[str], other: list[str]) -> None:
    keys = [
        replace(BASE, messages=tuple(ChatMessage("user", text) for text in texts)).compute_key()
        for texts in (one, other)
    ]
    assert (keys[0] == keys[1]) == (one == other)


def test_what_is_sent() -> None:
    assert build_payload(BASE) == {
        "model": "model",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello."}],
        "temperature": 0.0,
    }
    full = build_payload(replace(BASE, sampling=SamplingParameters(0.5, 0.9, 7, 3)))
    assert (full["temperature"], full["top_p"], full["max_tokens"], full["seed"]) == (0.5, 0.9, 7, 3)
    assert (
        build_payload(replace(BASE, messages=(ChatMessage("user", "a\ud800b"),)))["messages"][0]["content"]
        == "a\ufffdb"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -0.1},
        {"temperature": float("nan")},
        {"temperature": 2.5},
        {"top_p": 0},
        {"top_p": 1.1},
        {"max_tokens": 0},
    ],
)
def test_sampling_out_of_range(wrong: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        SamplingParameters(**wrong)  # type: ignore[arg-type]


def test_prices() -> None:
    assert Prices(0.3, 2.5).cost(1_000_000, 200_000) == pytest.approx(0.8)
    assert parse_prices("0.3, 2.5") == Prices(0.3, 2.5)
    for wrong in ("", "1", "1,2,3", "a,b", "-1,2", "1,nan", "inf,1"):
        with pytest.raises(OptionError):
            parse_prices(wrong)
