"""Spans of OpenTelemetry and its like: what a model was asked and what it said, in attributes of the same span."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from cotpress.traces.extraction import check_finished
from cotpress.traces.fields.field_detection import EXAMPLE_QUESTION
from cotpress.traces.format_definition import FieldNames, RawTrace, RowSample, RowSchema, TraceFormat, format_roles
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.conversations import parse_messages
from cotpress.traces.messages.message_parts import parse_part
from cotpress.traces.messages.message_reasoning import mark_reasoning
from cotpress.traces.messages.passages import Passage, extract_traces
from cotpress.traces.messages.reply_text import split_reply
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import RowPath

MAX_DEPTH: Final = 4  # of objects in which attributes are looked for
_ASKED: Final = ("gen_ai.input.messages", "llm.input_messages", "gen_ai.prompt")
_REPLIED: Final = ("gen_ai.output.messages", "llm.output_messages", "gen_ai.completion")
_TOLD: Final = ("gen_ai.system_instructions",)
_VALUES: Final = ("stringValue", "string_value")
# a message's number and its key, of attributes that hold one value each
_NAMES: Final = "|".join(map(re.escape, (*_ASKED, *_REPLIED)))
_NUMBERED: Final = re.compile(
    rf"(?:^|\.)({_NAMES})\.(\d{{1,6}})\.(?:message\.)?(role|content|reasoning|reasoning_content)$"
)


class _Attribute(NamedTuple):
    name: str
    value: Any
    path: RowPath


def _list_attributes(value: Any, path: RowPath, name: str = "") -> Iterator[_Attribute]:
    """The attributes of a span by their dotted names: keys of objects, or lists of key and value as OTLP has them."""
    if isinstance(value, list):
        for at, pair in enumerate(value):
            held = pair.get("value") if isinstance(pair, dict) else None
            key = next((key for key in _VALUES if isinstance(held, dict) and isinstance(held.get(key), str)), None)
            if isinstance(pair, dict) and isinstance(pair.get("key"), str) and isinstance(held, dict) and key:
                yield _Attribute(pair["key"], held[key], (*path, at, "value", key))
        return
    for key, part in value.items():
        full = f"{name}.{key}" if name else key
        yield _Attribute(full, part, (*path, key))
        inner = parse_json_text(part) if key in ("attributes", "span_attributes", "Attributes") else part
        if len(path) < MAX_DEPTH and (isinstance(inner, dict) or (isinstance(inner, list) and "ttributes" in key)):
            yield from _list_attributes(inner, (*path, key), full)


def _find(attributes: Sequence[_Attribute], names: tuple[str, ...]) -> _Attribute | None:
    return next(
        (each for each in attributes for name in names if each.name == name or each.name.endswith(f".{name}")), None
    )


def _parse_span(data: RowData, pairs: ThinkTagPairs) -> list[Passage]:
    attributes = list(_list_attributes(data, ()))
    replied = _find(attributes, _REPLIED)
    if replied is None:
        passages = _parse_numbered(attributes, pairs)
        if not passages:
            raise MalformedRowError("missing-field", "The span holds no messages of a model.")
        return passages
    for message in messages if isinstance(messages := parse_json_text(replied.value), list) else ():
        check_finished(message)
    asked, told = _find(attributes, _ASKED), _find(attributes, _TOLD)
    passages = [Passage("system", text) for text in _read_instructions(told.value if told else None, pairs)]
    for held in (asked, replied):
        messages = parse_messages(held.value, held.path, pairs) if held else []
        first = len(passages)
        passages += [passage._replace(message=first + passage.message) for passage in messages]
    return passages


def _read_instructions(value: Any, pairs: ThinkTagPairs) -> Iterator[str]:
    parts = parse_json_text(value)
    for part in parts if isinstance(parts, list) else [parts] if isinstance(parts, str) else []:
        yield from (passage.text for passage in parse_part(part, (), "system", pairs))


def _parse_numbered(attributes: Sequence[_Attribute], pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of messages whose role and content are attributes of their own."""
    messages: dict[tuple[bool, int], dict[str, _Attribute]] = {}
    for each in attributes:
        if found := _NUMBERED.search(each.name):
            messages.setdefault((found[1] in _REPLIED, int(found[2])), {})[found[3]] = each
    passages: list[Passage] = []
    for number, (replies, at) in enumerate(sorted(messages)):
        held = messages[replies, at]
        role = held["role"].value if "role" in held else None
        role = role if role in ("system", "user", "tool") else "assistant" if replies or role else "user"
        said: list[Passage] = []
        for key in ("reasoning", "reasoning_content", "content"):
            if key in held and isinstance(text := held[key].value, str):
                if role != "assistant":
                    said.append(Passage(role, text))
                elif key == "content":
                    said += split_reply(text, held[key].path, pairs)
                else:
                    said.append(mark_reasoning(text, held[key].path, pairs))
        passages += [passage._replace(message=number) for passage in said]
    return passages


def _recognise_spans(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    if fields.reasoning or fields.answer or not any(_holds_replies(row) for row in sample):
        return None  # of all spans of a program few are a model's

    def extract(data: RowData) -> list[RawTrace]:
        return extract_traces(_parse_span(data, fields.tag_pairs), fields.turns)

    used = {
        each.path[0] for row in sample for each in _list_attributes(row, ()) if len(each.path) > 1 or "." in each.name
    }
    return RowSchema(extract, format_roles(turns="messages of the span"), frozenset(map(str, used)))


def _holds_replies(data: RowData) -> bool:
    attributes = list(_list_attributes(data, ()))
    if _find(attributes, _REPLIED) is not None:
        return True
    return any((found := _NUMBERED.search(each.name)) and found[1] in _REPLIED for each in attributes)


add_format(
    TraceFormat(
        "spans",
        "spans of OpenTelemetry (gen_ai.*) and OpenInference (llm.*) with what was asked and said in attributes",
        {
            "name": "chat",
            "attributes": {
                "gen_ai.input.messages": [
                    {"role": "user", "parts": [{"type": "text", "content": EXAMPLE_QUESTION}]},
                ],
                "gen_ai.output.messages": [
                    {
                        "role": "assistant",
                        "parts": [
                            {"type": "reasoning", "content": "2 and 3 make 5."},
                            {"type": "text", "content": "5"},
                        ],
                    },
                ],
            },
        },
        _recognise_spans,
        rank=11,
    )
)
