"""Rows with a field for each part: reasoning and reply, or question, solution and answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from shlex import quote
from typing import Any

from cotpress.traces.copies import drop_repeated
from cotpress.traces.extraction import get_field, get_text
from cotpress.traces.field_words import (
    REASONING_WORDS,
    SOLUTION_WORDS,
    count_words,
    has_word,
    is_about,
    names_reasoning,
)
from cotpress.traces.fields.field_detection import (
    EXAMPLE_QUESTION,
    build_ambiguity_error,
    find_nested_thoughts,
    find_question_field,
    find_reasoning_columns,
    find_tagged_fields,
    find_text_fields,
    get_message_reply,
    get_question_text,
    get_system_text,
    is_setting,
    suggest_reasoning_flags,
)
from cotpress.traces.fields.gold_fields import find_stated_gold
from cotpress.traces.fields.step_lists import STEP_LABELS, is_label_list, list_steps, read_steps
from cotpress.traces.format_definition import (
    GOLD_FIELDS,
    QUESTION_FIELDS,
    REASONING_FIELDS,
    REPLY_FIELDS,
    SOLUTION_FIELDS,
    AmbiguousFieldsError,
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    find_columns,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.traces.think_tags import has_think_tags

_LIST_FIELDS = ("thinking_trajectories", "steps", "reasoning_steps", "thoughts", "reasoning", "cot", "solution_steps")
MIN_REPLY_WORDS = 8  # of a column named "answer" that is a reply and no gold answer
_SPEAKERS = ("gpt", "chatgpt", "bot", "model")  # columns of replies by the one who speaks
_ANALYSIS = "analysis"  # a reasoning, or what somebody says of a reply
_SHORT_ANSWERS = ("answer", "final_answer")
_THINKING_WORDS = ("think", "thought", "reasoning_content", "monologue")  # of columns that only a model fills
_REPLY_WORDS = ("response", "reply", "answer", "attempt", "completion", "output", "final", "assistant")


def _recognise_thinking(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    thoughts = find_reasoning_columns(sample, fields)
    replies = [field for field in find_columns(sample, REPLY_FIELDS) if field not in (fields.question, fields.gold)]
    if fields.reasoning:
        thoughts = [field for field in thoughts if field == fields.reasoning]
    if not thoughts or not replies or fields.answer:
        return None
    solutions = [field for field in find_columns(sample, SOLUTION_FIELDS) if field not in replies]
    candidates = [*thoughts, *([] if fields.reasoning else solutions)]
    candidates = _drop_conclusions(sample, candidates)
    if len(candidates) > 1:
        raise build_ambiguity_error("the reasoning", "reasoning", candidates)
    if len(replies) > 1:
        raise build_ambiguity_error("what follows the reasoning", "answer", replies, f"--reasoning {thoughts[0]} ")
    question = find_question_field(sample, fields, (thoughts[0], replies[0]))
    return _build_schema(question, thoughts[0], replies[0], fields)


def _recognise_columns(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    lists = _find_list_field(sample, fields)
    reasoning = fields.reasoning or lists or _find_reasoning_field(sample, fields)
    question = find_question_field(sample, fields, (reasoning,))
    tagged = reasoning in (*find_tagged_fields(sample, fields), *find_nested_thoughts(sample, fields))
    if tagged or fields.answer:
        return _build_schema(question, reasoning, None, fields, reasoning == lists, tagged)
    reply = _find_reply_field(sample, fields, reasoning, question)
    schema = _build_schema(question, reasoning, reply, fields, reasoning == lists)
    note = _describe_short_answer(sample, fields, reasoning, reply)
    return replace(schema, notes=(note,)) if note else schema


def _build_schema(
    question: str | None,
    reasoning: str,
    reply: str | None,
    fields: FieldNames,
    listed: bool = False,
    tagged: bool = False,
) -> RowSchema:
    """Rows whose reasoning is a text, or where `listed` a list of texts, with a reply apart or in the same text, which
    is `tagged` where think tags tell the two apart."""

    def extract(data: RowData) -> RawTrace:
        thought, places = read_steps(data, reasoning, listed)
        system = get_system_text(data, question)
        asked = get_question_text(data, question)
        after = _read_reply(data, reply) if reply else get_message_reply(data, question)
        if after or reply or listed:
            settled = places[0].span is None or places[0].part is not None
            after = drop_repeated(after, thought, fields.tag_pairs) if settled else after
            return RawTrace(asked, after, thought, system=system, places=places, settled=settled)
        return RawTrace(asked, thought, system=system, places=places)

    place = f"{reasoning} (in think tags)" if tagged else reasoning
    roles = format_roles(question=question, reasoning=place, answer=reply)
    used = frozenset((reasoning, reply or "", question or "", fields.answer or "", *(STEP_LABELS if listed else ())))
    return RowSchema(extract, roles, used, True if reply else None, question is not None)


def _find_list_field(sample: RowSample, fields: FieldNames) -> str | None:
    """A column of lists of texts, as s1K has them, or of steps that are objects."""
    named = (fields.question, fields.answer, fields.gold, fields.id)
    columns = [field for field in find_columns(sample, _LIST_FIELDS, list) if field not in named]
    texts = [field for field in find_columns(sample, _LIST_FIELDS) if field not in named]
    columns += [field for field in texts if all(_holds_list(row.get(field)) for row in sample)]
    columns += [field for field in find_columns(sample, ("completions",), list) if _is_labelled(sample, field)]
    if fields.reasoning:
        columns = [fields.reasoning]
    elif set(find_reasoning_columns(sample, fields)) - set(columns):
        return None
    else:  # of several solutions in a list nobody knows which is meant
        alike = [name for name in dict.fromkeys(name for row in sample for name in row) if names_reasoning(name)]
        alone = [
            field
            for field in find_columns(sample, (*SOLUTION_FIELDS, *map(str.lower, alike)), list)
            if field not in named
        ]
        columns += [field for field in alone if all(_is_single(row.get(field)) for row in sample)]
    return next((field for field in columns if 2 * sum(_has_steps(row, field) for row in sample) >= len(sample)), None)


def _holds_list(value: Any) -> bool:
    """Whether a cell is the JSON text of a list of texts, or empty."""
    return not value or (isinstance(value, str) and isinstance(parse_json_text(value), list))


def _is_labelled(sample: RowSample, field: str) -> bool:
    """Whether a list has a label beside it for each of its elements, as steps have them that are supervised."""
    return all(any(is_label_list(row.get(name), row.get(field)) for name in STEP_LABELS) for row in sample)


def _is_single(value: Any) -> bool:
    """Whether a value is a list of one element, or nothing."""
    return value is None or (isinstance(value, list) and len(value) <= 1)


def _has_steps(data: RowData, field: str) -> bool:
    try:
        return bool(list_steps(parse_json_text(get_field(data, field))))
    except MalformedRowError:
        return False


def _find_reasoning_field(sample: RowSample, fields: FieldNames) -> str:
    named = (fields.question, fields.answer, fields.gold, fields.id)
    known = [*find_reasoning_columns(sample, fields), *find_columns(sample, SOLUTION_FIELDS)]
    texts = [field for field in find_text_fields(sample) if field not in known and not is_about(field)]
    alike = [field for field in texts if names_reasoning(field) or field.lower() == _ANALYSIS]
    tagged = [field for field in find_tagged_fields(sample, fields) if field not in (*named, *QUESTION_FIELDS)]
    candidates = [field for field in dict.fromkeys((*known, *alike, *tagged)) if field not in named]
    candidates = [field for field in candidates if not _is_source_solution(field, candidates)]
    if len(candidates) > 1 and len(tagged) == 1 and not find_reasoning_columns(sample, fields):
        return tagged[0]  # the one text that marks its reasoning
    candidates = _drop_conclusions(sample, candidates) or _find_long_solutions(sample, named)
    candidates = candidates or find_nested_thoughts(sample, fields)
    if not candidates:
        raise AmbiguousFieldsError("no field is known to hold reasoning", suggest_reasoning_flags(sample, fields))
    if len(candidates) > 1:
        raise build_ambiguity_error("the reasoning", "reasoning", candidates)
    return candidates[0]


def _find_long_solutions(sample: RowSample, taken: Sequence[str | None]) -> list[str]:
    """Columns of long text by a word of a solution in their names, else those that are named as answers."""
    texts = [field for field in find_text_fields(sample) if field not in taken and _is_long(sample, field)]
    named = [field for field in texts if has_word(field, SOLUTION_WORDS) and not is_about(field)]
    answers = [field for field in texts if has_word(field, ("answer",)) and not is_about(field)]
    golds = [field for field in answers if field.lower() in GOLD_FIELDS]
    return [field for field in named if field.lower() not in GOLD_FIELDS] or golds or answers


def _is_long(sample: RowSample, field: str) -> bool:
    """Whether at least half of a column's texts are more than a few words, of a script without spaces characters."""
    return 2 * sum(count_words(str(row.get(field) or "")) >= MIN_REPLY_WORDS for row in sample) >= len(sample)


