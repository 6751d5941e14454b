"""Conversations: `messages`, ShareGPT `conversations`, and prompts and completions made of messages."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from cotpress.traces.extraction import get_field, get_text
from cotpress.traces.fields.field_detection import find_reasoning_alike, find_reasoning_columns
from cotpress.traces.format_definition import (
    CONVERSATION_FIELDS,
    MESSAGE_FIELDS,
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    find_columns,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.conversations import parse_messages
from cotpress.traces.messages.harmony_text import is_harmony, parse_harmony
from cotpress.traces.messages.passages import Passage, PassageKind, extract_traces
from cotpress.traces.messages.rendered_chats import parse_prompt
from cotpress.traces.messages.reply_text import split_reply
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.traces.think_tags import has_think_tags

_PAIRS: Final[tuple[tuple[str, str, type | tuple[type, ...]], ...]] = (
    ("prompt", "completion", (str, list)),
    ("input", "output", list),
    ("prompt_messages", "completion_messages", list),
)
_VERDICT = "label"  # where it is true or false: whether a completion is a good one
_SYSTEM_FIELDS = ("system",)


def _recognise_messages(sample: RowSample, fields: FieldNames, *, names: tuple[str, ...]) -> RowSchema | None:
    columns = find_columns(sample, names, (list, str))
    if not columns or fields.reasoning:
        return None
    field = columns[0]
    chats = [row.get(field) for row in sample if _is_chat(row.get(field)) or _takes_turns(row.get(field), fields)]
    if not chats or not any(_has_reply(chat) for chat in chats):
        return None  # a prompt alone; the reply stands elsewhere
    if find_reasoning_columns(sample, fields) and not any(_marks_reasoning(row, field, fields) for row in sample):
        return None

    def extract(data: RowData) -> list[RawTrace]:
        passages = [*_read_system(data), *parse_messages(get_field(data, field), (field,), fields.tag_pairs)]
        return extract_traces(passages, fields.turns)

    return RowSchema(extract, format_roles(turns=field), frozenset((*columns, *_SYSTEM_FIELDS)))


def _read_system(data: RowData) -> list[Passage]:
    """The system prompt that stands beside the messages: text, or blocks of text."""
    blocks = data.get("system")
    if isinstance(blocks, str):
        return [Passage("system", blocks)] if blocks else []
    blocks = blocks if isinstance(blocks, list) else []
    texts = [block["text"] for block in blocks if isinstance(block, dict) and isinstance(block.get("text"), str)]
    return [Passage("system", "\n\n".join(texts))] if texts else []


def _is_chat(value: Any) -> bool:
    if isinstance(value, str):
        return value.lstrip().startswith("[") or isinstance(parse_json_text(value), list)
    first = value[0] if isinstance(value, list) and value else None
    inside = first[0] if isinstance(first, list) and len(value) == 1 and first else first
    return isinstance(inside, dict)


def _takes_turns(value: Any, fields: FieldNames) -> bool:
    """Whether a list is of texts of which every second one is a reply, at least one with think tags."""
    value = parse_json_text(value)
    if not isinstance(value, list):
        return False
    texts = [text for part in value for text in (part if isinstance(part, list) else [part])]
    if not all(isinstance(text, str) for text in texts):
        return False
    if any(isinstance(part, list) and len(part) != 2 for part in value):
        return False
    return len(texts) > 1 and any(has_think_tags(text, fields.tag_pairs) for text in texts[1::2])


def _has_reply(chat: Any) -> bool:
    """Whether a message is the assistant's. What cannot be read may hold one: its rows are rejected one by one."""
    chat = parse_json_text(chat)
    if isinstance(chat, str) or not all(isinstance(message, dict) for message in chat):
        return True
    roles = {str(message.get("role") or message.get("from")) for message in chat if isinstance(message, dict)}
    return not roles <= {"system", "developer", "user", "human"}


def _marks_reasoning(row: RowData, field: str, fields: FieldNames) -> bool:
    try:
        passages = parse_messages(row.get(field), (field,), fields.tag_pairs)
    except MalformedRowError:
        return False
    return any(passage.kind is PassageKind.REASONING for passage in passages)


def _recognise_prompt_completion(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    """`prompt` and `completion`, or one of the other pairs, which ask by messages."""
    for asked, replied, kind in _PAIRS:
        if find_columns(sample, (asked,), kind) and find_columns(sample, (replied,), (str, list)):
            break
    else:
        return None
    if fields.reasoning not in (None, replied) or (not fields.reasoning and find_reasoning_alike(sample, fields)):
        return None
    if not all(_is_said(row.get(name)) for row in sample for name in (asked, replied) if row.get(name)):
        return None

    def extract(data: RowData) -> list[RawTrace]:
        pairs, completion = fields.tag_pairs, get_field(data, replied)
        before = _read_prompt(data, asked, fields)
        if isinstance(completion, list):
            reply = parse_messages(completion, (replied,), pairs)
        elif is_harmony(text := get_text(data, replied)):
            reply = parse_harmony(text, (replied,))
        else:
            reply = split_reply(text, (replied,), pairs)
        return extract_traces(
            [*before, *(passage._replace(message=len(before) + 1) for passage in reply)], fields.turns
        )

    judged = any(isinstance(row.get(_VERDICT), bool) for row in sample)
    used = frozenset((asked, replied, *((_VERDICT,) if judged else ())))
    return RowSchema(extract, format_roles(question=asked, text=replied), used)


def _is_said(value: Any) -> bool:
    """Whether a value is text, or messages: items of other kinds are another layout's."""
    if not isinstance(value, list):
        return True
    return all(not isinstance(part, dict) or "role" in part or "from" in part for part in value)


def _read_prompt(data: RowData, field: str, fields: FieldNames) -> list[Passage]:
    prompt = get_field(data, field)
    if isinstance(prompt, list):
        return [*_read_system(data), *parse_messages(prompt, (field,), fields.tag_pairs)]
    return [*_read_system(data), *parse_prompt(get_text(data, field))]


add_format(
    TraceFormat(
        "messages",
        "chat messages of OpenAI, Anthropic or harmony: reasoning in tags, keys, blocks or a channel, or the reply",
        {
            "messages": [
                {"role": "user", "content": "What is 2 + 3?"},
                {"role": "assistant", "content": "<think>2 and 3 make 5.</think>5"},
            ]
        },
        partial(_recognise_messages, names=MESSAGE_FIELDS),
        rank=20,
    )
)
add_format(
    TraceFormat(
        "sharegpt",
        "ShareGPT conversations: from human and gpt, or role and content",
        {
            "conversations": [
                {"from": "human", "value": "What is 2 + 3?"},
                {"from": "gpt", "value": "<think>2 and 3 make 5.</think>5"},
            ]
        },
        partial(_recognise_messages, names=CONVERSATION_FIELDS),
        rank=21,
    )
)
add_format(
    TraceFormat(
        "prompt-completion",
        "prompt and completion, each text or a list of messages",
        {"prompt": "What is 2 + 3?", "completion": "<think>2 and 3 make 5.</think>5"},
        _recognise_prompt_completion,
        rank=30,
    )
)
