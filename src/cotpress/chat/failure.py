"""Telling from the SDK's error whether one call failed, or every call would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cotpress.chat.redact import redact
from cotpress.errors import CallFailed, ModelError

LONGEST = 300  # characters of what an endpoint says that are passed on


@dataclass(frozen=True, slots=True, repr=False)
class Circumstances:
    """What a call was about."""

    endpoint: str
    model: str
    key_env: str
    key: str


def failure(error: Any, call: Circumstances) -> ModelError:
    """The error for a call that ended in an `openai.OpenAIError`: a `CallFailed`, or a `ModelError` of no other
    kind where no call would fare better."""
    status, tries = getattr(error, "status_code", None), _tries(error)
    if status is None:
        return CallFailed(f"{call.endpoint} gave no whole answer{tries}: {_said(_why(error), call)}")
    text = f"{call.endpoint} answered {status}{tries}: {_said(_body(error), call)}"
    if status in (401, 403):
        return ModelError(text, f"Set {call.key_env} to a key that this endpoint accepts.")
    if status == 404:
        return ModelError(text, f"Check --model ('{call.model}') and --base-url, which mostly ends in /v1.")
    if status == 402 or getattr(error, "code", None) == "insufficient_quota":
        return ModelError(text, "The account has no means left: top it up, or use another key.")
    return CallFailed(text)


def _tries(error: Any) -> str:
    """How often it was tried, from the header in which the SDK counts."""
    try:
        tries = int(error.request.headers["x-stainless-retry-count"]) + 1
    except (AttributeError, KeyError, ValueError):
        return ""
    return f" in {tries} tries" if tries > 1 else ""


def _why(error: Any) -> str:
    """What broke a connection, which the SDK keeps as the cause."""
    cause = error.__cause__
    if type(error).__name__ == "APITimeoutError":
        return "it took too long (--timeout)."
    return str(cause or error) or type(cause or error).__name__


def _body(error: Any) -> str:
    """What the endpoint said: the message of its error, or whatever there is."""
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        return str(body.get("message") or body.get("detail") or json.dumps(body))
    return str(body or "nothing more.")


def _said(text: str, call: Circumstances) -> str:
    """One line, not too long, without the key. The key goes first: half of one is too much."""
    line = " ".join(redact(text, call.key).split())
    line = line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."
    return line if line.endswith((".", "!", "?")) else f"{line}."