def _drop_conclusions(sample: RowSample, candidates: list[str]) -> list[str]:
    """The candidates without those that conclude the one column of reasoning, or are values beside an explanation."""
    thoughts = [field for field in candidates if field.lower() in REASONING_FIELDS or names_reasoning(field)]
    others = [field for field in candidates if field not in thoughts]
    if len(thoughts) == 1 and all(_concludes(sample, field, thoughts[0]) for field in others):
        return thoughts
    long = [field for field in candidates if _is_long(sample, field)]
    return long if len(long) == 1 and not thoughts else candidates


def _concludes(sample: RowSample, field: str, thought: str) -> bool:
    """Whether at least three of four rows with both texts have the shorter one in the field, or the thought again in
    think tags."""
    both = [(str(one), str(other)) for row in sample if (one := row.get(field)) and (other := row.get(thought))]
    found = sum(len(one) < len(other) or (has_think_tags(one) and other.strip() in one) for one, other in both)
    return 4 * found >= 3 * len(both) > 0


def _is_source_solution(field: str, candidates: list[str]) -> bool:
    """Whether a column is the reply to reasoning of the same model, as deepseek_solution is to deepseek_reasoning."""
    stem = field.rpartition("_")[0]
    return (
        bool(stem)
        and not names_reasoning(stem)
        and any(other != field and other.startswith(f"{stem}_") and names_reasoning(other) for other in candidates)
    )


