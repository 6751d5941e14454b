"""Values with where they come from: which statement of an original defines each, and which uses have lost it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from cotpress.gauges.text_analysis import Statement, TextAnalysis, find_values
from cotpress.gauges.text_pair import TextPair

_NUMERAL = re.compile(r"[\d.]+\Z")


class ValueUses(NamedTuple):
    """The values that a kept statement uses: how many, and those of them that nothing before it has."""

    used: int
    missing: tuple[str, ...]


@lru_cache(maxsize=2)
def find_value_uses(pair: TextPair) -> Sequence[ValueUses]:
    """The uses of each kept statement, in order: its values that the question has or the original defined before.

    A value is missing where nothing kept before has it. A value that a statement results in is no use.
    """
    defines = _results_in if pair.kept_spans is not None else _defines  # a rewrite may merge what the original defined
    defined, known = _find_definitions(pair.original), _find_question_values(pair.trace.question)
    seen = set(known)
    uses = []
    here = 0  # where the original stood when it said this; a new statement comes after the last one that is known
    for kept in pair.kept:
        here = here + 1 if kept.origin is None else kept.origin
        statement = kept.statement
        used = [
            value
            for value in statement.values
            if value in known or (defined.get(value, here) < here and not defines(statement, value))
        ]
        uses.append(ValueUses(len(used), tuple(value for value in used if value not in seen)))
        seen.update(statement.values)
    return uses


@lru_cache(maxsize=2)
def _find_definitions(original: TextAnalysis) -> dict[str, int]:
    """Each value that a text defines, with the index of the statement that does so first."""
    first: dict[str, int] = {}
    for index, statement in enumerate(original.statements):
        for value in statement.values:
            if value not in first and _defines(statement, value):
                first[value] = index
    return first


def _defines(statement: Statement, value: str) -> bool:
    """Whether a statement results in a value or arrives at it in words; an expression is defined where it stands."""
    return not _NUMERAL.match(value) or _results_in(statement, value) or statement.arrives_at(value)


def _results_in(statement: Statement, value: str) -> bool:
    return value in statement.results or f"-{value}" in statement.results


@lru_cache(maxsize=2)
def _find_question_values(question: str) -> frozenset[str]:
    """The values that a question gives."""
    return find_values(question)
