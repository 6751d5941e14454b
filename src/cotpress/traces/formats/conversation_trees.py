"""Conversations as trees of nodes under `mapping`, as ChatGPT and DeepSeek export them: the current branch of each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cotpress.traces.fields.field_detection import EXAMPLE_QUESTION
from cotpress.traces.format_definition import FieldNames, RawTrace, RowSample, RowSchema, TraceFormat, format_roles
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.conversations import find_speaker
from cotpress.traces.messages.message_reasoning import join_pieces, mark_reasoning
from cotpress.traces.messages.passages import Passage, PassageKind, extract_traces
from cotpress.traces.messages.reply_text import split_reply
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import RowPath

_TREE: Final = "mapping"
_SAID: Final = ("text", "multimodal_text")  # contents that are text
_NOTES: Final = ("reasoning_recap", "user_editable_context", "model_editable_context")  # what nobody said
_FRAGMENT_ROLES: Final = {"REQUEST": "user", "THINK": "reasoning", "RESPONSE": "assistant"}


def _list_branch(nodes: Mapping[str, Any], at: Any) -> list[str]:
    """The names of the nodes from the root to the one `at`, or to the newest leaf where there is none."""
    if not isinstance(at, str) or at not in nodes:
        at = _find_leaf(nodes)
    branch: list[str] = []
    seen: set[str] = set()
    while isinstance(at, str) and isinstance(nodes.get(at), dict) and at not in seen:
        seen.add(at)
        branch.append(at)
        at = nodes[at].get("parent")
    return branch[::-1]


def _find_leaf(nodes: Mapping[str, Any]) -> str | None:
    """The end of the branch of last children."""
    at = next((name for name, node in nodes.items() if isinstance(node, dict) and not node.get("parent")), None)
    seen: set[str] = set()
    while at is not None and at not in seen:
        seen.add(at)
        children = nodes[at].get("children")
        after = children[-1] if isinstance(children, list) and children else None
        if not isinstance(after, str) or not isinstance(nodes.get(after), dict):
            break
        at = after
    return at


def _parse_node(node: Mapping[str, Any], path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    message = node.get("message")
    if not isinstance(message, dict):
        return []
    path = (*path, "message")
    if isinstance(fragments := message.get("fragments"), list):
        path = (*path, "fragments")
        return [part for at, held in enumerate(fragments) for part in _parse_fragment(held, (*path, at), pairs)]
    author, content = message.get("author"), message.get("content")
    role = find_speaker(author) if isinstance(author, dict) else None
    if role is None or not isinstance(content, dict) or content.get("content_type") in _NOTES:
        return []
    return list(_parse_content(content, (*path, "content"), role, message.get("recipient"), pairs))


def _parse_content(
    content: dict[str, Any], path: RowPath, role: str, recipient: Any, pairs: ThinkTagPairs
) -> Iterator[Passage]:
    kind, parts = content.get("content_type"), content.get("parts")
    thoughts = content.get("thoughts")
    if kind == "thoughts" and isinstance(thoughts, list):
        texts = [
            mark_reasoning(thought["content"], (*path, "thoughts", at, "content"), pairs)
            for at, thought in enumerate(thoughts)
            if isinstance(thought, dict) and isinstance(thought.get("content"), str)
        ]
        yield join_pieces([text for text in texts if text.text])
        return
    for at, part in enumerate(parts if isinstance(parts, list) and kind in _SAID else ()):
        if not isinstance(part, str):
            name = part.get("content_type") if isinstance(part, dict) else "part"
            yield Passage(role, f"[{name}]", PassageKind.OTHER)
        elif role != "assistant":
            yield Passage(role, part)
        elif recipient in (None, "all"):
            yield from split_reply(part, (*path, "parts", at), pairs)
        else:
            yield Passage(role, part, PassageKind.OTHER)
    if kind not in _SAID and kind != "thoughts":  # code that is run, what it printed, pages that were read
        text = content.get("text")
        shown = text if isinstance(text, str) else json.dumps(content, ensure_ascii=False)
        yield Passage(role, shown, PassageKind.OTHER)


def _parse_fragment(held: Any, path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    role = _FRAGMENT_ROLES.get(str(held.get("type"))) if isinstance(held, dict) else None
    if role is None or not isinstance(held.get("content"), str):
        return []
    text, place = held["content"], (*path, "content")
    if role == "reasoning":
        return [mark_reasoning(text, place, pairs)]
    return split_reply(text, place, pairs) if role == "assistant" else [Passage(role, text)]


def _recognise_tree(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    if fields.reasoning or 2 * sum(_is_tree(parse_json_text(row.get(_TREE))) for row in sample) < max(1, len(sample)):
        return None

    def extract(data: RowData) -> list[RawTrace]:
        nodes = parse_json_text(data.get(_TREE))
        if not _is_tree(nodes):
            held = describe_value(nodes)
            raise MalformedRowError("missing-field", f"'{_TREE}' must be nodes of a conversation; it holds {held}.")
        passages = [
            passage._replace(message=at)
            for at, name in enumerate(_list_branch(nodes, data.get("current_node")))
            for passage in _parse_node(nodes[name], (_TREE, name), fields.tag_pairs)
        ]
        return extract_traces(passages, fields.turns, structured=True)

    return RowSchema(extract, format_roles(turns=_TREE), frozenset((_TREE,)))


def _is_tree(value: Any) -> bool:
    return isinstance(value, dict) and any(
        isinstance(node, dict) and "parent" in node and "message" in node for node in value.values()
    )


_EXAMPLE: Final[RowData] = {
    "current_node": "c",
    "mapping": {
        "a": {
            "parent": None,
            "message": {
                "author": {"role": "user"}, "content": {"content_type": "text", "parts": [EXAMPLE_QUESTION]},
            },
        },
        "b": {
            "parent": "a",
            "message": {
                "author": {"role": "assistant"},
                "content": {"content_type": "thoughts", "thoughts": [{"content": "2 and 3 make 5."}]},
            },
        },
        "c": {
            "parent": "b",
            "message": {"author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["5"]}},
        },
    },
}  # fmt: skip
add_format(
    TraceFormat(
        "conversation-tree",
        "conversations as trees under `mapping`, as ChatGPT and DeepSeek export them: the current branch",
        _EXAMPLE,
        _recognise_tree,
        rank=18,
    )
)
