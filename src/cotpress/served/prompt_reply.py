"""Reading the log-probabilities of a prompt from an answer. Nothing in an answer is taken for granted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cotpress.chat.response import read_count, read_mapping
from cotpress.errors import ModelCallError, ModelError
from cotpress.number_formatting import count_noun
from cotpress.served.score_request import ScoreRequest
from cotpress.served.token_alignment import AlignmentError, align_tokens
from cotpress.served.token_scores import TokenScores
from cotpress.served.token_texts import count_other_tokens
from cotpress.types import FloatArray

ABOVE_ZERO = 1e-3  # a log-probability above 0 by more than rounding is none
OTHER_TOKENS_ALLOWED = 0.1  # share of tokens that may be written in another way than here
SERVER_HINT = (
    "Use a server that gives the log-probabilities of a prompt (vLLM, SGLang, llama-cpp-python's), or --source lm."
)


class UnscoredPromptError(ModelError):
    """An answer without the log-probabilities of the prompt."""


def read_scores(body: Mapping[str, Any], request: ScoreRequest) -> TokenScores:
    """The scores of the tokens that a request asks about.

    Raises:
        UnscoredPromptError: the server left them out: it ignored `echo` or `logprobs`, or has no such alternatives.
        ModelCallError: the answer makes no sense: other tokens than were sent, or numbers that cannot be.
    """
    told = read_mapping(read_mapping(next(iter(body["choices"]), None)).get("logprobs"))
    values, tokens = told.get("token_logprobs"), told.get("tokens")
    counted = read_count(read_mapping(body.get("usage")).get("prompt_tokens"))
    if not isinstance(values, list):
        raise UnscoredPromptError(f"{request.endpoint} gave no log-probabilities.", SERVER_HINT)
    tokens = tokens if isinstance(tokens, list) and all(isinstance(token, str) for token in tokens) else []
    if isinstance(request.prompt, str):
        scored, spans = _locate_in_text(request, tokens, len(values), counted)
    else:
        _check_token_count(request, len(values), counted)
        _check_token_texts(request, tokens)
        scored, spans = list(range(request.first, len(request.prompt))), None
    entropy = _read_entropies(told.get("top_logprobs"), scored, request) if request.top_k else None
    return TokenScores(
        _read_nll(values, scored, request), entropy, None if spans is None else np.array(spans).reshape(-1, 2)
    )


def _check_token_count(request: ScoreRequest, given: int, counted: int) -> None:
    sent = len(request.prompt)
    if given < sent:
        raise _build_echo_error(request, given, sent)
    if counted not in (0, sent) or given > sent + 1:
        raise ModelCallError(
            f"{request.endpoint} counted {count_noun(counted or given, 'token')} in a prompt of {sent} token ids."
        )


def _check_token_texts(request: ScoreRequest, tokens: Sequence[str]) -> None:
    other = count_other_tokens(tokens[request.first :], request.token_texts, request.prompt[request.first :])
    if other > OTHER_TOKENS_ALLOWED * len(request.token_texts):
        raise ModelError(
            f"{request.endpoint} takes the token ids for others: {other} of {len(request.token_texts)} tokens have "
            "another text.",
            "Give --scorer-tokenizer the tokenizer of the served model, or none to send texts.",
        )


def _locate_in_text(
    request: ScoreRequest, tokens: Sequence[str], given: int, counted: int
) -> tuple[list[int], list[tuple[int, int]]]:
    """Which tokens are scored, and the characters of each."""
    text = str(request.prompt)
    if len(tokens) != given:
        raise UnscoredPromptError(f"{request.endpoint} gave log-probabilities without their tokens.", SERVER_HINT)
    if given < counted or (given <= 1 < len(text.split())):
        raise _build_echo_error(request, given, counted)
    try:
        spans = align_tokens(tokens[: counted or None], text)
    except AlignmentError as error:
        raise ModelCallError(f"{request.endpoint} gave tokens that are not those of the text: {error}.") from error
    scored = [at for at, (start, end) in enumerate(spans) if end > max(start, request.first)]
    return scored, [(max(spans[at][0], request.first), spans[at][1]) for at in scored]


def _build_echo_error(request: ScoreRequest, given: int, sent: int) -> UnscoredPromptError:
    length = f"a prompt of {count_noun(sent, 'token')}" if sent else "a whole prompt"
    return UnscoredPromptError(
        f"{request.endpoint} ignores `echo`: it gave {given} log-probabilities for {length}.", SERVER_HINT
    )


def _read_nll(values: Sequence[Any], scored: Sequence[int], request: ScoreRequest) -> FloatArray:
    return np.array([max(0.0, -_read_logprob(values[at], request)) for at in scored], dtype=np.float64)


def _read_logprob(value: Any, request: ScoreRequest) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e9 < value <= ABOVE_ZERO:
        raise ModelCallError(f"{request.endpoint} gave {str(value)[:20]} as a log-probability.")
    return float(value)


def _read_entropies(told: Any, scored: Sequence[int], request: ScoreRequest) -> FloatArray:
    if not isinstance(told, list) or len(told) <= max(scored, default=-1):
        raise UnscoredPromptError(f"{request.endpoint} gave no `top_logprobs`.", "Use --criterion nll, or --source lm.")
    return np.array([_compute_entropy(told[at], request) for at in scored], dtype=np.float64)


def _compute_entropy(alternatives: Any, request: ScoreRequest) -> float:
    """Entropy of the k most probable tokens and of all others as one, which is never above that of the whole."""
    given = list(alternatives.values()) if isinstance(alternatives, dict) else []
    if not given:
        raise ModelCallError(f"{request.endpoint} gave a token without its `top_logprobs`.")
    best = sorted((_read_logprob(value, request) for value in given), reverse=True)[: request.top_k]
    chances = [math.exp(min(0.0, value)) for value in best]
    chances.append(max(0.0, 1 - sum(chances)))
    return -sum(chance * math.log(chance) for chance in chances if chance > 0)
