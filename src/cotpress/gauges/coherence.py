"""Whether what is kept can be followed: lead-ins with what they introduce, values with where they come from."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from cotpress.gauges.definitions import find_value_uses
from cotpress.gauges.registry import register_gauge
from cotpress.gauges.text_analysis import Statement, TextAnalysis
from cotpress.gauges.text_pair import KeptStatement, TextPair
from cotpress.text.steps.step_shapes import points_back

_LIST_ITEM = re.compile(r"[ \t]*(?:[-*•+]|\(?(?:\d{1,3}|[a-zA-Z])[.)]|\|)[ \t]")
_CONTENT = re.compile(r"\w")
MIN_LEAD_IN_SHARE: Final = 0.5  # share of a lead-in's characters that must be kept for it to be read as one
MAX_INTRODUCED: Final = 40  # statements of a list that a lead-in can introduce


@register_gauge(
    "broken_lead_ins",
    higher_is_better=False,
    bound=0.05,
    fine=0.05,
    fault="{value} of the lead-ins kept ('… gives:') have lost what they introduce (random pruning: {random})",
    remedies=("--criterion backbone", "--granularity step", "another level"),
)
def broken_lead_ins(pair: TextPair) -> float | None:
    """Share of the lead-ins kept, such as "Cross-multiplying gives:", of which nothing that they introduce is kept."""
    count, broken = _find_broken_lead_ins(pair)
    return len(broken) / count if count else None


@lru_cache(maxsize=2)
def _find_broken_lead_ins(pair: TextPair) -> tuple[int, frozenset[int]]:
    """How many lead-ins are kept, and the places among the kept statements of those that have lost what follows."""
    lead_ins = [place for place, kept in enumerate(pair.kept) if _is_kept_lead_in(pair, kept)]
    visible = (kept for kept in pair.kept if kept.whole or _CONTENT.search(kept.statement.text))
    origins = {kept.origin for kept in visible if kept.origin is not None}
    return len(lead_ins), frozenset(place for place in lead_ins if _is_broken(pair, place, origins))


def _is_kept_lead_in(pair: TextPair, kept: KeptStatement) -> bool:
    """At least half of a lead-in that has something after it; a rewrite's own lead-in as it stands."""
    if kept.origin is None or pair.kept_spans is None:
        return kept.statement.is_lead_in
    lead_in = pair.original.statements[kept.origin]
    if not lead_in.is_lead_in or kept.origin + 1 == len(pair.original):
        return False
    return kept.whole or len(kept.statement.text) >= MIN_LEAD_IN_SHARE * len(lead_in.text)


def _is_broken(pair: TextPair, place: int, origins: set[int]) -> bool:
    kept = pair.kept[place]
    if pair.kept_spans is None:  # a rewrite's lead-in introduces whatever follows, if that is no turning back
        following = pair.kept[place + 1].statement if place + 1 < len(pair.kept) else None
        return following is None or following.is_reflective
    assert kept.origin is not None
    return not any(index in origins for index in _find_introduced(pair.original, kept.origin))


def _find_introduced(original: TextAnalysis, lead_in: int) -> range:
    """The statements that a lead-in introduces: the next one; of a list, the whole of it up to the next paragraph."""
    first = last = lead_in + 1
    if _LIST_ITEM.match(original.statements[first].text):
        while last + 1 < min(len(original), first + MAX_INTRODUCED) and _continues_list(original, last + 1):
            last += 1
    return range(first, last + 1)


def _continues_list(original: TextAnalysis, index: int) -> bool:
    """Whether a statement is an item, or part of the item before it."""
    piece = original.text[original.bounds[index] : original.bounds[index + 1]]
    gap = piece[: len(piece) - len(piece.lstrip())]
    return gap.count("\n") < 2 or _LIST_ITEM.match(original.statements[index].text) is not None


@register_gauge(
    "hanging_openers",
    higher_is_better=False,
    fine=0.02,
    fault="{value} of the sentences kept begin by pointing at a sentence that was deleted (random pruning: {random})",
    remedies=("--criterion backbone", "--granularity step", "a higher --keep"),
)
def hanging_openers(pair: TextPair) -> float | None:
    """Share of the sentences kept that point at the sentence before ("That means ..."), which was deleted.

    A rewrite says its sentences anew, and has no figure.
    """
    if pair.kept_spans is None or not pair.kept:
        return None
    origins = [kept.origin for kept in pair.kept]
    hanging = sum(
        origin is not None and origin > 0 and before != origin - 1 and _points_back(pair.original, origin)
        for before, origin in zip([None, *origins], origins, strict=False)
    )
    return hanging / len(origins)


def _points_back(original: TextAnalysis, origin: int) -> bool:
    return points_back(original.statements[origin].text)


@register_gauge(
    "undefined_on_use",
    higher_is_better=False,
    fault="{value} of the values used are nowhere defined any more (random pruning: {random})",
    remedies=("--criterion backbone", "a higher --keep", "another level"),
)
def undefined_on_use(pair: TextPair) -> float | None:
    """Share of the uses of values (numbers, expressions) whose definition was deleted, so that they come from nowhere.

    A value is defined by the question, by an equation that results in it, or by the first statement that arrives at it
    in words ("that leaves 24"). A mention of what the original defined before is a use. A value that comes from nowhere
    is known afterwards: only its first use counts as undefined. Numbers of one digit and powers of ten are no values:
    they stand for themselves.
    """
    uses = find_value_uses(pair)
    count = sum(use.used for use in uses)
    return sum(len(use.missing) for use in uses) / count if count else None


@register_gauge(
    "intact_statements",
    fine=0.95,
    fault="{value} of the statements kept still say what they said, with all their premises (random pruning: {random})",
    remedies=("--granularity step", "--criterion backbone", "a higher --keep", "another level"),
)
def intact_statements(pair: TextPair) -> float | None:
    """Share of the statements kept that still say what they said: numbers, negations, equations, premises in place.

    It is for deletion what `faithfulness` is for rewriting. Deleted text invents no number, but it may say something
    else: "x is not 12" without its "not", "so 48" without the line that made 48, "this gives:" without what it gives.
    Counted are statements that have a number, a negation or an equation, and lead-ins.
    """
    checked = intact = 0
    _, broken = _find_broken_lead_ins(pair)
    for place, (kept, uses) in enumerate(zip(pair.kept, find_value_uses(pair), strict=True)):
        before = kept.statement if kept.origin is None else pair.original.statements[kept.origin]
        if before.numbers or before.negations or before.equations or before.is_lead_in:
            checked += 1
            intact += not uses.missing and place not in broken and _says_the_same(pair, kept, before)
    return intact / checked if checked else None


def _says_the_same(pair: TextPair, kept: KeptStatement, before: Statement) -> bool:
    """Whether what is left of a statement has its numbers, negations and equations.

    A rewritten statement has to have the negations of the one that it stands for, and no number that is not known.
    """
    left = kept.statement
    if kept.whole:
        return True
    if sorted(left.negations) != sorted(before.negations):
        return False
    if pair.kept_spans is None:
        return all(number in _find_all_numbers(pair.original) for number in left.numbers if len(number) > 1)
    return set(left.numbers) == set(before.numbers) and left.equations == before.equations


@lru_cache(maxsize=2)
def _find_all_numbers(original: TextAnalysis) -> frozenset[str]:
    """Every number of a text."""
    return frozenset(number for statement in original.statements for number in statement.numbers)
