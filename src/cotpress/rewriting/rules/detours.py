"""Filling a budget that is larger than the derivation: whole paragraphs of what lies outside it, not bits of them.

A check that comes to a result can stand by itself; doubts stand only as a whole, up to where they are resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import numpy as np

from cotpress.rewriting.rules.step_choice import StepChoice
from cotpress.text.steps.step_shapes import introduces
from cotpress.types import BoolArray

# "Alternatively, perhaps we can express this in another way.", "Let me see: a = 7, b = 1.", of which nothing comes
_PROPOSAL = re.compile(
    r"(?:(?:so|but|or|and|wait|hmm|okay|now|again),?\s+){0,3}(?:alternatively|perhaps|maybe|let me|let's|let us|try\w*"
    r"|starting|first|hold on|just to|to (?:check|verify|confirm))\b",
    re.IGNORECASE,
)


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
    runs = [run for run in _list_runs(choice, kept) if _holds_whole_attempts(choice, run)]
    settled = [run for run in runs if not _is_open(choice, run)]
    added: list[int] = []
    for steps in (*settled, *runs):
        if total >= least:
            return added, total
        cost = 0 if steps[0] in added else sum(_measure_whole(choice, step) for step in steps)
        if cost and total + cost <= most:
            added += steps
            total += cost
    for run in _list_runs(choice, kept):
        if total < least and run[0] not in added:
            steps = _find_beginning(choice, run, most - total)
            added += steps
            total += sum(_measure_whole(choice, step) for step in steps)
    for run in _list_runs(choice, kept):
        if total < least and run[0] not in added:
            steps = _find_settled_beginning(choice, run, most - total)
            added += steps
            total += sum(_measure_whole(choice, step) for step in steps)
    return added, total


def _find_settled_beginning(choice: StepChoice, run: Sequence[int], most: int) -> list[int]:
    """The first steps of a run that fit, questions too, up to where a thought has ended and another one begins."""
    best, steps = list[int](), list[int]()
    for place, step in enumerate(run):
        steps.append(step)
        most -= _measure_whole(choice, step)
        if most < 0:
            break
        turns = place + 1 == len(run) or choice.turning[run[place + 1]]
        if turns and not choice.turning[step] and not _ends_open(choice, step) and _holds_whole_attempts(choice, steps):
            best = list(steps)
    return best


def _ends_open(choice: StepChoice, step: int) -> bool:
    """Whether a step ends with a question, with what leads to something, or proposes something."""
    last = choice.parsed.get_sentence_text(choice.parsed.sentences[choice.sentences_of[step][-1]])
    return last.rstrip(" *\"'”").endswith(("?", "？")) or introduces(last) or _PROPOSAL.match(last) is not None


def _find_beginning(choice: StepChoice, run: Sequence[int], most: int) -> list[int]:
    """The first paragraphs of a run that fit, up to the last one that leaves nothing open and is not gone on with."""
    best, steps = list[int](), list[int]()
    after = dict(pairwise(run))
    for part in _list_paragraphs(choice, run):
        steps += part
        goes_on = part[-1] in after and not choice.turning[after[part[-1]]]
        most -= sum(_measure_whole(choice, step) for step in part)
        if most < 0:
            break
        if not goes_on and not _is_open(choice, part) and _holds_whole_attempts(choice, steps):
            best = list(steps)
    return best


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


def _is_open(choice: StepChoice, steps: Sequence[int]) -> bool:
    """Whether steps have a question, or lead at their end to what comes after them, or propose it."""
    said = "".join(choice.texts[step] for step in steps)
    return "?" in said or "？" in said or _ends_open(choice, steps[-1])


def _holds_whole_attempts(choice: StepChoice, steps: Sequence[int]) -> bool:
    """Whether no attempt is among the steps without what takes it back, or the other way round."""
    held = {at for step in steps for at in choice.sentences_of[step]}
    return all({*range(a, r + 1)} <= held or not {*range(a, r + 1)} & held for a, r in choice.attempts)


def _measure_whole(choice: StepChoice, step: int) -> int:
    sentences = [choice.parsed.sentences[at] for at in choice.sentences_of[step]]
    return choice.parsed.count_units(sentences[0].start, sentences[-1].end)
