"""Items of OpenAI's Responses API as passages: reasoning, messages, calls and what they gave."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cotpress.traces.messages.conversations import parse_message
from cotpress.traces.messages.message_parts import parse_part
from cotpress.traces.messages.message_reasoning import HIDDEN_REASONING, join_pieces, mark_reasoning
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import RowPath


def parse_items(items: Sequence[Any], path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of a list of items.

    Args:
        items: the items, in order.
        path: where the list stands.
        pairs: the think tags.

    Raises:
        MalformedRowError: an item is no such item.

    >>> [passage.text for passage in parse_items([{"role": "user", "content": "2+3?"}], (), ())]
    ['2+3?']
    """
    return [
        passage._replace(message=at)
        for at, item in enumerate(items)
        for passage in parse_item(item, (*path, at), pairs)
    ]


def parse_item(item: Any, path: RowPath, pairs: ThinkTagPairs) -> Iterator[Passage]:
    """The passages of one item. Raises as `parse_items`.

    >>> [found] = parse_item({"type": "reasoning", "summary": [{"type": "summary_text", "text": "2+3=5."}]}, (), ())
    >>> found.kind.value, found.places[0].path
    ('reasoning', ('summary', 0, 'text'))
    """
    kind = item.get("type") if isinstance(item, dict) else None
    if kind in (None, "message"):
        yield from parse_message(item, path, pairs)
    elif kind == "reasoning":
        thoughts = [
            thought for name in ("summary", "content") if (thought := _join_parts(item, name, path, pairs)).text
        ]
        yield from thoughts or [HIDDEN_REASONING]
    elif str(kind).endswith("_output"):
        output = item.get("output")
        text = output if isinstance(output, str) else json.dumps(output, ensure_ascii=False)
        yield Passage("tool", text, PassageKind.OTHER)
    else:
        yield Passage("assistant", json.dumps(item, ensure_ascii=False), PassageKind.OTHER)


def _join_parts(item: dict[str, Any], name: str, path: RowPath, pairs: ThinkTagPairs) -> Passage:
    """The parts of a reasoning under one key, or its one text, as one reasoning."""
    held = item.get(name)
    if isinstance(held, str):
        return mark_reasoning(held, (*path, name), pairs)
    found: list[Passage] = []
    for at, part in enumerate(held if isinstance(held, list) else ()):
        place = (*path, name, at)
        parts = parse_part(part, place, "assistant", pairs) if isinstance(part, dict) else []
        found += [mark_reasoning(part, place, pairs)] if isinstance(part, str) else parts
    return join_pieces([passage for passage in found if passage.text and passage.places])
