"""Which field is the question, and what to ask the user where several or none could be meant."""

from __future__ import annotations

from collections.abc import Sequence

from cotpress.traces.rows import Data
from cotpress.traces.shape import GOLDS, QUESTIONS, Ambiguous, Fields, Sample, columns, holds
from cotpress.traces.text import text_of

ASKED = "What is 2 + 3?"  # of the examples


def question_field(sample: Sample, fields: Fields, taken: Sequence[str] = ()) -> str | None:
    """The field that asks; None where there is none.

    Raises:
        Ambiguous: several fields could be it, and they differ.
    """
    if fields.question:
        return fields.question
    named = (fields.reasoning, fields.answer, fields.gold, fields.id)
    found = [field for field in columns(sample, QUESTIONS) if field not in taken and field not in named]
    if len(found) > 1 and all(len({str(row.get(field)) for field in found}) == 1 for row in sample):
        found = found[:1]  # the same text twice is no choice
    if len(found) > 1:
        raise several("the question", "question", found)
    return found[0] if found else None


def question_text(data: Data, field: str | None) -> str:
    """The question, empty where no field asks."""
    return text_of(data, field) if field else ""


def several(what: str, flag: str, fields: Sequence[str], before: str = "") -> Ambiguous:
    """The question to put where several fields could be one thing; `before` are flags that go with each."""
    flags = " or ".join(f"{before}--{flag} {field}" for field in fields)
    names = " and ".join(f"'{field}'" for field in fields)
    return Ambiguous(f"{names} could each be {what}", f"Give {flags}.")


def reasoning_flags(sample: Sample, fields: Fields) -> str:
    """The flags to type, with the longest text as the likely reasoning."""
    known = fields.question or next(iter(columns(sample, QUESTIONS)), None)
    texts = [field for field in text_fields(sample) if field.lower() not in (*QUESTIONS, *GOLDS, fields.question)]
    longest = max(texts, key=lambda field: sum(len(str(row.get(field))) for row in sample), default="FIELD")
    question = f" --question {known}" if known else " [--question FIELD]"
    flags = f"Name them, perhaps: --reasoning {longest}{question} [--answer FIELD] [--gold FIELD]."
    if longest == "FIELD" and known:
        flags += " A file of questions alone goes with --join beside the file of traces."
    return flags


def text_fields(sample: Sample) -> list[str]:
    """Fields that hold text of several words."""
    names = dict.fromkeys(name for row in sample for name in row)
    return [name for name in names if holds(sample, name, str) and any(" " in str(row.get(name)) for row in sample)]
