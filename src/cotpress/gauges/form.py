"""Whether the text is well formed: delimiters, equalities, talk, length."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np

from cotpress.gauges.arithmetic import find_false_equalities
from cotpress.gauges.delimiters import pair_delimiters
from cotpress.gauges.registry import register_gauge
from cotpress.gauges.text_analysis import Statement, TextAnalysis
from cotpress.gauges.text_pair import TextPair
from cotpress.text.language_words import choose_language
from cotpress.text.markers import has_reflective_phrases
from cotpress.types import Span


@lru_cache(maxsize=2)
def _pair_original(original: TextAnalysis) -> tuple[list[Span], list[str]]:
    return pair_delimiters(original.text)


@register_gauge(
    "unbalanced_delimiters",
    higher_is_better=False,
    is_share=False,
    bound=0.05,
    fine=0.05,
    fault="a trace has {value} brackets, dollars or fences that have lost their partner (random pruning: {random})",
    remedies=("--granularity step", "--protect answer,symbols", "another level"),
)
def unbalanced_delimiters(pair: TextPair) -> float:
    """How many brackets, dollars and fences have lost their partner; those that had none before do not count."""
    pairs, alone = _pair_original(pair.original)
    if pair.kept_spans is None:
        return float((Counter(pair_delimiters(pair.text)[1]) - Counter(alone)).total())
    if not pairs:
        return 0.0
    places = np.array(pairs, np.int64)
    kept = pair.count_kept(places.ravel() + 1) > pair.count_kept(places.ravel())
    return float(np.count_nonzero(kept[::2] != kept[1::2]))


@register_gauge(
    "false_equalities",
    higher_is_better=False,
    is_share=False,
    bound=0.05,
    fine=0.05,
    fault="a trace has {value} new equalities that do not hold, such as 2 + 2 = 5 (random pruning: {random})",
    remedies=("--granularity step", "another level", "another model"),
)
def false_equalities(pair: TextPair) -> float:
    """How many plain numeric equalities do not hold, but for those that the original has as they are."""
    if all(kept.whole for kept in pair.kept):
        return 0.0
    before = {equation for statement in pair.original.statements for equation in _list_equalities(statement)}
    new: set[str] = set()
    for kept in pair.kept:
        if not kept.whole:
            new.update(false for relation in kept.statement.relations for false in find_false_equalities(relation))
    return float(len(new - before))


def _list_equalities(statement: Statement) -> list[str]:
    return [f"{left}={right}" for relation in statement.relations for left, _, right in relation.equalities]


@register_gauge(
    "reflective_share",
    higher_is_better=False,
    of_original=True,
    fault="{value} of what is kept is doubting and checking ('Wait', 'Hmm'); random pruning leaves {random}",
    remedies=("--criterion backbone", "--criterion reflection", "another level"),
)
def reflective_share(pair: TextPair) -> float | None:
    """Share of the statements that turn back on the work: "Wait", "let me double-check"."""
    if not has_reflective_phrases(choose_language([pair.original.text])):
        return None
    return sum(kept.statement.is_reflective for kept in pair.kept) / len(pair.kept) if pair.kept else None


@register_gauge(
    "longer_than_original",
    higher_is_better=False,
    bound=0.05,
    fine=0.05,
    compared=False,
    fault="{value} of the traces became longer than the original",
    remedies=("another level", "--keep RATIO"),
)
def longer_than_original(pair: TextPair) -> float:
    """1 where the text has more tokens than the original, else 0."""
    return float(pair.ratio > 1)
