"""Which sentences go: in the order of their worth, until the text is as short as asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from cotpress.rules.edits import Change
from cotpress.rules.material import Material, Sentence, Worth
from cotpress.rules.phrases import LIGHT

MayGo = Callable[[int, Sentence], bool]
Changes = dict[int, list[Change]]
_WORD = re.compile(r"\w")


def remaining(material: Material, changes: Changes, natural: Worth, may_go: MayGo) -> tuple[list[int], int]:
    """The numbers of the sentences that stay, and about how many units they have.

    Without a budget all go that are worth no more than `natural`; with one, as many as it takes, the least
    worth first and the earlier first among equals, whatever `natural` says, until the next one would leave less than
    half of the budget: a reasoning of few sentences keeps more than its last. The last one with a word in it stays.
    `may_go` has the last word.
    """
    costs = [cost(material, number, changes.get(number, [])) for number in range(len(material.sentences))]
    left, total = dict(enumerate(material.sentences)), sum(costs)
    spoken = {number for number, one in left.items() if _WORD.search(material.text, one.start, one.end)}
    for number in sorted(left, key=lambda one: (material.sentences[one].worth, one)):
        sentence = material.sentences[number]
        wanted = sentence.worth <= natural if material.target is None else total > material.target
        wanted = wanted and sentence.worth < Worth.ANSWER and len(left) > 1 and spoken != {number}
        if wanted and may_go(number, sentence):
            if 2 * (total - costs[number]) < (material.target or 0):
                break
            del left[number]
            spoken.discard(number)
            total -= costs[number]
    return list(left), total


def cost(material: Material, number: int, changes: list[Change]) -> int:
    """About how many units a sentence has once its changes are made."""
    sentence = material.sentences[number]
    saved = sum(material.units_in(change.start, change.end) - len(change.text.split()) for change in changes)
    return max(0, material.units_in(sentence.start, sentence.end) - saved)


def lighten(material: Material, changes: Changes, kept: Sequence[int], units: int) -> None:
    """With a budget that `units` exceed: add the deletion of light words, spread evenly over the text."""
    if material.target is None or not material.english or units <= material.target:
        return
    plain = [number for number in kept if material.sentences[number].worth < Worth.ANSWER]
    spare = [(number, start, end) for number in plain for start, end in _light(material, number, changes[number])]
    wanted = min(units - material.target, len(spare))
    for at in range(wanted):
        number, start, end = spare[at * len(spare) // wanted]
        changes[number].append(Change(start, end))
    for number in kept:
        changes[number].sort(key=lambda change: change.start)


def _light(material: Material, number: int, changes: Sequence[Change]) -> list[tuple[int, int]]:
    """The light words of a sentence that no change touches and that open no line, each with the space before it."""
    sentence, units = material.sentences[number], material.cut.units
    first, last = np.searchsorted(units, [sentence.start, sentence.end])
    spans = pairwise(units[first + 1 : last + 1].tolist())
    words = [(start, end) for start, end in spans if material.text[start:end].strip().lower() in LIGHT]
    return [
        (start, end)
        for start, end in words
        if material.text[start] == " "
        and material.is_prose(start, end)
        and not any(change.start < end and start < change.end for change in changes)
    ]


def anchors(material: Material) -> set[int]:
    """For each step the number of the sentence that speaks for it: the most worth, the later among equals."""
    best: dict[int, int] = {}
    for number, sentence in enumerate(material.sentences):
        champion = best.get(sentence.step)
        if champion is None or sentence.worth >= material.sentences[champion].worth:
            best[sentence.step] = number
    return set(best.values())
