"""Reading an endpoint's answer. Endpoints differ in what they leave out, so nothing here is taken for granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cotpress.chat.redact import redact
from cotpress.chat.request import LENGTH, REFUSED, STOP, Reply, encodable

# How endpoints name a prompt that their filter stopped: OpenAI and Azure, then Alibaba.
_FILTERED = ("content_filter", "content_policy_violation", "responsibleaipolicyviolation", "data_inspection_failed")


def read_reply(body: Mapping[str, Any], seconds: float, key: str) -> Reply:
    """The first choice of a chat completion, without the key should the endpoint repeat it."""
    choice = _mapping(next(iter(body["choices"]), None))
    message, usage = _mapping(choice.get("message")), _mapping(body.get("usage"))
    text, refusal = _text(message.get("content")), _text(message.get("refusal"))
    finish = str(choice.get("finish_reason") or STOP)
    if refusal or finish.startswith("content_filter") or not (text.strip() or finish == LENGTH):
        finish = REFUSED
    return Reply(
        text=redact(encodable(text or refusal), key),
        finish=redact(encodable(finish), key),
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
        seconds=seconds,
    )


def is_refusal(error: Any) -> bool:
    """Whether an endpoint's error says that a content filter stopped the prompt."""
    code = str(getattr(error, "code", None) or "").lower()
    return getattr(error, "status_code", None) == 400 and code in _FILTERED


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(content: Any) -> str:
    """A message's content: a string, or a list of parts with a text each."""
    if isinstance(content, list):
        return "".join(_text(_mapping(part).get("text")) for part in content)
    return content if isinstance(content, str) else ""


def _count(value: Any) -> int:
    return max(0, int(value)) if isinstance(value, int | float) and value == value else 0
