"""Rows whose one text holds all: Alpaca outputs, and reasoning that ends in "#### 72" or "The answer is True"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

from cotpress.traces.extraction import get_text, locate_text, split_answer_sentence, split_hash_mark
from cotpress.traces.fields.field_detection import (
    EXAMPLE_QUESTION,
    find_question_field,
    find_reasoning_alike,
    get_question_text,
)
from cotpress.traces.format_definition import (
    REASONING_FIELDS,
    REPLY_FIELDS,
    SOLUTION_FIELDS,
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    find_columns,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.message_reasoning import mark_reasoning
from cotpress.traces.messages.passages import Passage, extract_traces, format_question
from cotpress.traces.messages.react_text import is_react
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import has_think_tags

_REFLECTION, _CORRECTED = "reflection", "corrected"
_REPLIES = ("output", "response", "completion", "answer")
TextSplitter: TypeAlias = Callable[[str], tuple[str, str, str] | None]
# How a text is split, the mark in words, and the share of texts that may lack it: an "answer" field is
# nothing else than GSM8K's if many have the mark, while a sentence may end some solutions by chance.
_ENDINGS: dict[str, tuple[TextSplitter, str, float]] = {
    "gsm8k": (split_hash_mark, "#### ...", 0.5),
    "answer-is": (split_answer_sentence, "The answer is ...", 0.1),
}


def _find_alpaca_reply(sample: RowSample, fields: FieldNames) -> str | None:
    """The column that replies to an instruction: `output`, or where an input stands beside it another usual name."""
    if not find_columns(sample, ("instruction",)) or find_columns(sample, REASONING_FIELDS + SOLUTION_FIELDS[:4]):
        return None
    if not fields.reasoning and find_reasoning_alike(sample, fields):
        return None
    names = _REPLIES if find_columns(sample, ("input",)) else _REPLIES[:1]
    replies = [name for name in names if name in find_columns(sample, names)]
    if len(replies) != 1 or fields.reasoning not in (None, replies[0]) or fields.question not in (None, "instruction"):
        return None
    return replies[0]


def _recognise_alpaca(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    if _is_reflected(sample, fields):
        roles = format_roles(question="instruction+output", reasoning=_REFLECTION, answer=_CORRECTED)
        used = frozenset(("instruction", "input", "output", _REFLECTION, _CORRECTED))
        return RowSchema(partial(_extract_reflection, fields=fields), roles, used, True)
    reply = _find_alpaca_reply(sample, fields)
    if reply is None or any(_find_ending_field(sample, fields, name) for name in _ENDINGS):
        return None
    has_input = any(row.get("input") for row in sample)
    roles = format_roles(question="instruction+input" if has_input else "instruction", text=reply)
    extract = partial(_extract_alpaca, reply=reply)
    return RowSchema(extract, roles, frozenset(("instruction", "input", reply, "history")))


def _is_reflected(sample: RowSample, fields: FieldNames) -> bool:
    """Whether rows have an output, what a model thinks of it, and a better one, as Axolotl's `reflection` has."""
    names = ("instruction", "output", _REFLECTION, _CORRECTED)
    return len(find_columns(sample, names)) == len(names) and not (fields.reasoning or fields.answer or fields.question)


def _extract_reflection(data: RowData, fields: FieldNames) -> Sequence[RawTrace]:
    """The first output belongs to what was asked, the reflection is the reasoning."""
    said = [
        Passage("user", _format_instruction(data)),
        Passage("assistant", get_text(data, "output"), message=1),
        mark_reasoning(get_text(data, _REFLECTION), (_REFLECTION,), fields.tag_pairs)._replace(message=2),
        Passage("assistant", get_text(data, _CORRECTED), message=2),
    ]
    return extract_traces(said, fields.turns)


def _extract_alpaca(data: RowData, reply: str) -> RawTrace:
    structured = bool(data.get("history"))
    place = locate_text(data, reply)
    return RawTrace(_format_instruction(data), get_text(data, reply), places=(place,), structured=structured)


