"""Filling a budget that is larger than the derivation: whole paragraphs of what lies outside it, not bits of them.

A check that comes to a result can stand by itself; doubts stand only as a whole, up to where they are resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    runs = list(_list_runs(choice, kept))
    parts = [part for run in runs for part in _list_paragraphs(choice, run)]
    checks = [part for part in parts if _is_check(choice, part)]
    for steps in (*checks, *runs, *parts):  # at last the beginning of a run that is too long as a whole
        if total >= least:
            break
        new = [step for step in steps if step not in added]
        cost = sum(_measure_whole(choice, step) for step in new)
        if new and total + cost <= most and _holds_whole_attempts(choice, steps):
            added += new
            total += cost
    return added, total


def _list_runs(choice: StepChoice, kept: BoolArray) -> Iterator[list[int]]:
    """Steps outside the derivation, those in a row together."""
    outside = np.array([bool(choice.dead[step] and not kept[step]) for step in range(len(kept))])
    for is_outside, group in groupby(range(len(kept)), key=lambda step: bool(outside[step])):
        steps = list(group)
        if is_outside and any(choice.costs[step] for step in steps):
            yield steps


def _list_paragraphs(choice: StepChoice, steps: Sequence[int]) -> Iterator[list[int]]:
    """Steps in a row, those of one paragraph together."""
    text, part = choice.parsed.text, [steps[0]]
    for before, step in pairwise(steps):
        start = choice.parsed.sentences[choice.sentences_of[step][0]]
        gap = text[choice.parsed.find_text_start(choice.parsed.sentences[choice.sentences_of[before][-1]]) : start.end]
        if "\n\n" in gap[: len(gap) - len(text[choice.parsed.find_text_start(start) : start.end])]:
            yield part
            part = []
        part.append(step)
    yield part


def _is_check(choice: StepChoice, steps: Sequence[int]) -> bool:
    """Whether steps calculate something and leave no question open."""
    said = "".join(choice.texts[step] for step in steps)
    return "?" not in said and "？" not in said and any(map(str.isdigit, said))


def _holds_whole_attempts(choice: StepChoice, steps: Sequence[int]) -> bool:
    """Whether no attempt is among the steps without what takes it back, or the other way round."""
    held = {at for step in steps for at in choice.sentences_of[step]}
    return all({*range(a, r + 1)} <= held or not {*range(a, r + 1)} & held for a, r in choice.attempts)


def _measure_whole(choice: StepChoice, step: int) -> int:
    sentences = [choice.parsed.sentences[at] for at in choice.sentences_of[step]]
    return choice.parsed.count_units(sentences[0].start, sentences[-1].end)
