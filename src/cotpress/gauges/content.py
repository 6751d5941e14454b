"""What is kept of a text's content: equations, results, numbers, negations, code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np

from cotpress.gauges.registry import register_gauge
from cotpress.gauges.text_analysis import Statement
from cotpress.gauges.text_pair import TextPair

MAX_WORDS_BESIDE = 3  # words; with more beside it, an equation without an operator is an assumption or an aside
_WORD = re.compile(r"[A-Za-z](?<![\w\\].)[a-z']{2,}")
_OPERATOR = re.compile(r"[\w)!][-+*/^][\w(\\.]|sqrt")
_MIN_CODE_LINE = 12  # characters; a shorter line of code can stand anywhere


def is_equation_line(statement: Statement) -> bool:
    """Whether a statement is a worked equation: a side has an operator, or hardly a word stands beside it.

    >>> from cotpress.gauges.text_analysis import analyze_text
    >>> [is_equation_line(each) for each in analyze_text('So x = 5.\\nIt is odd.').statements]
    [True, False]
    """
    if not statement.equations:
        return False
    sides = (side for relation in statement.relations for side in relation.sides)
    return any(map(_OPERATOR.search, sides)) or len(_WORD.findall(statement.plain)) <= MAX_WORDS_BESIDE


@register_gauge(
    "equations",
    fault="keeps {value} of the equation lines where random pruning keeps {random}",
    remedies=("--criterion backbone", "--steps sentence", "a higher --keep", "another level"),
)
def equations(pair: TextPair) -> float | None:
    """Share of the original's distinct equation lines whose equations are all still there."""
    wanted = {statement.equations for statement in pair.original.statements if is_equation_line(statement)}
    if not wanted:
        return None
    left = {equation for kept in pair.kept for equation in kept.statement.equations}
    return sum(left.issuperset(chains) for chains in wanted) / len(wanted)


@register_gauge(
    "facts",
    fault="keeps {value} of the distinct results where random pruning keeps {random}",
    remedies=("--criterion backbone", "a higher --keep", "another level"),
)
def facts(pair: TextPair) -> float | None:
    """Share of the original's distinct results (right sides of equations) that are still the result of an equation."""
    return _measure_left(pair, lambda statement: statement.results)


@register_gauge(
    "numbers",
    fault="keeps {value} of the distinct numbers where random pruning keeps {random}",
    remedies=("--criterion backbone", "--protect answer,symbols", "a higher --keep", "another level"),
)
def numbers(pair: TextPair) -> float | None:
    """Share of the original's distinct numbers that are still there."""
    return _measure_left(pair, lambda statement: statement.numbers)


def _measure_left(pair: TextPair, find_items: Callable[[Statement], Iterable[str]]) -> float | None:
    """The share of the original's distinct items that a kept statement has, too; None where there is none."""
    wanted = {item for statement in pair.original.statements for item in find_items(statement)}
    left = {item for kept in pair.kept for item in find_items(kept.statement)}
    return len(wanted & left) / len(wanted) if wanted else None


@register_gauge(
    "negations",
    bound=0.9,
    fine=0.9,
    fault="statements lose their negations: {value} of them stay in what is kept (random pruning: {random})",
    remedies=("--granularity step", "another level"),
)
def negations(pair: TextPair) -> float | None:
    """Share of the negations (not, never, only, ≠) of the statements kept, in part or whole, that are still there."""
    wanted = left = 0
    for kept in pair.kept:
        before = () if kept.origin is None else pair.original.statements[kept.origin].negations
        if before:
            wanted += len(before)
            left += len(before) if kept.whole else (Counter(before) & Counter(kept.statement.negations)).total()
    return left / wanted if wanted else None


@register_gauge(
    "code_blocks",
    bound=0.99,
    fine=0.99,
    fault="{value} of the code blocks are whole or wholly gone (random pruning: {random}); the others are torn",
    remedies=("--granularity step", "--protect answer,symbols", "another level"),
)
def code_blocks(pair: TextPair) -> float | None:
    """Share of the original's blocks of code that are kept verbatim or are wholly gone."""
    spans = pair.original.code_spans
    if not spans:
        return None
    if pair.kept_spans is None:
        return sum(_is_whole_or_gone(pair.original.text[start:end], pair.text) for start, end in spans) / len(spans)
    bounds = np.array(spans, np.int64)
    left = pair.count_kept(bounds[:, 1]) - pair.count_kept(bounds[:, 0])
    return float(np.mean((left == 0) | (left == bounds[:, 1] - bounds[:, 0])))


def _is_whole_or_gone(block: str, text: str) -> bool:
    lines = [line.strip() for line in block.splitlines()[1:-1] if len(line.strip()) >= _MIN_CODE_LINE]
    return block.strip() in text or not any(line in text for line in lines)
