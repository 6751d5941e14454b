"""Which field is the question, and what to ask the user where several or none could be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

from cotpress.traces.extraction import get_field, get_text
from cotpress.traces.field_words import QUESTION_WORDS, has_word, is_about, names_reasoning
from cotpress.traces.fields.step_lists import list_steps
from cotpress.traces.format_definition import (
    GOLD_FIELDS,
    QUESTION_FIELDS,
    REASONING_FIELDS,
    AmbiguousFieldsError,
    FieldNames,
    RowSample,
    find_columns,
    is_mostly,
)
from cotpress.traces.messages.conversations import parse_messages
from cotpress.traces.messages.passages import Passage, format_question
from cotpress.traces.messages.rendered_chats import parse_prompt
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.traces.think_tags import ThinkTagPairs, find_thought, has_think_tags

MAX_SEARCHED_DEPTH = 4  # of objects in which a text with think tags is looked for
CHAT_FIELDS = ("messages", "conversations")
_SPEAKERS = ("human", "q", "inputs", "input_text", "source_text")  # columns that ask, where no other name does
_ASKED_TEXTS = ("raw", "text", "content")  # of an object that asks
_SETTINGS = frozenset(("on", "off", "true", "false", "yes", "no", "none", "low", "medium", "high", "auto"))
_WORDY = re.compile(r" |[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]")
EXAMPLE_QUESTION = "What is 2 + 3?"  # of the examples
_ENDING_CHARACTERS, _ANSWER_CHARACTERS = 100, 30  # where an answer is looked for, and how long it is at most


def find_question_field(sample: RowSample, fields: FieldNames, taken: Sequence[str] = ()) -> str | None:
    """The field that asks; None where there is none.

    Raises:
        AmbiguousFieldsError: several fields could be it, and they differ.
    """
    if fields.question:
        return fields.question
    named = (fields.reasoning, fields.answer, fields.gold, fields.id)
    known = _list_filled(sample, find_columns(sample, QUESTION_FIELDS)) or find_columns(
        sample, (*QUESTION_FIELDS, *CHAT_FIELDS), list
    )
    candidates = [field for field in known if field not in taken and field not in named]
    candidates = candidates or _find_named_alike(sample, (*taken, *named))
    candidates = candidates or [field for field in find_columns(sample, _SPEAKERS) if field not in (*taken, *named)][:1]
    candidates = candidates or [
        field for field in find_columns(sample, QUESTION_FIELDS) if field not in (*taken, *named)
    ]
    if not candidates and find_columns(sample, ("target",)):  # of corpora that map a source to a target
        candidates = [field for field in find_columns(sample, ("source",)) if field in find_text_fields(sample)]
    if len(candidates) > 1 and all(len({str(row.get(field)) for field in candidates}) == 1 for row in sample):
        candidates = candidates[:1]  # the same text twice is no choice
    if len(candidates) > 1:
        raise build_ambiguity_error("the question", "question", candidates)
    return candidates[0] if candidates else _find_question_inside(sample, (*taken, *named))


def _list_filled(sample: RowSample, fields: list[str]) -> list[str]:
    """The fields that hold something in some row."""
    return [field for field in fields if any(str(row.get(field) or "").strip() for row in sample)]


def _find_question_inside(sample: RowSample, taken: Sequence[str | None]) -> str | None:
    """The dotted name of the question in the one object of a row that has one, as evaluations keep their documents."""
    objects = [key for key in dict.fromkeys(key for row in sample for key in row) if key not in taken]
    found = {
        key: name
        for key in objects
        for name in reversed(QUESTION_FIELDS)
        if 2 * sum(isinstance(part := row.get(key), Mapping) and isinstance(part.get(name), str) for row in sample)
        >= len(sample)
    }
    if len(found) == 1:
        return ".".join(next(iter(found.items())))
    asked = [key for key in objects if key.lower() in QUESTION_FIELDS]
    held = [f"{key}.{name}" for key in asked for name in _ASKED_TEXTS if is_mostly(_get_inner(sample, key), name, str)]
    return held[0] if held else None


def _get_inner(sample: RowSample, key: str) -> RowSample:
    return [part if isinstance(part := row.get(key), Mapping) else {} for row in sample]


def _find_named_alike(sample: RowSample, taken: Sequence[str | None]) -> list[str]:
    """The one text column with a word of a question in its name, or none."""
    texts = [field for field in find_text_fields(sample) if field not in taken and not is_about(field)]
    alike = [field for field in texts if has_word(field, QUESTION_WORDS) and not names_reasoning(field)]
    return alike if len(alike) == 1 else []


def get_question_text(data: RowData, field: str | None) -> str:
    """The question, empty where no field asks. Of messages it is what was said before the last reply."""
    if not field:
        return ""
    said = [passage for passage in _read_prompt(data, field) if passage.role != "system"]
    while said and said[-1].role == "assistant":
        said.pop()
    return format_question(said)


def get_system_text(data: RowData, field: str | None) -> str:
    """The system prompt among the messages that ask, "" where there is none."""
    if not field:
        return ""
    return "\n\n".join(passage.text for passage in _read_prompt(data, field) if passage.role == "system")


def get_message_reply(data: RowData, field: str | None) -> str:
    """The reply that ends the messages that ask, "" where there is none."""
    if not field or not isinstance(get_field(data, field), list):
        return ""
    passages = _read_prompt(data, field)
    return passages[-1].text if passages and passages[-1].role == "assistant" else ""


def _read_prompt(data: RowData, field: str) -> list[Passage]:
    """Messages, or a text that asks, perhaps as a chat template has rendered it."""
    if not isinstance(get_field(data, field), list):
        return parse_prompt(get_text(data, field))
    return parse_messages(get_field(data, field), (field,), ())


def find_reasoning_columns(sample: RowSample, fields: FieldNames) -> list[str]:
    """Columns by a known name of reasoning that hold text; "on", "high" and the like are settings of a generation."""
    named = (fields.question, fields.answer, fields.gold, fields.id)
    known = find_columns(sample, REASONING_FIELDS)
    return [field for field in known if field not in named and not is_setting(sample, field)]


def find_reasoning_alike(sample: RowSample, fields: FieldNames) -> list[str]:
    """Columns of text with a word of reasoning in their names, those by a known name among them.

    >>> find_reasoning_alike([{"thinking_process": "2 and 3 make 5.", "output": "It is 5."}], FieldNames())
    ['thinking_process']
    """
    named = (fields.question, fields.answer, fields.gold, fields.id)
    texts = [name for name in find_text_fields(sample) if name not in named and not is_about(name)]
    alike = [name for name in texts if names_reasoning(name) and not is_setting(sample, name)]
    return [*dict.fromkeys((*find_reasoning_columns(sample, fields), *alike))]


def is_setting(sample: RowSample, field: str) -> bool:
    """Whether every text of a column is a word such as "on" or "high"."""
    texts = {str(text).strip().lower() for row in sample if (text := row.get(field))}
    return bool(texts) and texts <= _SETTINGS


def find_tagged_fields(sample: RowSample, fields: FieldNames) -> list[str]:
    """Text columns of which at least half of the rows mark reasoning by think tags."""
    pairs = fields.tag_pairs
    return [
        name
        for name in find_text_fields(sample)
        if 2 * sum(_is_tagged_text(str(row.get(name)), pairs) for row in sample) >= len(sample)
    ]


def _is_tagged_text(text: str, pairs: ThinkTagPairs) -> bool:
    """Whether a text marks its reasoning; one that is JSON has texts of its own."""
    return has_think_tags(text, pairs) and isinstance(parse_json_text(text), str)


def build_ambiguity_error(what: str, flag: str, fields: Sequence[str], before: str = "") -> AmbiguousFieldsError:
    """The question to put where several fields could be one thing; `before` are flags that go with each."""
    flags = " or ".join(f"{before}--{flag} {quote(field)}" for field in fields)
    names = " and ".join(f"'{field}'" for field in fields)
    return AmbiguousFieldsError(f"{names} could each be {what}", f"Give {flags}.")


def suggest_reasoning_flags(sample: RowSample, fields: FieldNames) -> str:
    """The flags to type, with the longest text as the likely reasoning."""
    known = fields.question or next(iter(find_columns(sample, QUESTION_FIELDS, (str, list))), None)
    texts = [
        field
        for field in find_text_fields(sample)
        if field.lower() not in (*QUESTION_FIELDS, *GOLD_FIELDS, fields.question)
    ]
    nested = list(_find_nested_thoughts(sample[0], (), fields)) if sample else []
    nested = nested or (list(_find_nested_steps(sample[0], ())) if sample and not texts else [])
    if not nested and not texts:
        nested = [
            name for name in dict.fromkeys(name for row in sample for name in row) if _lists_objects(sample, name)
        ]
    nested.sort(key=lambda path: path.rpartition(".")[2] in GOLD_FIELDS)
    texts = nested[:1] or texts
    longest = max(texts, key=lambda field: sum(len(str(row.get(field))) for row in sample), default="FIELD")
    question = f" --question {quote(known)}" if known else " [--question FIELD]"
    answer = _guess_gold_field(sample, longest)
    gold = f"--gold {quote(answer)}" if answer else "[--gold FIELD]"
    flags = f"Name them, perhaps: --reasoning {quote(longest)}{question} [--answer FIELD] {gold}."
    if longest == "FIELD" and known:
        flags += " A file of questions alone goes with --join beside the file of traces."
    return flags


def _lists_objects(sample: RowSample, name: str) -> bool:
    """Whether a column has lists of objects with long texts in them."""
    held = [value for row in sample if isinstance(value := row.get(name), list) and value]
    inner = [part for value in held for part in value if isinstance(part, dict)]
    return bool(inner) and any(
        isinstance(text, str) and text.count(" ") >= 8 for part in inner for text in part.values()
    )


def _guess_gold_field(sample: RowSample, reasoning: str) -> str | None:
    """The first field of which most values are a word or two that the reasoning ends on; None where there is none."""
    for field in dict.fromkeys(name for row in sample for name in row if name != reasoning):
        stated = sum(_is_stated_at_end(str(row.get(field) or ""), str(row.get(reasoning) or "")) for row in sample)
        if 2 * stated > len(sample):
            return field
    return None


def _is_stated_at_end(value: str, text: str) -> bool:
    words = " ".join(word.strip(".,:;") for word in text[-_ENDING_CHARACTERS:].split())
    return 0 < len(value) <= _ANSWER_CHARACTERS and f" {value} " in f" {words} "


def _find_nested_thoughts(value: Any, path: tuple[str, ...], fields: FieldNames) -> Iterator[str]:
    """Dotted names of texts inside objects that mark their reasoning."""
    parts = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts if len(path) < MAX_SEARCHED_DEPTH else ():
        if isinstance(part, str) and path and (str(key).lower() in REASONING_FIELDS or _is_thought(part, fields)):
            yield ".".join((*path, str(key)))
        elif not isinstance(part, str):
            yield from _find_nested_thoughts(part, (*path, str(key)), fields)


def find_nested_thoughts(sample: RowSample, fields: FieldNames) -> list[str]:
    """The dotted name of the one text inside objects that most rows mark by think tags, or none.

    >>> find_nested_thoughts([{"fields": {"reply": "<think>2+3=5.</think>5"}}], FieldNames())
    ['fields.reply']
    """
    found = [
        [name for name in _find_nested_thoughts(row, (), fields) if _is_thought(get_text(row, name), fields)]
        for row in sample
    ]
    names = {name for row in found for name in row}
    if len(names) != 1 or 2 * sum(map(bool, found)) < len(sample):
        return []
    return [] if any(part.isdigit() for part in next(iter(names)).split(".")) else list(names)


def _find_nested_steps(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Dotted names of lists of several texts inside objects."""
    if isinstance(value, list):
        texts = list_steps(value) if path and len(value) > 1 else []
        if texts and all(_WORDY.search(text) for text in texts):
            yield ".".join(path)
    elif isinstance(value, Mapping) and len(path) < MAX_SEARCHED_DEPTH:
        for key, part in value.items():
            yield from _find_nested_steps(part, (*path, str(key)))


def _is_thought(text: str, fields: FieldNames) -> bool:
    """Whether a text has one pair of think tags, in its place."""
    try:
        return find_thought(text, fields.tag_pairs) is not None
    except MalformedRowError:
        return False


def find_text_fields(sample: RowSample) -> list[str]:
    """Fields that hold text of several words, or of a script that has no spaces between them."""
    names = dict.fromkeys(name for row in sample for name in row)
    return [
        name
        for name in names
        if is_mostly(sample, name, str) and any(_WORDY.search(str(row.get(name))) for row in sample)
    ]