def _format_instruction(data: RowData) -> str:
    """Instruction and input; earlier rounds, as LLaMA-Factory keeps them in `history`, come first."""
    more = get_text(data, "input") if data.get("input") is not None else ""
    question = get_text(data, "instruction")
    question = f"{question}\n\n{more}" if question and more else question or more
    history = data.get("history")
    if not history:
        return question
    if not isinstance(history, list) or not all(_is_round(item) for item in history):
        raise MalformedRowError(
            "wrong-type", f"'history' must be a list of [question, reply]; it holds {describe_value(history)}."
        )
    before = [
        passage for request, reply in history for passage in (Passage("user", request), Passage("assistant", reply))
    ]
    return format_question([*before, Passage("user", question)])


def _is_round(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(isinstance(text, str) for text in item)


def _find_ending_field(sample: RowSample, fields: FieldNames, name: str) -> str | None:
    """The one field whose texts end as `name` says."""
    candidates = (
        [fields.reasoning]
        if fields.reasoning
        else find_columns(sample, (*SOLUTION_FIELDS, *REASONING_FIELDS, "answer"))
    )
    ends = []
    for field in candidates:
        texts = [text for row in sample if isinstance(text := row.get(field), str)]
        if any(has_think_tags(text, fields.tag_pairs) or is_react(text) for text in texts):
            continue  # what is marked is the reasoning
        if field not in (fields.question, fields.gold, fields.answer) and _has_ending(texts, name):
            ends.append(field)
    return ends[0] if len(ends) == 1 and not fields.answer else None


def _has_ending(texts: Sequence[str], name: str) -> bool:
    """Whether all but a few of the texts end as `name` says; one of three or more may always fail to."""
    split, _, share = _ENDINGS[name]
    # a text that is its answer alone is an answer column, not reasoning
    missing = sum(not (parts and parts[0]) for parts in map(split, texts))
    return bool(texts) and missing <= max(len(texts) >= 3, share * len(texts)) and missing < len(texts)


def _recognise_ending(sample: RowSample, fields: FieldNames, *, name: str) -> RowSchema | None:
    field = None if _is_reflected(sample, fields) else _find_ending_field(sample, fields, name)
    if field is None or _has_reasoning_and_reply(sample, fields):
        return None
    others = [*find_columns(sample, SOLUTION_FIELDS), *find_reasoning_alike(sample, fields)]
    others = [name for name in others if name != field]
    if others and not fields.reasoning:
        return None  # several could be the reasoning; "columns" will ask
    alpaca = field == _find_alpaca_reply(sample, fields)
    question = "instruction" if alpaca else find_question_field(sample, fields, (field,))
    split, mark, _ = _ENDINGS[name]

    def raw(data: RowData) -> RawTrace:
        text = get_text(data, field)
        parts = split(text)
        if parts is None:
            raise MalformedRowError(
                "missing-field", f"The field '{field}' does not end in '{mark}', as this file's rows do."
            )
        asked = _format_instruction(data) if alpaca else get_question_text(data, question)
        return RawTrace(asked, parts[1], parts[0], parts[2], places=(locate_text(data, field),))

    roles = format_roles(question=question, reasoning=field, answer=f"'{mark}'")
    return RowSchema(raw, roles, frozenset((field, question or "")), True, question is not None, f"'{mark}'")


def _has_reasoning_and_reply(sample: RowSample, fields: FieldNames) -> bool:
    return not fields.reasoning and bool(find_columns(sample, REASONING_FIELDS) and find_columns(sample, REPLY_FIELDS))


add_format(
    TraceFormat(
        "alpaca",
        "Alpaca: instruction, input, output",
        {"instruction": EXAMPLE_QUESTION, "input": "", "output": "<think>2 and 3 make 5.</think>5"},
        _recognise_alpaca,
        rank=60,
    )
)
add_format(
    TraceFormat(
        "gsm8k",
        "GSM8K: reasoning that ends in '#### 72', which is the gold answer",
        {"question": EXAMPLE_QUESTION, "answer": "2 and 3 make 2+3=<<2+3=5>>5.\n#### 5"},
        partial(_recognise_ending, name="gsm8k"),
        rank=40,
    )
)
add_format(
    TraceFormat(
        "answer-is",
        "reasoning that ends in 'The answer is True', which is the gold answer where no field holds one",
        {"instruction": "Is 5 prime?", "output": "Only 1 and 5 divide 5. The answer is True"},
        partial(_recognise_ending, name="answer-is"),
        rank=41,
    )
)
