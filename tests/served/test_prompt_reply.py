"""Reading answers: numbers, and all that they may be in place of numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from cotpress.errors import ModelCallError, ModelError
from cotpress.served.prompt_reply import UnscoredPromptError, read_scores
from cotpress.served.score_request import ScoreRequest
from cotpress.served.token_scores import TokenScores

IDS = ScoreRequest("m", "http://a/v1", (7, 8, 9), 1, token_texts=(" x", "."))
TEXT = ScoreRequest("m", "http://a/v1", "Q\n\nLet x.", 3)


def answer(values: Any = (None, -0.5, -2.0, -1.0), tokens: Any = ("a", " x", ".", "b"), **more: Any) -> dict[str, Any]:
    told = {"tokens": list(tokens) if isinstance(tokens, tuple) else tokens, "token_logprobs": list(values), **more}
    return {"choices": [{"logprobs": told}], "usage": {"prompt_tokens": len(told["token_logprobs"]) - 1}}


def test_values_of_token_ids() -> None:
    scores = read_scores(answer(), IDS)
    assert scores.nll.tolist() == [0.5, 2.0]
    assert scores.spans is scores.top_k_entropy is None


def test_values_of_a_text_begin_where_the_reasoning_does() -> None:
    body = answer((None, -1.0, -0.5, -2.0, -3.0, -1.0), ("Q", "\n\nL", "et", " x", ".", " And"))
    scores = read_scores(body, TEXT)
    assert scores.nll.tolist() == [1.0, 0.5, 2.0, 3.0]
    assert scores.spans is not None
    assert scores.spans.tolist() == [[3, 4], [4, 6], [6, 8], [8, 9]]  # the token across the border is cut


@pytest.mark.parametrize("told", [None, {}, [], {"content": [{"token": "b", "logprob": -1.0}]}])
def test_no_log_probabilities(told: Any) -> None:
    with pytest.raises(UnscoredPromptError, match="gave no log-probabilities"):
        read_scores({"choices": [{"logprobs": told}]}, IDS)


@pytest.mark.parametrize("request_", [IDS, TEXT], ids=["ids", "text"])
@pytest.mark.parametrize("usage", [{"prompt_tokens": 9}, {}, {"prompt_tokens": "many"}])
def test_a_silent_echo(request_: ScoreRequest, usage: Any) -> None:
    body = {**answer((-0.3,), ("b",)), "usage": usage}
    with pytest.raises(UnscoredPromptError, match="ignores `echo`: it gave 1 log-prob"):
        read_scores(body, request_)


@pytest.mark.parametrize("value", [None, "5", True, math.nan, math.inf, -math.inf, 0.5, [1], {}])
def test_what_is_no_log_probability_is_one_call_failed(value: Any) -> None:
    with pytest.raises(ModelCallError, match="as a log-probability"):
        read_scores(answer((None, value, -2.0, -1.0)), IDS)


def test_rounding_above_zero_is_zero() -> None:
    assert read_scores(answer((None, 1e-6, -2.0, -1.0)), IDS).nll.tolist() == [0.0, 2.0]


@pytest.mark.parametrize("more", [1, 5])
def test_more_tokens_than_were_sent(more: int) -> None:
    with pytest.raises(ModelCallError, match="in a prompt of 3 token ids"):
        read_scores(answer((None, -0.5, -2.0, -1.0, *[-1.0] * more), ("a",) * (4 + more)), IDS)


def test_a_server_with_another_tokenizer_is_found_out() -> None:
    with pytest.raises(ModelError, match="takes the token ids for others: 2 of 2") as caught:
        read_scores(answer(tokens=("a", "y", "zz", "b")), IDS)
    assert "--scorer-tokenizer" in caught.value.hint
    assert read_scores(answer(tokens=("a", "token_id:8", "token_id:9", "b")), IDS).nll.tolist() == [0.5, 2.0]
    with pytest.raises(ModelError):
        read_scores(answer(tokens=("a", "token_id:3", "token_id:4", "b")), IDS)


@pytest.mark.parametrize("tokens", [None, "abc", [1, 2], ("Q", "\n\nL", "et", " y", ".", "!"), ("Q",)])
def test_texts_without_their_tokens(tokens: Any) -> None:
    with pytest.raises(ModelError):
        read_scores(answer((None, -1.0, -0.5, -2.0, -3.0, -1.0), tokens), TEXT)


def test_entropy_of_the_most_probable_tokens() -> None:
    request = ScoreRequest("m", "http://a/v1", (7, 8), 1, top_k=2, token_texts=("x",))
    best = {"x": math.log(0.5), "y": math.log(0.25), "the token itself": math.log(0.01)}
    scores = read_scores(answer((None, -0.5, -1.0), ("a", "x", "b"), top_logprobs=[None, best, {}]), request)
    assert scores.top_k_entropy is not None
    assert scores.top_k_entropy.tolist() == pytest.approx([1.5 * math.log(2)])  # 1/2, 1/4, and 1/4 for all others


@pytest.mark.parametrize(
    ("told", "error"), [(None, UnscoredPromptError), ([None], UnscoredPromptError), ([None, None, {}], ModelCallError)]
)
def test_no_alternatives(told: Any, error: type[ModelError]) -> None:
    request = ScoreRequest("m", "http://a/v1", (7, 8), 1, top_k=2, token_texts=("x",))
    with pytest.raises(error, match="top_logprobs"):
        read_scores(answer((None, -0.5, -1.0), ("a", "x", "b"), top_logprobs=told), request)


def test_scores_are_kept_exactly_in_float32() -> None:
    values = np.float32(np.random.default_rng(0).gamma(1, 3, 100)).astype(float)
    kept = TokenScores.from_json(TokenScores(values, values / 2, np.zeros((100, 2), int)).to_json())
    assert kept is not None
    assert (np.float32(kept.nll) == np.float32(values)).all()
    assert kept.spans is not None
    assert kept.spans.shape == (100, 2)


@pytest.mark.parametrize("text", ["", "5", "{}", '{"nll":["a"]}', '{"nll":[1],"top_k_entropy":[1,2]}'])
def test_what_holds_no_scores_is_none(text: str) -> None:
    assert TokenScores.from_json(text) is None
