"""The final answer stays."""

from __future__ import annotations

import re

from cotpress.answers import extract_answer, is_same_answer, normalise_answer
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.numbers import parse_distinct_numbers, parse_numbers
from cotpress.rewriting.checks.registry import register_check

_NUMBER = re.compile(r"[-−+$€£¥\\\s]*\d[\d,.]*[\s%\\]*")


@register_check("answer-kept")
def answer_kept(draft: Draft) -> str | None:
    """Fails where the rewrite no longer states, or no longer has, the answer that the original has.

    An answer that the reasoning states ("The answer is 72") must be stated as the same answer. One that only follows
    the reasoning (GSM8K's "#### 72") is kept there verbatim; where its value occurs in the reasoning, it must occur in
    the rewrite, and no other answer may be stated. Truth values and the letters of options need not occur: a reasoning
    says "a" and "no" for other reasons.
    """
    stated = extract_answer(draft.trace.reasoning)
    if stated is None:
        return _check_value_kept(draft)
    now = extract_answer(draft.text)
    if now is None:
        return f"It does not state the final answer, {_truncate(stated)}."
    return (
        None
        if is_same_answer(now, stated)
        else f"Its final answer is {_truncate(now)}; the original's is {_truncate(stated)}."
    )


def _check_value_kept(draft: Draft) -> str | None:
    trace = draft.trace
    value = extract_answer(trace.answer) or (trace.gold and (extract_answer(trace.gold) or trace.gold))
    canonical = normalise_answer(value) if value else ""
    now = extract_answer(draft.text)
    if value and now is not None and not draft.level.headings(draft.domain) and not is_same_answer(now, value):
        return f"It says that the answer is {_truncate(now)}; the reasoning states none, and what follows it {value}."
    if not value or (len(canonical) < 2 and not canonical.isdigit()) or canonical in ("true", "false"):
        return None
    if not _has_value(value, trace.reasoning, draft.original_content.units):
        return None
    if _has_value(value, draft.text, draft.rewritten_content.units):
        return None
    return f"The final answer, {_truncate(value)}, no longer occurs in it."


def _has_value(value: str, text: str, units: tuple[str, ...]) -> bool:
    """Whether a value is among the numbers of a text, or is a run of its units."""
    if _NUMBER.fullmatch(value):
        return not parse_numbers(text).isdisjoint(parse_distinct_numbers(value))
    phrase = " ".join(value.casefold().split())
    return f" {phrase} " in f" {' '.join(units)} "


def _truncate(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:60]}…"
