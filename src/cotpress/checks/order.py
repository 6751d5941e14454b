"""Checks on the order of words and steps."""

from __future__ import annotations

import numpy as np

from cotpress.checks.alignment import common
from cotpress.checks.content import atoms_of
from cotpress.checks.draft import Draft
from cotpress.wording import counted

# A step is out of place where another step of the original has so many times more in common with it, and at least
# so many units. On real traces with words deleted and replaced at random this never happens to steps that stayed,
# while 70 to 98% of swaps of two neighbours are found; of very many steps one may look like another by chance.
CLEARLY, LEAST_COMMON, MISPLACED = 2.0, 3, 0.01


def subsequence(draft: Draft) -> str | None:
    """Fails where the rewrite has a word, number or symbol that the original has not, or not in that place.

    Punctuation, white space and case may change. Units are compared by their atoms, as deletion makes some grow
    together. What is punctuation in the original may have become an operator where words around it went, so all of
    the original is looked through.
    """
    original = atoms_of(draft.original)
    remaining, known = iter(original), set(original)
    for atom in atoms_of(draft.rewritten, punctuation=False):
        if atom not in remaining:  # takes atoms up to and including the one that is sought
            if atom in known:
                return f'It is not in the order of the original, from "{atom}" on.'
            return f'It has words that the original does not have, such as "{atom}".'
    return None


def steps_kept(draft: Draft) -> str | None:
    """Fails where the steps are not as many as the original's, or are clearly not the same ones in the same order."""
    before, now = draft.original_content.steps, draft.rewritten_content.steps
    if before != now:
        return f"It has {counted(now, 'step')}; the original has {counted(before, 'step')}."
    shared = common(draft.original_content, draft.rewritten_content)
    if not shared.size:
        return None
    most, own = shared.max(axis=0), shared.diagonal()
    misplaced = (most >= LEAST_COMMON) & (most >= CLEARLY * own)
    if misplaced.sum() <= MISPLACED * now:
        return None
    first = int(np.flatnonzero(misplaced)[0]) + 1
    return f"Its steps are not those of the original in the same order, from step {first} on."


def fewer_steps(draft: Draft) -> str | None:
    """Fails where the rewrite does not have strictly fewer steps than the original."""
    before, now = draft.original_content.steps, draft.rewritten_content.steps
    if before <= 1:
        return "The original is a single step, which cannot be merged with another."
    return None if now < before else f"It has {counted(now, 'step')}; fewer than the original's {before} are asked for."
