"""Reading what came out of a batch: a line for each request, a reply or a failure, in any order."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cotpress.chat.api_errors import CallContext, format_message
from cotpress.chat.request import FINISH_REFUSED, ChatReply
from cotpress.chat.response import MALFORMED_ERRORS, is_refusal, read_mapping, read_reply

MAX_LINE_BYTES = 1 << 24  # bytes of one line; the answer to a single call has the same limit
MAX_SPARE_LINES = 100  # lines of a file beyond two for each request that are looked at


@dataclass(frozen=True, slots=True)
class LineFailure:
    """A request of a batch that got no reply.

    Args:
        reason: a sentence.
        is_passing: whether it was not answered for a reason that passes, so that it may be asked again unpaid.
        names_limit: whether the endpoint wants the limit on tokens under its other name.
    """

    reason: str
    is_passing: bool = False
    names_limit: bool = False


def read_output(content: bytes, keys: Collection[str], call: CallContext) -> dict[str, ChatReply | LineFailure]:
    """The outcome of each request that a file of results has a readable line for.

    Args:
        content: the file, one JSON object a line.
        keys: the `custom_id` of the requests that were sent. Other lines are passed over; of several lines for one
            request the first counts.
        call: where the requests went, and with which key; no text that is given holds it.

    >>> body = {"choices": [{"message": {"content": "5"}}]}
    >>> line = json.dumps({"custom_id": "a", "response": {"status_code": 200, "body": body}})
    >>> read_output(line.encode(), {"a"}, CallContext("http://localhost/v1", "m", "KEY", ""))["a"].text
    '5'
    """
    outcomes: dict[str, ChatReply | LineFailure] = {}
    known = set(keys)
    most = 2 * len(known) + MAX_SPARE_LINES
    for line in content.split(b"\n", most)[:most]:
        if len(line) > MAX_LINE_BYTES or not line.strip():
            continue
        try:
            row = read_mapping(json.loads(line))
            key = row.get("custom_id")
            if isinstance(key, str) and key in known and key not in outcomes:
                outcomes[key] = _read_row(row, call)
        except MALFORMED_ERRORS:
            continue
    return outcomes


def _read_row(row: Mapping[str, Any], call: CallContext) -> ChatReply | LineFailure:
    response, own = read_mapping(row.get("response")), read_mapping(row.get("error"))
    status, body = response.get("status_code"), read_mapping(response.get("body"))
    if status == 200 and isinstance(body.get("choices"), list):
        return read_reply(body, 0.0, call.key)
    told = body.get("error")
    error = own or read_mapping(told)
    code, message = error.get("code"), error.get("message") or (told if isinstance(told, str) else "")
    if is_refusal(status, code):
        return ChatReply("", FINISH_REFUSED, 0, 0, 0.0)
    if not isinstance(message, str) or not message:
        message = "nothing more."
    number = status if isinstance(status, int) and not isinstance(status, bool) else None
    passing = code == "batch_expired" or (number is not None and (number in (408, 429) or 500 <= number < 600))
    answered = f"was answered {number}" if number is not None else "failed"
    return LineFailure(
        f"A request of a batch {answered}: {format_message(message, call)}",
        is_passing=passing and code != "insufficient_quota",
        names_limit=number == 400 and "max_completion_tokens" in message,
    )