def _find_reply_field(sample: RowSample, fields: FieldNames, reasoning: str, question: str | None) -> str | None:
    """The column of text that follows reasoning with a column of its own: named alike, or the only reply."""
    if not _is_apart(sample, fields, reasoning):
        return None
    taken = (reasoning, question, fields.gold, fields.id)
    texts = [field for field in find_text_fields(sample) if field not in taken and not _is_value(sample, field)]
    stem = _get_stem(reasoning)
    alike = [
        field for field in texts if stem and field.startswith(stem) and has_word(field, (*_REPLY_WORDS, "solution"))
    ]
    others = [field for field in texts if has_word(field, _REPLY_WORDS) and not names_reasoning(field)]
    others = others or [field for field in texts if field.lower() in _SPEAKERS]
    solutions = [field for field in find_columns(sample, SOLUTION_FIELDS) if field in texts]
    concluding = [field for field in solutions if _concludes(sample, field, reasoning)]
    for group in (alike, others, concluding):
        if len(group) == 1:
            return group[0]
    short = _find_short_answer(sample, taken)
    told = has_word(reasoning, _THINKING_WORDS) or find_stated_gold(sample, (*taken, short))
    return short if told and not (alike or others) else None


def _find_short_answer(sample: RowSample, taken: Sequence[str | None]) -> str | None:
    """The column of short answers: the reply to a thought where no other is, or the gold answer to a reasoning."""
    known = find_columns(sample, _SHORT_ANSWERS, (str, int, float))
    return next((field for field in known if field not in taken and not _holds_truth(sample, field)), None)


def _holds_truth(sample: RowSample, field: str) -> bool:
    return any(isinstance(row.get(field), bool) for row in sample)


def _describe_short_answer(sample: RowSample, fields: FieldNames, reasoning: str, reply: str | None) -> str | None:
    """What to tell of a column of short answers: that it is the reply, or that it could be; None elsewhere."""
    if fields.gold or not _is_apart(sample, fields, reasoning):
        return None
    if reply is not None:
        short = reply.lower() in _SHORT_ANSWERS and not _is_long(sample, reply)
        short = short and find_stated_gold(sample, (reasoning, reply)) is None
        read = f"the short '{reply}' is read as the reply to '{reasoning}', and not as a gold answer"
        return f"{read}; --gold {quote(reply)} compares the reasoning with it instead" if short else None
    short_answer = _find_short_answer(sample, (reasoning, fields.question, fields.id))
    if short_answer is None or "reasoning" not in reasoning.lower() or is_setting(sample, short_answer):
        return None
    flags = f"--answer {quote(short_answer)} --gold {quote(short_answer)}"
    return f"no reply follows '{reasoning}': '{short_answer}' is read as the gold answer; {flags} reads it as both"


def _read_reply(data: RowData, field: str) -> str:
    """The text that follows a reasoning; a number, too. Of short answers one may be missing."""
    if field.lower() in _SHORT_ANSWERS and data.get(field) is None:
        return ""
    value = get_field(data, field)
    return str(value) if isinstance(value, int | float) and value == value else get_text(data, field)


def _is_value(sample: RowSample, field: str) -> bool:
    """Whether a column holds settings, or gold answers: short texts under a name of such."""
    if field.lower() not in GOLD_FIELDS:
        return is_setting(sample, field)
    return not _is_long(sample, field)


def _is_apart(sample: RowSample, fields: FieldNames, reasoning: str) -> bool:
    """Whether a column by its name holds reasoning alone; a solution has its reply inside."""
    named = [name.lower() for name in find_columns(sample, (*SOLUTION_FIELDS, *GOLD_FIELDS))]
    return reasoning.lower() not in named or reasoning in find_reasoning_columns(sample, FieldNames())


def _get_stem(field: str) -> str:
    """What a column of reasoning shares with the column of its reply: "deepseek_" of deepseek_thinking_trajectory."""
    lowered = field.lower()
    at = min((lowered.find(word) for word in (*REASONING_WORDS, "cot") if word in lowered), default=-1)
    return field[:at] if at > 0 else ""


add_format(
    TraceFormat(
        "thinking-content",
        "reasoning and reply in two fields, such as thinking and content",
        {"question": EXAMPLE_QUESTION, "thinking": "2 and 3 make 5.", "content": "The sum is 5."},
        _recognise_thinking,
        rank=50,
    )
)
add_format(
    TraceFormat(
        "columns",
        "a field each for question, reasoning and gold answer, as LIMO has question, solution, answer",
        {"question": EXAMPLE_QUESTION, "solution": "2 and 3 make \\boxed{5}.", "answer": "5"},
        _recognise_columns,
        rank=100,
    )
)
