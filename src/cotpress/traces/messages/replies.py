"""Several replies to one question in a row: each by itself, so that what is wrong with one costs no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cotpress.traces.extraction import find_cut_off
from cotpress.traces.format_definition import RawTrace
from cotpress.traces.messages.conversations import find_speaker, parse_message
from cotpress.traces.messages.message_reasoning import MESSAGE_REASONING_KEYS
from cotpress.traces.messages.passages import Passage, extract_traces
from cotpress.traces.messages.reply_text import split_reply
from cotpress.traces.places import format_path
from cotpress.traces.rows import MalformedRowError, describe_value
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import RowPath

Replies = list[list[Passage] | MalformedRowError]  # each as its passages, or why it cannot be used
REPLY_TEXT_KEYS = (
    "text", "response", "output", "generation", "completion", "generated_text", "generated_solution",
    "reply", "solution", "answer",
)  # fmt: skip


def parse_reply(reply: Any, path: RowPath, pairs: ThinkTagPairs) -> list[Passage] | MalformedRowError:
    """The passages of one reply: a text, an object with a text, a message, or a choice that holds one.

    Args:
        reply: what stands in the row.
        path: where it stands.
        pairs: the think tags.

    >>> [passage.text for passage in parse_reply({"text": "<think>2+3=5.</think>5"}, (), (("<think>", "</think>"),))]
    ['2+3=5.', '5']
    """
    try:
        if isinstance(reply, str):
            return split_reply(reply, path, pairs)
        if not isinstance(reply, dict):
            raise MalformedRowError("wrong-type", f"'{format_path(path)}' is no reply; it is {describe_value(reply)}.")
        _check_finished(reply, path)
        if isinstance(reply.get("message"), dict):  # of OpenAI's choices, LangChain's generations
            message = reply["message"]
            spoken = message if find_speaker(message) else {"role": "assistant", **message}
            return parse_message(spoken, (*path, "message"), pairs)
        key = next((key for key in REPLY_TEXT_KEYS if isinstance(reply.get(key), str)), None)
        if key is not None:
            held = {name: reply[name] for name in MESSAGE_REASONING_KEYS if name in reply}
            apart = parse_message({"role": "assistant", "content": None, **held}, path, pairs) if held else []
            return [*apart, *split_reply(reply[key], (*path, key), pairs)]
        if isinstance(reply.get("content"), dict):  # of Gemini's candidates
            return parse_message({"role": "model", **reply["content"]}, (*path, "content"), pairs)
        return parse_message({"role": "assistant", **reply}, path, pairs)
    except MalformedRowError as bad:
        return bad


def _check_finished(reply: dict[str, Any], path: RowPath) -> None:
    message = reply.get("message")
    kept = message.get("kwargs") if isinstance(message, dict) else None  # LangChain's
    found = find_cut_off(reply) or find_cut_off(kept)
    if found is not None:
        key, reason = found
        raise MalformedRowError(
            "cut-off", f"The generation was cut off ({key} of '{format_path(path)}' is '{reason}'), so it has no end."
        )


def list_replies(value: list[Any]) -> Iterator[tuple[RowPath, Any]]:
    """The replies of a list with their places in it; evaluations keep those of each request in a list of its own.

    >>> list(list_replies([["5", "6"], "7"]))
    [((0, 0), '5'), ((0, 1), '6'), ((1,), '7')]
    """
    for at, reply in enumerate(value):
        if isinstance(reply, list):
            yield from (((at, number), inner) for number, inner in enumerate(reply))
        else:
            yield (at,), reply


def extract_replies(asked: Sequence[Passage], replies: Replies, turns: str) -> list[RawTrace]:
    """The traces of all replies to one request. A reply that cannot be used is told beside those that can.

    Args:
        asked: what was said before.
        replies: the replies.
        turns: which reasoning is read; see `FieldNames`.

    Raises:
        MalformedRowError: no reply can be used; what is wrong with the first.

    >>> cut = MalformedRowError("cut-off", "It has no end.")
    >>> traces = extract_replies([Passage("user", "2+3?")], [[Passage("assistant", "5")], cut], "thinking")
    >>> [(trace.text, trace.problem and trace.problem.reason) for trace in traces]
    [('5', None), ('', 'cut-off')]
    """
    traces: list[RawTrace] = []
    for reply in replies:
        try:
            if isinstance(reply, MalformedRowError):
                raise reply
            said = [passage._replace(message=len(asked) + 1) for passage in reply]
            traces += extract_traces([*asked, *said], turns)
        except MalformedRowError as bad:
            traces.append(RawTrace("", "", problem=bad))
    problems = [trace.problem for trace in traces if trace.problem is not None]
    if problems and len(problems) == len(traces):
        raise problems[0]
    return traces
