"""Negations, comparisons and hedges stay with what they govern."""

from __future__ import annotations

from cotpress.answers import extract_answer
from cotpress.rewriting.checks.clause_meaning import MIN_STEMS, ClausePair, find_contradicted
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check

_MAX_SHOWN = 80


@register_check("negations-kept")
def negations_kept(draft: Draft) -> str | None:
    """Fails where a clause denies what the original says, or says what the original denies."""
    fault = find_contradicted(draft, _deny_alike, lambda clause: bool(clause.denied))
    return f'It changes what is denied: "{_truncate(fault)}".' if fault else None


def _deny_alike(pair: ClausePair) -> bool:
    original, rewritten = pair.original, pair.rewritten
    lost = (original.denied & rewritten.stems) - rewritten.denied - pair.around.denied
    return not lost and not (rewritten.denied & original.stems) - original.denied - pair.known.denied


@register_check("comparisons-kept")
def comparisons_kept(draft: Draft) -> str | None:
    """Fails where a comparison points the other way, is lost from what it compares, or comes from nowhere."""
    fault = find_contradicted(draft, _compare_alike, lambda clause: bool(clause.compared))
    return f'It changes a comparison: "{_truncate(fault)}".' if fault else None


def _compare_alike(pair: ClausePair) -> bool:
    before, around = ({direction for direction, _ in one.compared} for one in (pair.original, pair.around))
    if any(
        direction not in before and (direction, stem) not in pair.known.compared
        for direction, stem in pair.rewritten.compared
    ):
        return False
    return all(
        direction in around for direction, stem in pair.original.compared if stem and stem in pair.rewritten.stems
    )


@register_check("hedges-kept")
def hedges_kept(draft: Draft) -> str | None:
    """Fails where a clause claims what the original only supposes, doubts or asks, and says nowhere for sure."""
    fault = find_contradicted(draft, _claim_alike, lambda clause: clause.is_unsure, MIN_STEMS + 1)
    return f'It claims what the original only supposes: "{_truncate(fault)}".' if fault else None


def _claim_alike(pair: ClausePair) -> bool:
    stated = pair.around.is_unsure or not pair.original.is_unsure
    return stated or extract_answer(pair.around.text) is not None  # what the final answer is, another check asks


def _truncate(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
