"""What endpoints send back: choices of OpenAI and vLLM, blocks of Anthropic, Responses items, parts of Gemini."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from cotpress.traces.extraction import check_finished, get_text
from cotpress.traces.fields.field_detection import EXAMPLE_QUESTION
from cotpress.traces.format_definition import (
    CONVERSATION_FIELDS,
    MESSAGE_FIELDS,
    QUESTION_FIELDS,
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.conversations import find_speaker, is_conversation, parse_message, parse_messages
from cotpress.traces.messages.message_parts import parse_part
from cotpress.traces.messages.passages import Passage, extract_traces
from cotpress.traces.messages.replies import Replies, extract_replies, list_replies, parse_reply
from cotpress.traces.messages.response_items import parse_items
from cotpress.traces.messages.response_status import find_failure, hides_reasoning, mark_hidden
from cotpress.traces.places import get_at, parse_json_text, resolve_field
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import RowPath

_WRAPPERS: tuple[RowPath, ...] = (
    (),
    ("response",),
    ("response", "body"),
    ("body",),
    ("completion",),
    ("raw_response",),
    ("result",),
    ("result", "message"),
)
_REQUESTS: tuple[RowPath, ...] = ((), ("request",), ("request", "body"), ("params",))
_MESSAGE = "message"  # a reply that is no element of a list
MAX_WRAPPERS = 4  # objects within each other in which a reply or its request is looked for


def _walk(data: Any, path: RowPath) -> Any:
    return parse_json_text(get_at(data, path))


def _list_objects(data: RowData) -> Iterator[RowPath]:
    """The paths of the objects inside objects, under whatever names; not those inside messages."""
    waiting: list[tuple[RowPath, Any]] = [((), data)]
    for path, value in waiting:  # grows on the way
        if path:
            yield path
        if len(path) < MAX_WRAPPERS and (not path or find_speaker(value) is None):
            parts = ((key, parse_json_text(part)) for key, part in value.items())
            waiting += [((*path, key), part) for key, part in parts if isinstance(part, dict)]


def _find_list(data: RowData, name: str, has: tuple[str, ...]) -> RowPath | None:
    """The path of a list of that name whose elements are objects with one of the keys `has`, or of a reply alone."""
    for wrapper in _WRAPPERS:
        found = _walk(data, (*wrapper, name))
        if _is_object_list(found, has):
            return (*wrapper, name)
        if name == _MESSAGE and isinstance(found, dict) and find_speaker(found) == "assistant":
            return (*wrapper, name)
    if any(is_conversation(_walk(data, (field,))) for field in (*MESSAGE_FIELDS, *CONVERSATION_FIELDS)):
        return None  # a log that keeps the last response beside the conversation
    objects = [(path, _walk(data, path)) for path in _list_objects(data)]
    if any(_holds_finished_chat(value) for _, value in objects):
        return None
    if name == _MESSAGE:  # of several, such as one that is better than the other, nobody knows which is the reply
        replies = [path for path, value in objects if find_speaker(value) == "assistant"]
        return replies[0] if len(replies) == 1 else None
    lists = [path for path, value in objects if find_speaker(value) in (None, "assistant")]
    return next(((*path, name) for path in lists if _is_object_list(_walk(data, (*path, name)), has)), None)


def _holds_finished_chat(data: Any) -> bool:
    """Whether an object holds a conversation that ends in a reply, which no request does."""
    chats = [_walk(data, (field,)) for field in (*MESSAGE_FIELDS, *CONVERSATION_FIELDS)]
    return any(is_conversation(chat) and find_speaker(chat[-1]) == "assistant" for chat in chats)


def _is_object_list(value: Any, has: tuple[str, ...]) -> bool:
    first = value[0] if isinstance(value, list) and value else None
    first = first[0] if isinstance(first, list) and first else first  # a list for each request
    return isinstance(first, dict) and any(key in first for key in has)


def _find_request(data: RowData, fields: FieldNames) -> tuple[RowPath, list[Passage]]:
    """What was asked, and where it stands: messages, contents or a prompt, in the row or in its request; no text where
    nothing was kept."""
    if fields.question:
        place = resolve_field(data, fields.question)
        if isinstance(messages := get_at(data, place), list):
            return place, parse_messages(messages, place, fields.tag_pairs)
        return place, [Passage("user", get_text(data, fields.question))]
    for path in chain(_REQUESTS, _list_objects(data)):
        request = _walk(data, path)
        if not isinstance(request, dict) or (path and find_speaker(request) is not None):
            continue
        system = _read_system(request)
        for name in ("messages", "contents"):
            if isinstance(messages := _walk(request, (name,)), list):
                return (*path, name), [*system, *parse_messages(messages, (*path, name), fields.tag_pairs)]
        spelled = {name.lower(): name for name in request}
        for name in (*QUESTION_FIELDS, "contents", "inputs"):
            asked, place = _walk(request, (spelled.get(name, ""),)), (*path, spelled.get(name, ""))
            if name == "inputs" and not isinstance(asked, str):
                continue  # an object that holds the request
            if isinstance(asked, str):
                return place, [*system, Passage("user", asked)]
            if isinstance(asked, list) and asked and isinstance(asked[0], dict):
                return place, [*system, *parse_items(asked, place, fields.tag_pairs)]
    return (), [Passage("user", "")]


def _read_request(data: RowData, fields: FieldNames) -> list[Passage]:
    """What was asked."""
    return _find_request(data, fields)[1]


def _name_request(sample: RowSample, fields: FieldNames) -> str | None:
    """The field of the first row that asks something; None where no row does."""
    found = (_find_request(row, fields) for row in sample)
    return next((".".join(map(str, place)) for place, passages in found if passages[-1].text), None)


def _read_system(request: RowData) -> list[Passage]:
    for name in ("instructions", "system", "systemInstruction", "system_instruction", "system_prompt"):
        told = _walk(request, (name,))
        if isinstance(told, dict):
            told = told.get("parts")
        if isinstance(told, list):
            told = "\n\n".join(str(part.get("text", "")) for part in told if isinstance(part, dict))
        if isinstance(told, str) and told:
            return [Passage("system", told)]
    return []


def _parse_choices(data: RowData, path: RowPath, pairs: ThinkTagPairs) -> Replies:
    return [parse_reply(choice, (*path, *at), pairs) for at, choice in list_replies(_walk(data, path))]


def _parse_blocks(data: RowData, path: RowPath, pairs: ThinkTagPairs) -> Replies:
    blocks = enumerate(_walk(data, path))
    return [[passage for at, block in blocks for passage in parse_part(block, (*path, at), "assistant", pairs)]]


def _parse_single(data: RowData, path: RowPath, pairs: ThinkTagPairs) -> Replies:
    return [parse_message(_walk(data, path), path, pairs)]


def _recognise_response(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    kinds: list[tuple[str, tuple[str, ...], Callable[[RowData, RowPath, ThinkTagPairs], Replies]]] = [
        ("choices", ("message", "text"), _parse_choices),
        ("outputs", ("text", "generated_text"), _parse_choices),
        ("generations", ("message", "generation_info"), _parse_choices),
        ("content", ("type",), _parse_blocks),
        (_MESSAGE, ("role",), _parse_single),
    ]
    for name, has, parse in kinds:
        schema = _recognise_list(sample, fields, (name, has), parse)
        if schema is not None:
            return schema
    return None


def _recognise_list(
    sample: RowSample,
    fields: FieldNames,
    wanted: tuple[str, tuple[str, ...]],
    parse: Callable[[RowData, RowPath, ThinkTagPairs], Replies],
) -> RowSchema | None:
    """Rows with a list of replies, or of the blocks of one."""
    paths = [path for row in sample if (path := _find_list(row, *wanted))]
    answered = [row for row in sample if find_failure(row) is None]
    if 2 * len(paths) < max(1, len(answered)) or fields.reasoning or fields.answer:
        return None
    path = paths[0]

    def extract(data: RowData) -> list[RawTrace]:
        at = _find_list(data, *wanted)
        if at is None:
            failure = find_failure(data)
            why = f"The request failed: {failure}." if failure else f"There is no field '{'.'.join(map(str, path))}'."
            raise MalformedRowError("missing-field", why)
        for length in range(len(at)):
            check_finished(_walk(data, at[:length]))
        replies = parse(data, at, fields.tag_pairs)
        if hides_reasoning(get_at(data, at[:-1])):
            replies = [mark_hidden(reply) for reply in replies]
        return extract_replies(_read_request(data, fields), replies, fields.turns)

    question = _name_request(sample, fields)
    roles = format_roles(question=question, text=".".join(map(str, path)))
    names = frozenset((str(path[0]), "prompt", "messages", "system"))
    return RowSchema(extract, roles, names, None, question is not None)


def _recognise_items(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    found = {path: None for row in sample for path in _find_items(row)}
    if not found or fields.reasoning:
        return None

    def extract(data: RowData) -> list[RawTrace]:
        output = next((path for path in _find_items(data) if path[-1] == "output"), ("output",))
        passages: list[Passage] = []
        check_finished(_walk(data, output[:-1]))
        for path in (("input",), ("items",), output):
            value = _walk(data, path)
            if isinstance(value, str):
                passages.append(Passage("user", value))
            elif isinstance(value, list):
                passages += parse_items(value, path, fields.tag_pairs)
        asked = any(passage.role == "user" for passage in passages)
        passages = [*(_read_system(data) if asked else _read_request(data, fields)), *passages]
        numbered = (passage._replace(message=at) for at, passage in enumerate(passages))
        return extract_traces(list(numbered), fields.turns)

    names = [".".join(map(str, path)) for path in found]
    used = frozenset((*(str(path[0]) for path in found), "input", "instructions"))
    has_question = any(path[-1] != "output" for path in found) or any(_asks(row, fields) for row in sample)
    return RowSchema(extract, format_roles(turns="+".join(names)), used, None, has_question)


def _asks(data: RowData, fields: FieldNames) -> bool:
    return bool(_read_request(data, fields)[-1].text)


def _find_items(data: RowData) -> list[RowPath]:
    """The paths of the lists of items in a row: what was asked, and what a response holds."""
    paths: list[RowPath] = [("input",), ("items",), *((*wrapper, "output") for wrapper in _WRAPPERS)]
    paths += [(*path, "output") for path in _list_objects(data) if path not in _WRAPPERS]
    return [path for path in paths if _is_item_list(_walk(data, path))]


def _is_item_list(value: Any) -> bool:
    kinds = ("reasoning", "function_call", "message")
    return isinstance(value, list) and any(isinstance(item, dict) and item.get("type") in kinds for item in value)


def _recognise_gemini(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    if any(_find_list(row, "candidates", ("content",)) for row in sample):
        return _recognise_list(sample, fields, ("candidates", ("content",)), _parse_choices)
    if 2 * sum(_find_list(row, "contents", ("parts",)) is not None for row in sample) < max(1, len(sample)):
        return None

    def extract(data: RowData) -> list[RawTrace]:
        contents = _walk(data, ("contents",))
        if not isinstance(contents, list):
            raise MalformedRowError("missing-field", "There is no field 'contents'.")
        passages = [*_read_system(data), *parse_messages(contents, ("contents",), fields.tag_pairs)]
        return extract_traces(passages, fields.turns)

    return RowSchema(extract, format_roles(turns="contents"), frozenset(("contents", "systemInstruction")))


add_format(
    TraceFormat(
        "response",
        "responses of OpenAI-compatible endpoints (choices), of vLLM (outputs) and of Anthropic (content blocks)",
        {
            "prompt": EXAMPLE_QUESTION,
            "choices": [{"message": {"role": "assistant", "reasoning_content": "2 and 3 make 5.", "content": "5"}}],
        },
        _recognise_response,
        rank=14,
    )
)
add_format(
    TraceFormat(
        "responses",
        "OpenAI Responses items: reasoning, calls, messages",
        {
            "input": EXAMPLE_QUESTION,
            "output": [
                {"type": "reasoning", "summary": [{"type": "summary_text", "text": "2 and 3 make 5."}]},
                {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "5"}]},
            ],
        },
        _recognise_items,
        rank=15,
    )
)
add_format(
    TraceFormat(
        "gemini",
        "Gemini contents or candidates: parts with thought",
        {
            "contents": [
                {"role": "user", "parts": [{"text": EXAMPLE_QUESTION}]},
                {"role": "model", "parts": [{"text": "2 and 3 make 5.", "thought": True}, {"text": "5"}]},
            ]
        },
        _recognise_gemini,
        rank=13,
    )
)
