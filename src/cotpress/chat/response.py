"""Reading an endpoint's answer. Endpoints differ in what they leave out, so nothing here is taken for granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cotpress.chat.redaction import redact
from cotpress.chat.request import FINISH_LENGTH, FINISH_REFUSED, FINISH_STOP, ChatReply, replace_surrogates

MAX_TOKENS_TOLD = 10**9  # tokens of one call; more are a mistake of the endpoint
# What reading a body raises that is JSON and makes no sense.
MALFORMED_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
MAX_FINISH_CHARS = 40  # characters of the reason for which a reply ended

# How endpoints name a prompt that their filter stopped: OpenAI and Azure, then Alibaba.
_FILTER_CODES = ("content_filter", "content_policy_violation", "responsibleaipolicyviolation", "data_inspection_failed")


def read_reply(body: Mapping[str, Any], seconds: float, key: str) -> ChatReply:
    """The first choice of a chat completion, without the key should the endpoint repeat it."""
    choice = read_mapping(next(iter(body["choices"]), None))
    message, usage = read_mapping(choice.get("message")), read_mapping(body.get("usage"))
    text, refusal = _read_text(message.get("content")), _read_text(message.get("refusal"))
    told = choice.get("finish_reason")
    finish = told[:MAX_FINISH_CHARS] if told and isinstance(told, str) else FINISH_STOP
    if refusal or finish.startswith("content_filter") or not (text.strip() or finish == FINISH_LENGTH):
        finish = FINISH_REFUSED
    return ChatReply(
        text=redact(replace_surrogates(text or refusal), key),
        finish=redact(replace_surrogates(finish), key),
        prompt_tokens=read_count(usage.get("prompt_tokens")),
        completion_tokens=read_count(usage.get("completion_tokens")),
        seconds=seconds,
    )


def is_refusal(status: Any, code: Any) -> bool:
    """Whether an error of this status and code says that a content filter stopped the prompt."""
    return status == 400 and str(code or "").lower() in _FILTER_CODES


def read_mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _read_text(content: Any) -> str:
    """A message's content: a string, or a list of parts with a text each. What is nested deeper is none."""
    if isinstance(content, list):
        texts = [read_mapping(part).get("text") for part in content]
        return "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def read_count(value: Any) -> int:
    """A number of tokens; 0, which is "not told", for what cannot be one."""
    return int(value) if isinstance(value, int | float) and 0 <= value <= MAX_TOKENS_TOLD else 0
