"""Reading an endpoint's answer. Endpoints differ in what they leave out, so nothing here is taken for granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cotpress.chat.redaction import redact
from cotpress.chat.request import FINISH_LENGTH, FINISH_REFUSED, FINISH_STOP, ChatReply, replace_surrogates

MAX_TOKENS_TOLD = 10**9  # tokens of one call; more are a mistake of the endpoint
MAX_FINISH_CHARS = 40  # characters of the reason for which a reply ended

# How endpoints name a prompt that their filter stopped: OpenAI and Azure, then Alibaba.
_FILTER_CODES = ("content_filter", "content_policy_violation", "responsibleaipolicyviolation", "data_inspection_failed")


def read_reply(body: Mapping[str, Any], seconds: float, key: str) -> ChatReply:
    """The first choice of a chat completion, without the key should the endpoint repeat it."""
    choice = _read_mapping(next(iter(body["choices"]), None))
    message, usage = _read_mapping(choice.get("message")), _read_mapping(body.get("usage"))
    text, refusal = _read_text(message.get("content")), _read_text(message.get("refusal"))
    told = choice.get("finish_reason")
    finish = told[:MAX_FINISH_CHARS] if told and isinstance(told, str) else FINISH_STOP
    if refusal or finish.startswith("content_filter") or not (text.strip() or finish == FINISH_LENGTH):
        finish = FINISH_REFUSED
    return ChatReply(
        text=redact(replace_surrogates(text or refusal), key),
        finish=redact(replace_surrogates(finish), key),
        prompt_tokens=_read_count(usage.get("prompt_tokens")),
        completion_tokens=_read_count(usage.get("completion_tokens")),
        seconds=seconds,
    )


def is_refusal(error: Any) -> bool:
    """Whether an endpoint's error says that a content filter stopped the prompt."""
    code = str(getattr(error, "code", None) or "").lower()
    return getattr(error, "status_code", None) == 400 and code in _FILTER_CODES


def _read_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _read_text(content: Any) -> str:
    """A message's content: a string, or a list of parts with a text each. What is nested deeper is none."""
    if isinstance(content, list):
        texts = [_read_mapping(part).get("text") for part in content]
        return "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def _read_count(value: Any) -> int:
    """A number of tokens; 0, which is "not told", for what cannot be one."""
    return int(value) if isinstance(value, int | float) and 0 <= value <= MAX_TOKENS_TOLD else 0
