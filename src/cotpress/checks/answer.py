"""The final answer stays."""

from __future__ import annotations

import re

from cotpress.answers import normalise, same_answer, stated_answer
from cotpress.checks.draft import Draft
from cotpress.checks.numbers import distinct, values

_NUMBER = re.compile(r"[-−+$€£¥\\\s]*\d[\d,.]*[\s%\\]*")


def answer_kept(draft: Draft) -> str | None:
    """Fails where the rewrite no longer states, or no longer has, the answer that the original has.

    An answer that the reasoning states ("The answer is 72") must be stated as the same answer. One that only follows
    the reasoning (GSM8K's "#### 72") is kept there verbatim; where its value occurs in the reasoning, it must occur in
    the rewrite. Truth values and the letters of options are left out of that: a reasoning says "a" and "no" for
    other reasons.
    """
    stated = stated_answer(draft.trace.reasoning)
    if stated is None:
        return _value_kept(draft)
    now = stated_answer(draft.text)
    if now is None:
        return f"It does not state the final answer, {_short(stated)}."
    return (
        None if same_answer(now, stated) else f"Its final answer is {_short(now)}; the original's is {_short(stated)}."
    )


def _value_kept(draft: Draft) -> str | None:
    trace = draft.trace
    value = stated_answer(trace.answer) or (trace.gold and (stated_answer(trace.gold) or trace.gold))
    canonical = normalise(value) if value else ""
    if not value or (len(canonical) < 2 and not canonical.isdigit()) or canonical in ("true", "false"):
        return None
    if not _occurs(value, trace.reasoning, draft.original_content.units):
        return None
    if _occurs(value, draft.text, draft.rewritten_content.units):
        return None
    return f"The final answer, {_short(value)}, no longer occurs in it."


def _occurs(value: str, text: str, units: tuple[str, ...]) -> bool:
    """Whether a value is among the numbers of a text, or is a run of its units."""
    if _NUMBER.fullmatch(value):
        return not values(text).isdisjoint(distinct(value))
    wanted = " ".join(value.casefold().split())
    return f" {wanted} " in f" {' '.join(units)} "


def _short(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:60]}…"
