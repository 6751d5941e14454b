"""Checks on the order of words and steps."""

from __future__ import annotations

import numpy as np

from cotpress.number_formatting import count_noun
from cotpress.rewriting.checks.alignment import compute_best_ordered_sum, count_common_units
from cotpress.rewriting.checks.content import extract_atoms
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check

# A step is out of place where another step of the original has so many times more in common with it, and at least
# so many units. On real traces with words deleted and replaced at random this never happens to steps that stayed,
# while 70 to 98% of swaps of two neighbours are found; of very many steps one may look like another by chance.
MAX_OUT_OF_PLACE = 0.1  # share of the units that steps have in common which may stand in another order
MERGED_FACTOR, MAX_MERGED_SHARE = 1.5, 0.1  # a step so many times as long as the one it comes from has two in it
MISPLACED_FACTOR, MIN_COMMON_UNITS, MAX_MISPLACED_SHARE = 2.0, 3, 0.01


@register_check("subsequence")
def subsequence(draft: Draft) -> str | None:
    """Fails where the rewrite has a word, number or symbol that the original has not, or not in that place.

    Punctuation, white space and case may change. Units are compared by their atoms, as deletion makes some grow
    together. What is punctuation in the original may have become an operator where words around it went, so all of
    the original is looked through.
    """
    original = extract_atoms(draft.original)
    remaining, known = iter(original), set(original)
    for atom in extract_atoms(draft.rewritten, punctuation=False):
        if atom not in remaining:  # takes atoms up to and including the one that is sought
            if atom in known:
                return f'It is not in the order of the original, from "{atom}" on.'
            return f'It has words that the original does not have, such as "{atom}".'
    return None


@register_check("steps-kept")
def steps_kept(draft: Draft) -> str | None:
    """Fails where the steps are not as many as the original's, or are clearly not the same ones in the same order."""
    before, now = draft.original_content.step_count, draft.rewritten_content.step_count
    if before != now:
        return f"It has {count_noun(now, 'step')}; the original has {count_noun(before, 'step')}."
    shared = count_common_units(draft.original_content, draft.rewritten_content)
    if not shared.size:
        return None
    most, own = shared.max(axis=0), shared.diagonal()
    misplaced = (most >= MIN_COMMON_UNITS) & (most >= MISPLACED_FACTOR * own)
    if misplaced.sum() <= MAX_MISPLACED_SHARE * now:
        return None
    first = int(np.flatnonzero(misplaced)[0]) + 1
    return f"Its steps are not those of the original in the same order, from step {first} on."


@register_check("steps-in-order")
def steps_in_order(draft: Draft) -> str | None:
    """Fails where there are more steps than in the original, or they are not steps of it in its order, none merged.

    Each step of the rewrite is held against the step of the original that has most of it; steps that have too little in
    common with any are left out.
    """
    before, now = draft.original_content.step_count, draft.rewritten_content.step_count
    if now > before:
        return f"It has {count_noun(now, 'step')}; the original has {count_noun(before, 'step')}."
    original, rewritten = draft.whole_contents  # a long paragraph that became a short one has merged nothing
    shared = count_common_units(original, rewritten)
    if not shared.size:
        return None
    most = shared.max(axis=0)
    found = most >= MIN_COMMON_UNITS
    missed = int(most[found].sum()) - compute_best_ordered_sum(shared[:, found])
    if missed > MAX_OUT_OF_PLACE * most[found].sum():
        return "Its steps are not those of the original in the same order."
    sizes, sizes_before = np.diff(rewritten.bounds), np.diff(original.bounds)
    merged = found & (sizes > MERGED_FACTOR * sizes_before[shared.argmax(axis=0)] + 1)
    if merged.sum() <= MAX_MERGED_SHARE * found.sum():
        return None
    return f"Steps of the original were merged, such as in step {int(np.flatnonzero(merged)[0]) + 1}."


@register_check("fewer-steps")
def fewer_steps(draft: Draft) -> str | None:
    """Fails where the rewrite does not have strictly fewer steps than the original; a single step stays one.

    Fewer paragraphs or lines will do: two that are joined may be so long that their sentences count as steps.
    """
    before, now = draft.original_content.step_count, draft.rewritten_content.step_count
    whole_before, whole = (content.step_count for content in draft.whole_contents)
    return (
        None
        if now < before or now <= 1 or whole < whole_before
        else f"It has {count_noun(now, 'step')}; fewer than the original's {before} are asked for."
    )
