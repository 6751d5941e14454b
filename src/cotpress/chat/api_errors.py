"""Deciding from the SDK's error whether one call failed, or every call would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cotpress.chat.redaction import redact
from cotpress.errors import ModelCallError, ModelError

MAX_MESSAGE_CHARS = 300  # characters of an endpoint's message that are passed on


@dataclass(frozen=True, slots=True, repr=False)
class CallContext:
    """Where a call went, and with which key."""

    endpoint: str
    model: str
    key_env: str
    key: str


def convert_sdk_error(error: Any, call: CallContext) -> ModelError:
    """The error for a call that ended in an `openai.OpenAIError`: a `ModelCallError`, or a `ModelError` of no other
    kind where no call would fare better."""
    status, tries = getattr(error, "status_code", None), _format_attempts(error)
    if status is None:
        return ModelCallError(
            f"{call.endpoint} gave no whole answer{tries}: {format_message(_describe_cause(error), call)}"
        )
    text = f"{call.endpoint} answered {status}{tries}: {format_message(_read_message(error), call)}"
    if status in (401, 403):
        return ModelError(text, f"Set {call.key_env} to a key that this endpoint accepts.")
    if status == 404:
        return ModelError(text, f"Check --model ('{call.model}') and --base-url, which mostly ends in /v1.")
    if status == 402 or getattr(error, "code", None) == "insufficient_quota":
        return ModelError(text, "The account has no means left: top it up, or use another key.")
    return ModelCallError(text)


def _format_attempts(error: Any) -> str:
    """How often it was tried, from the header in which the SDK counts."""
    try:
        tries = int(error.request.headers["x-stainless-retry-count"]) + 1
    except (AttributeError, KeyError, ValueError):
        return ""
    return f" in {tries} tries" if tries > 1 else ""


def _describe_cause(error: Any) -> str:
    """What broke a connection, which the SDK keeps as the cause."""
    cause = error.__cause__
    if type(error).__name__ == "APITimeoutError":
        return "it took too long (--timeout)."
    return str(cause or error) or type(cause or error).__name__


def _read_message(error: Any) -> str:
    """The message of the endpoint's error, or the whole body where it has none."""
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        told = body.get("message") or body.get("detail")
        return told if isinstance(told, str) else _show_json(told or body)
    return body if body and isinstance(body, str) else "nothing more."


def _show_json(value: Any) -> str:
    try:
        return json.dumps(value)
    except RecursionError:
        return "something nested too deeply to be shown."


def format_message(text: str, call: CallContext) -> str:
    """An endpoint's words as one line, not too long, without the key. The key goes first: half of one is too much."""
    line = " ".join(redact(text, call.key).split())
    line = line if len(line) <= MAX_MESSAGE_CHARS else f"{line[:MAX_MESSAGE_CHARS]} ..."
    return line if line.endswith((".", "!", "?")) else f"{line}."
