"""The text of a reply as passages: think tags, ReAct's thoughts, or an object with a key for each."""

from __future__ import annotations

import json

from cotpress.traces.extraction import strip_span
from cotpress.traces.messages.message_reasoning import parse_reasoning_keys
from cotpress.traces.messages.object_replies import find_both, find_reply_key, list_rest
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.messages.react_text import is_react, parse_react
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import RowData
from cotpress.traces.think_tags import ThinkTagPairs, find_thoughts
from cotpress.types import RowPath, TextPlace


def split_reply(text: str, path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of a reply: each reasoning in think tags, or ReAct's thoughts, and what is said between; else one.

    Raises:
        MalformedRowError: a code of think tags.

    >>> [passage.text for passage in split_reply("<think>2+3=5.</think>5", ("reply",), (("<think>", "</think>"),))]
    ['2+3=5.', '5']
    """
    if (both := find_both(text)) is not None:
        said = parse_object_reply(both, path, pairs)
        return said if parse_json_text(text) == both else [passage._replace(places=()) for passage in said]
    blocks = find_thoughts(text, pairs)
    if not blocks and is_react(text):
        return parse_react(text, path)
    if not blocks:
        return [Passage("assistant", text, places=(TextPlace(path, (0, len(text))),))]
    passages, at = [], 0
    for inside, (begin, after) in blocks:
        start, end = strip_span(text, *inside)
        passages.append(Passage("assistant", text[at:begin].strip()))
        place = TextPlace(path, (start, end))
        passages.append(Passage("assistant", text[start:end], PassageKind.REASONING, (place,)))
        at = after
    passages.append(Passage("assistant", text[at:].strip()))
    return [passage for passage in passages if passage.text or passage.kind is PassageKind.REASONING]


def parse_object_reply(content: RowData, path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of an object with the reasoning and the reply under a key each.

    >>> reply = {"reasoning": "2+3=5.", "answer": "5"}
    >>> [passage.text for passage in parse_object_reply(reply, ("reply",), ())]
    ['2+3=5.', '5']
    """
    key = find_reply_key(content)
    apart = parse_reasoning_keys(content, path, pairs, "assistant")
    if key is not None:
        told = content[key]
        return [*apart, *split_reply(told if isinstance(told, str) else json.dumps(told), (*path, key), pairs)]
    rest = list_rest(content)
    return [*apart, *([Passage("assistant", json.dumps(rest, ensure_ascii=False), PassageKind.OTHER)] if rest else [])]
