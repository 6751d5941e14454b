"""Filling a budget that is larger than the derivation: whole paragraphs of what lies outside it, not bits of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np

from cotpress.rewriting.rules.step_choice import StepChoice
from cotpress.types import BoolArray


def add_detours(choice: StepChoice, kept: BoolArray, total: int, least: int, most: int) -> tuple[list[int], int]:
    """Steps outside the derivation that may stay as they stand, in the order of the text.

    Args:
        choice: the trace's steps.
        kept: [steps], which stay already.
        total: how many units these cost.
        least: units from which on nothing is added.
        most: units that are not passed.

    Returns:
        The steps, and what all cost with them.
    """
    added: list[int] = []
    for steps in _list_paragraphs(choice, kept):
        cost = sum(_measure_whole(choice, step) for step in steps)
        if total >= least:
            break
        if total + cost <= most:
            added += steps
            total += cost
    return added, total


def _list_paragraphs(choice: StepChoice, kept: BoolArray) -> Iterator[list[int]]:
    """Steps outside the derivation, those in a row in one paragraph together; none with only a part of an attempt."""
    text, starts = choice.parsed.text, choice.cut.steps.tolist()
    breaks = np.cumsum([0, *(text.count("\n\n", a, b) for a, b in pairwise(starts))])
    outside = [choice.dead[step] and not kept[step] for step in range(len(kept))]
    run = np.cumsum(np.diff(np.array([False, *outside]).astype(int)) != 0)
    for _, group in groupby(
        np.flatnonzero(outside).tolist(), key=lambda step: (run[step], _paragraph(breaks, step, choice))
    ):
        steps = list(group)
        held = {at for step in steps for at in choice.sentences_of[step]}
        whole = all({*range(a, r + 1)} <= held or not {*range(a, r + 1)} & held for a, r in choice.attempts)
        if whole and any(choice.costs[step] for step in steps):
            yield steps


def _paragraph(breaks: np.ndarray[tuple[int], np.dtype[np.int64]], step: int, choice: StepChoice) -> int:
    start = int(choice.cut.steps[step])
    lead = choice.parsed.find_text_start(choice.parsed.sentences[choice.sentences_of[step][0]]) - start
    return int(breaks[step]) + choice.parsed.text.count("\n\n", start, start + lead)


def _measure_whole(choice: StepChoice, step: int) -> int:
    sentences = [choice.parsed.sentences[at] for at in choice.sentences_of[step]]
    return choice.parsed.count_units(sentences[0].start, sentences[-1].end)
