"""Messages in the shapes of frameworks and logs, as messages with a role, each with the place of what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from cotpress.traces.rows import RowData
from cotpress.types import RowPath

MAX_WRAPPERS: Final = 3  # objects within each other in which the message of a list's element is looked for
_TYPED_ROLES: Final = ("human", "ai", "system", "tool")  # LangChain's, which says by the type who speaks
_LOGGED_ROLES: Final = ("user", "assistant", "gemini", "tool")  # types of entries that count where they say something
_CONSTRUCTED: Final = {
    "HumanMessage": "human", "AIMessage": "ai", "SystemMessage": "system", "ToolMessage": "tool",
    "FunctionMessage": "function",
}  # fmt: skip
_LETTA_ROLES: Final = {
    "system_message": "system", "user_message": "user", "reasoning_message": "assistant",
    "assistant_message": "assistant", "tool_call_message": "assistant", "tool_return_message": "tool",
}  # fmt: skip
_AUTOGEN_ROLES: Final = {
    "TextMessage": "assistant", "ThoughtEvent": "reasoning", "ToolCallRequestEvent": "function_call",
    "ToolCallExecutionEvent": "tool", "ToolCallSummaryMessage": "assistant",
}  # fmt: skip
_PART_ROLES: Final = {
    "system-prompt": "system", "user-prompt": "user", "tool-return": "tool", "retry-prompt": "user",
    "thinking": "reasoning", "text": "assistant",
}  # fmt: skip
_ASKING: Final = ("user", "human", "prompt", "question", "input", "instruction", "query", "q", "Q")
_REPLYING: Final = ("assistant", "gpt", "bot", "model", "completion", "output", "response", "answer", "a", "A")
_FLAT: Final = "message."  # before the keys of OpenInference's messages
_CONTENTS: Final = ("content", "parts", "text", "value")


class ShapedMessage(NamedTuple):
    """A message with a role, and the path below which its keys stand; `key` is that of its content where the row has
    it under another one than the message."""

    data: RowData
    path: RowPath
    key: str | int | None = None


def shape_messages(element: Any, path: RowPath) -> list[ShapedMessage]:
    """The messages of one element of a list: the element itself, what it wraps, or the request and the reply in it.

    Args:
        element: a message of whatever framework, a turn `{"user": ..., "assistant": ...}`, or what is neither.
        path: where it stands.

    >>> [(shaped.data["content"], shaped.key) for shaped in shape_messages({"user": "2+3?", "assistant": "5"}, ())]
    [('2+3?', 'user'), ('5', 'assistant')]
    >>> shape_messages({"type": "ai", "data": {"content": "5"}}, ())[0].path
    ('data',)
    """
    if not isinstance(element, Mapping):
        return [ShapedMessage(element, path)]
    if versions := _find_version(element):
        version, place = versions
        return list(_list_version_steps(version, (*path, *place)))
    if (role := element.get(f"{_FLAT}role")) is not None:
        key = f"{_FLAT}content"
        rest = {name.removeprefix(_FLAT): value for name, value in element.items()}
        return [ShapedMessage({**rest, "role": role}, path, key)]
    inner, path = _unwrap(element, path)
    if find_named_role(inner) is not None:
        kept = {**inner, "content": None} if inner.get("message_type") == "reasoning_message" else inner
        return [ShapedMessage(kept, path)]
    parts = list(_list_labelled_parts(inner, path))
    return parts or list(_list_sides(inner, path)) or [ShapedMessage(inner, path)]


def find_named_role(message: Mapping[str, Any]) -> Any:
    """What a message says of its speaker, as it says it; None where it does not.

    >>> find_named_role({"sender": "human"}), find_named_role({"type": "ai"}), find_named_role({"type": "user"})
    ('human', 'ai', None)
    """
    kind, info = message.get("type"), message.get("info")
    named = message.get("role") or message.get("from") or message.get("speaker") or message.get("sender")
    if named is None and isinstance(info, dict):
        named = info.get("role")
    if named is None and (role := _LETTA_ROLES.get(str(message.get("message_type")))):
        return role
    if named is None and (role := _AUTOGEN_ROLES.get(str(kind))) and isinstance(message.get("source"), str):
        return "user" if message["source"] == "user" else role
    if named:
        return named
    says = any(name in message for name in _CONTENTS)
    return kind if kind in _TYPED_ROLES or (kind in _LOGGED_ROLES and says) else None


def unwrap_message(element: Mapping[str, Any], *, constructed: bool = False) -> Mapping[str, Any]:
    """The message in an element, the element itself where it wraps none; `constructed`: only of what says its class.

    >>> unwrap_message({"message": {"role": "user", "content": "2+3?"}})
    {'role': 'user', 'content': '2+3?'}
    """
    if constructed:
        found = _find_constructed(element)
        return found[0] if found else element
    if version := _find_version(element):
        return version[0]
    role = element.get(f"{_FLAT}role")
    return {"role": role} if role is not None else _unwrap(element, ())[0]


def _find_version(element: Mapping[str, Any]) -> tuple[Mapping[str, Any], RowPath] | None:
    """The version of an LM Studio message that is selected, and its place in it; None for what has no versions."""
    versions, at = element.get("versions"), element.get("currentlySelected", 0)
    if not isinstance(versions, list) or not isinstance(at, int) or not 0 <= at < len(versions):
        return None
    version = versions[at]
    return (version, ("versions", at)) if isinstance(version, dict) and version.get("role") else None


def _list_version_steps(version: Mapping[str, Any], path: RowPath) -> Iterator[ShapedMessage]:
    """What a version says: its content, or the blocks of its steps, of which some are thoughts."""
    steps = version.get("steps")
    if not isinstance(steps, list):
        yield ShapedMessage(dict(version), path)
        return
    for at, step in enumerate(steps):
        if not isinstance(step, dict) or not isinstance(step.get("content"), list):
            continue  # a note of the program's
        style = step.get("style")
        thinks = isinstance(style, dict) and style.get("type") == "thinking"
        role = "reasoning" if thinks else version["role"]
        yield ShapedMessage({"role": role, "content": step["content"]}, (*path, "steps", at))


def _unwrap(element: Mapping[str, Any], path: RowPath) -> tuple[RowData, RowPath]:
    data = dict(element)
    for _ in range(MAX_WRAPPERS):
        found = _find_wrapped(data)
        if found is None:
            break
        data, path = found[0], (*path, found[1])
    return data, path


def _find_constructed(element: Mapping[str, Any]) -> tuple[dict[str, Any], str] | None:
    """The message that LangChain wrote with its class or its type, and the key under which it stands."""
    held = element.get("kwargs")
    if element.get("type") == "constructor" and isinstance(held, dict):  # LangChain's, as LangSmith exports it
        names = element.get("id")
        name = str(names[-1]).removesuffix("Chunk") if isinstance(names, list) and names else ""
        role = held.get("role") or _CONSTRUCTED.get(name)
        return ({**held, "role": role}, "kwargs") if role else None
    data = element.get("data")
    if element.get("type") in _TYPED_ROLES and isinstance(data, dict):
        return {**data, "role": element["type"]}, "data"
    return None


def _find_wrapped(element: RowData) -> tuple[dict[str, Any], str] | None:
    """The message that an element wraps, with its role, and the key under which it stands."""
    if element.get("role") or element.get("from"):
        return None
    if found := _find_constructed(element):
        return found
    for key in ("message", "content"):
        inner = element.get(key)
        if isinstance(inner, dict) and any(name in inner for name in ("role", "author", "from")):
            return dict(inner), key
    return None


def _list_labelled_parts(message: RowData, path: RowPath) -> Iterator[ShapedMessage]:
    """The parts of a message of Pydantic AI, which say one by one who speaks."""
    parts = message.get("parts")
    labelled = (
        isinstance(parts, list) and parts and all(isinstance(part, dict) and "part_kind" in part for part in parts)
    )
    for at, part in enumerate(parts or () if labelled else ()):
        role, place = _PART_ROLES.get(str(part["part_kind"])), (*path, "parts", at)
        content = part.get("content")
        if isinstance(content, str | list) and role not in (None, "tool"):
            yield ShapedMessage({"role": role, "content": content}, place)
        elif role in ("system", "user", "tool"):
            yield ShapedMessage({"role": role, "content": _show(content)}, place)
        else:  # a call, or what nobody knows
            yield ShapedMessage({"role": "assistant", "content": None, "tool_calls": [part]}, place)


def _list_sides(turn: RowData, path: RowPath) -> Iterator[ShapedMessage]:
    """Request and reply of a turn that holds them under a name each, the system prompt before them."""
    asked = [name for name in _ASKING if isinstance(turn.get(name), str)]
    replied = [name for name in _REPLYING if isinstance(turn.get(name), str)]
    if len(asked) > 1 or len(replied) > 1 or not (asked or replied):
        return
    if isinstance(turn.get("system"), str) and turn["system"]:
        yield ShapedMessage({"role": "system", "content": turn["system"]}, path, "system")
    for name in asked:
        yield ShapedMessage({"role": "user", "content": turn[name]}, path, name)
    rest = {key: value for key, value in turn.items() if key not in (*asked, *replied, *_CONTENTS)}
    for name in replied:
        yield ShapedMessage({**rest, "role": "assistant", "content": turn[name]}, path, name)


def shape_list(values: list[Any], path: RowPath) -> list[ShapedMessage]:
    """The messages of a list: of its elements, of the one list in it, or texts that take turns.

    Args:
        values: what stands in the row.
        path: where it stands.

    >>> [shaped.path for shaped in shape_list([["2+3?", "5"]], ())]
    [(0,), (0,)]
    >>> shape_list([[{"role": "user", "content": "2+3?"}]], ())[0].path
    (0, 0)
    """
    if len(values) == 1 and isinstance(values[0], list) and values[0] and isinstance(values[0][0], dict):
        return shape_list(values[0], (*path, 0))
    if values and all(_is_pair(value) for value in values):
        return [said for at, pair in enumerate(values) for said in _take_turns(pair, (*path, at))]
    if values and all(isinstance(value, str) for value in values):
        return _take_turns(values, path)
    return [said for at, value in enumerate(values) for said in shape_messages(value, (*path, at))]


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(text, str) for text in value)


def _take_turns(texts: list[str], path: RowPath) -> list[ShapedMessage]:
    return [
        ShapedMessage({"role": "assistant" if at % 2 else "user", "content": text}, path, at)
        for at, text in enumerate(texts)
    ]


def _show(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
