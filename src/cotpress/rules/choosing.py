"""Which sentences go: in the order of their worth, until the text is as short as asked."""

from __future__ import annotations

from collections.abc import Callable

from cotpress.rules.edits import Change
from cotpress.rules.material import Material, Sentence, Worth

MayGo = Callable[[int, Sentence], bool]
Changes = dict[int, list[Change]]


def remaining(material: Material, changes: Changes, natural: Worth, may_go: MayGo) -> tuple[list[int], int]:
    """The numbers of the sentences that stay, and about how many units they have.

    Without a budget all go that are worth no more than `natural`; with one, as many as it takes, the least
    worth first and the earlier first among equals, whatever `natural` says. `may_go` has the last word.
    """
    costs = [cost(material, number, changes.get(number, [])) for number in range(len(material.sentences))]
    left, total = dict(enumerate(material.sentences)), sum(costs)
    for number in sorted(left, key=lambda one: (material.sentences[one].worth, one)):
        sentence = material.sentences[number]
        wanted = sentence.worth <= natural if material.target is None else total > material.target
        if wanted and sentence.worth < Worth.ANSWER and may_go(number, sentence) and len(left) > 1:
            del left[number]
            total -= costs[number]
    return list(left), total


def cost(material: Material, number: int, changes: list[Change]) -> int:
    """About how many units a sentence has once its changes are made."""
    sentence = material.sentences[number]
    saved = sum(material.units_in(change.start, change.end) - len(change.text.split()) for change in changes)
    return max(0, material.units_in(sentence.start, sentence.end) - saved)


def anchors(material: Material) -> set[int]:
    """For each step the number of the sentence that speaks for it: the most worth, the later among equals."""
    best: dict[int, int] = {}
    for number, sentence in enumerate(material.sentences):
        champion = best.get(sentence.step)
        if champion is None or sentence.worth >= material.sentences[champion].worth:
            best[sentence.step] = number
    return set(best.values())
