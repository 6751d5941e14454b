"""Rows whose one text holds all: Alpaca outputs, and reasoning that ends in "#### 72" or "The answer is True"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

from cotpress.traces.asking import ASKED, question_field, question_text
from cotpress.traces.chat import Turn, asked
from cotpress.traces.rows import Data, Malformed, described
from cotpress.traces.shape import REPLIES, SOLUTIONS, THOUGHTS, Fields, Format, Raw, Sample, Shape, columns, said
from cotpress.traces.text import split_hash, split_stated, text_of

Split: TypeAlias = Callable[[str], tuple[str, str, str] | None]
# How a text is split, the mark in words, and the share of texts that may lack it: an "answer" field is
# nothing else than GSM8K's if many have the mark, while a sentence may end some solutions by chance.
_ENDINGS: dict[str, tuple[Split, str, float]] = {
    "gsm8k": (split_hash, "#### ...", 0.5),
    "answer-is": (split_stated, "The answer is ...", 0.1),
}


def _alpaca_fields(sample: Sample, fields: Fields) -> bool:
    names = columns(sample, ("instruction", "output"))
    if len(names) < 2 or columns(sample, THOUGHTS + SOLUTIONS[:4]):
        return False
    return fields.reasoning in (None, "output") and fields.question in (None, "instruction")


def _recognise_alpaca(sample: Sample, fields: Fields) -> Shape | None:
    if not _alpaca_fields(sample, fields) or any(_ending(sample, fields, name) for name in _ENDINGS):
        return None
    has_input = any(row.get("input") for row in sample)
    roles = said(question="instruction+input" if has_input else "instruction", text="output")
    return Shape(_alpaca, roles, frozenset(("instruction", "input", "output", "history")))


def _alpaca(data: Data) -> Raw:
    return Raw(_instruction(data), text_of(data, "output"))


def _instruction(data: Data) -> str:
    """Instruction and input; earlier rounds, as LLaMA-Factory keeps them in `history`, come first."""
    more = text_of(data, "input") if data.get("input") is not None else ""
    question = text_of(data, "instruction")
    question = f"{question}\n\n{more}" if question and more else question or more
    history = data.get("history")
    if not history:
        return question
    if not isinstance(history, list) or not all(_is_round(item) for item in history):
        raise Malformed("wrong-type", f"'history' must be a list of [question, reply]; it holds {described(history)}.")
    before = [turn for said_, reply in history for turn in (Turn("user", said_), Turn("assistant", reply))]
    return asked([*before, Turn("user", question)])


def _is_round(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(isinstance(text, str) for text in item)


def _ending(sample: Sample, fields: Fields, name: str) -> str | None:
    """The one field whose texts end as `name` says."""
    candidates = [fields.reasoning] if fields.reasoning else columns(sample, (*SOLUTIONS, *THOUGHTS, "answer"))
    ends = []
    for field in candidates:
        texts = [text for row in sample if isinstance(text := row.get(field), str)]
        if field not in (fields.question, fields.gold, fields.answer) and _end_so(texts, name):
            ends.append(field)
    return ends[0] if len(ends) == 1 and not fields.answer else None


def _end_so(texts: Sequence[str], name: str) -> bool:
    """Whether all but a few of the texts end as `name` says; one of three or more may always fail to."""
    split, _, share = _ENDINGS[name]
    # a text that is its answer alone is an answer column, not reasoning
    missing = sum(not (parts and parts[0]) for parts in map(split, texts))
    return bool(texts) and missing <= max(len(texts) >= 3, share * len(texts)) and missing < len(texts)


def _recognise_ending(sample: Sample, fields: Fields, *, name: str) -> Shape | None:
    field = _ending(sample, fields, name)
    if field is None or _is_pair(sample, fields):
        return None
    others = [one for one in columns(sample, (*SOLUTIONS, *THOUGHTS)) if one != field]
    if others and not fields.reasoning:
        return None  # several could be the reasoning; "columns" will ask
    alpaca = _alpaca_fields(sample, fields) and field == "output"
    question = "instruction" if alpaca else question_field(sample, fields, (field,))
    split, mark, _ = _ENDINGS[name]

    def raw(data: Data) -> Raw:
        text = text_of(data, field)
        parts = split(text)
        if parts is None:
            raise Malformed("missing-field", f"The field '{field}' does not end in '{mark}', as this file's rows do.")
        return Raw(_instruction(data) if alpaca else question_text(data, question), parts[1], parts[0], parts[2])

    roles = said(question=question, reasoning=field, answer=f"'{mark}'")
    return Shape(raw, roles, frozenset((field, question or "")), True, question is not None, f"'{mark}'")


def _is_pair(sample: Sample, fields: Fields) -> bool:
    return not fields.reasoning and bool(columns(sample, THOUGHTS) and columns(sample, REPLIES))


ALPACA = Format(
    "alpaca",
    "Alpaca: instruction, input, output",
    {"instruction": ASKED, "input": "", "output": "<think>2 and 3 make 5.</think>5"},
    _recognise_alpaca,
)
GSM8K = Format(
    "gsm8k",
    "GSM8K: reasoning that ends in '#### 72', which is the gold answer",
    {"question": ASKED, "answer": "2 and 3 make 2+3=<<2+3=5>>5.\n#### 5"},
    partial(_recognise_ending, name="gsm8k"),
)
ANSWER_IS = Format(
    "answer-is",
    "reasoning that ends in 'The answer is True', which is the gold answer where no field holds one",
    {"instruction": "Is 5 prime?", "output": "Only 1 and 5 divide 5. The answer is True"},
    partial(_recognise_ending, name="answer-is"),
)
