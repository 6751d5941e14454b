"""What lies outside the derivation: wrong attempts and what takes them back, calculations made again; and lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from cotpress.backbone.calculations import MADE, SAID, list_number_uses
from cotpress.criteria import Order
from cotpress.rewriting.rules.parsed_trace import ParsedTrace
from cotpress.text.retractions import find_retracted
from cotpress.types import BoolArray

_REASON = re.compile(r"\b(?:wrong|incorrect|mistake|drop|misread|miscounted|miscalculated)\b", re.IGNORECASE)
_RESULT = re.compile(r"=\s*\$?(\d+(?:\.\d+)?)(?![\w.]*\s*[-+*/×·^=])")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
LIST_ITEM: Final = re.compile(r"\(?(\d{1,2})[.):]\s")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TELLING = 2  # digits of a number that is hardly another one's by chance
_MAX_ITEM = 60  # characters of an item that says nothing without the others
_MAX_FROM_EQUATION = 4  # steps from the last equation to the answer that is read off it
_VALUE = r"(\d{1,12}(?:\.\d{1,12})?)"
_CALCULATION = re.compile(
    rf"(?<![\d.]){_VALUE}\s{{0,3}}(?:[-+*/×x·÷−]|times|plus|minus|divided by|multiplied by)\s{{0,3}}{_VALUE}"
    rf"\s{{0,3}}(?:=|is|equals|gives)\s{{0,3}}(?:<<[^<>\n]{{0,80}}>>)?\$?{_VALUE}"
)


def find_attempts(parsed: ParsedTrace) -> list[tuple[int, int]]:
    """Pairs of sentences: a wrong attempt, and the last one of those that take it back."""
    texts = [parsed.get_sentence_text(sentence) for sentence in parsed.sentences]
    pairs = []
    for attempt, retraction in find_retracted(texts):
        last, step = retraction, parsed.sentences[retraction].step
        while last + 1 < len(texts) and parsed.sentences[last + 1].step == step and _REASON.search(texts[last + 1]):
            last += 1  # "No, wait. It is plus, not minus, so 7 is wrong."
        pairs.append((attempt, last))
    return pairs


def find_list_pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Neighbouring steps that are short items of one numbered list: "1: Eve", "2: Cara"."""
    items = [LIST_ITEM.match(text.strip()) if len(text) <= _MAX_ITEM else None for text in texts]
    return [
        (at, at + 1)
        for at, (one, other) in enumerate(pairwise(items))
        if one and other and int(other[1]) == int(one[1]) + 1
    ]


def is_dispensable(parsed: ParsedTrace, attempt: int, retraction: int, last: Mapping[str, int]) -> bool:
    """Whether an attempt and all up to its retraction may go: the answer is not among it, and each number of the
    retraction is one of the attempt, or comes again later; `last` says where each number is for the last time."""
    held = parsed.sentences[attempt : retraction + 1]
    if any(sentence.states_answer for sentence in held):
        return False
    own = _NUMBER.findall(parsed.text, held[0].start, held[0].end)
    end = held[-1].end
    return all(
        number in own or last.get(number, -1) >= end for number in _NUMBER.findall(parsed.text, held[0].end, end)
    )


def find_repeated(texts: Sequence[str], apart: BoolArray) -> dict[int, frozenset[int]]:
    """Find steps whose calculations have all been made before, and who made them. Steps `apart` do not count.

    >>> texts = ["18 times 3 is 54.", "So 54 + 2 = 56.", "Check: 18 * 3 = 54, 54 + 2 = 56."]
    >>> find_repeated(texts, np.zeros(3, bool))
    {2: frozenset({0, 1})}
    """
    makers: dict[tuple[str, ...], int] = {}
    repeated: dict[int, frozenset[int]] = {}
    for at in np.flatnonzero(~apart).tolist():
        made = {(*sorted((a, b)), result) for a, b, result in _CALCULATION.findall(texts[at])}
        if made and made <= makers.keys() and len(made) >= len(_RESULT.findall(texts[at])):
            repeated[at] = frozenset(makers[one] for one in made)
        for one in made:
            makers.setdefault(one, at)
    return repeated


def hand_over_places(order: Order, repeated: Mapping[int, frozenset[int]]) -> Order:
    """The order in which those that made a calculation first have the place of those that make it again, if it is a
    better one, and these come last.

    >>> order = Order(np.array([2, 1, 0]), np.array([0.1, 0.5, 1.0]))
    >>> handed = hand_over_places(order, {2: frozenset({0})})
    >>> handed.segments.tolist(), handed.importance.tolist()
    ([0, 1, 2], [1.0, 0.5, 0.1])
    """
    if not repeated or order.importance is None:
        return order
    place = np.empty(len(order.segments), np.int64)
    place[order.segments] = np.arange(len(order.segments))
    for again, makers in repeated.items():
        for maker in makers:
            place[maker] = min(place[maker], place[again])
    place[list(repeated)] += len(place)
    segments = np.argsort(place, kind="stable")
    importance = np.empty(len(place))
    importance[segments] = order.importance[order.segments]
    return replace(order, segments=segments, importance=importance)


def find_operand_pairs(
    texts: Sequence[str], question: str, apart: BoolArray, anew: BoolArray, stating: BoolArray
) -> list[tuple[int, int]]:
    """Pairs (step, maker): the step calculates with a number that the maker works out and that nothing has before it.

    Args:
        texts: the steps.
        question: its numbers are given.
        apart: steps that make nothing, such as wrong attempts.
        anew: steps whose results are new ones, though the same number was worked out before.
        stating: [steps], which need the maker also of a number that they merely say.

    >>> none = np.zeros(3, bool)
    >>> find_operand_pairs(["2 * 3 = 6.", "So 6 + 4 = 10.", "It is 10."], "", none, none, ~none)
    [(1, 0), (2, 1)]
    """
    known = {number for number, _ in list_number_uses(question)}
    maker: dict[str, int] = {}
    first: dict[str, int] = {}  # numbers that no equation ends in, such as those of a fraction
    pairs: dict[tuple[int, int], None] = {}
    for at in np.flatnonzero(~apart).tolist():
        for number, use in list_number_uses(texts[at]):
            if use == MADE and (number not in known or (anew[at] and number in maker)):
                maker[number] = at
            elif number in maker and maker[number] < at and (stating[at] or use != SAID):
                pairs[at, maker[number]] = None
            elif len(number) >= _TELLING and number not in known:
                first.setdefault(number, at)
            elif first.get(number, at) < at and (stating[at] or use != SAID):
                pairs[at, first[number]] = None
            known.add(number)
    return list(pairs)


def read_plain_number(answer: str) -> str:
    """An answer that is a number, as calculations spell it, "" for any other.

    >>> read_plain_number("$2,132"), read_plain_number("x = 3")
    ('2132', '')
    """
    number = _THOUSANDS.sub("", answer.replace("\\", "").strip("$€£% ."))
    return number if _NUMBER.fullmatch(number) else ""


def find_answer_pairs(
    texts: Sequence[str], answer: str, question: str, stating: BoolArray, apart: BoolArray
) -> list[tuple[int, int]]:
    """Pairs of each step that states the answer and the first one that has it, unless it works it out itself.

    Where the question has the number, too, it is the last one that works it out.

    Args:
        texts: the steps.
        answer: the final answer; only a number is looked for.
        question: its numbers are no answers where they stand.
        stating: [steps], which state the answer.
        apart: [steps], which are second thoughts; one of them is taken where all are.

    >>> steps, none = ["So 195 + 9 is then 204.", "It is 204, I think.", "The answer is 204."], np.zeros(3, bool)
    >>> find_answer_pairs(steps, "204", "", np.array([False, False, True]), none)
    [(2, 0)]
    """
    number = read_plain_number(answer)
    uses = [set(list_number_uses(text)) if number and number in _THOUSANDS.sub("", text) else set() for text in texts]
    making = [at for at, used in enumerate(uses) if (number, MADE) in used]
    having = [at for at, used in enumerate(uses) if any(one == number for one, _ in used) and not stating[at]]
    given = any(one == number for one, _ in list_number_uses(question))
    live = [at for at in (making[::-1] if given else having) if not apart[at]]
    last = _find_last_equations(texts, stating, apart)
    last = [(at, one) for at, one in last if not live or not apart[live[0] : one].any()]
    sources = (live or making[::-1] or having)[:1] if number else []
    stated = [at for at in np.flatnonzero(stating).tolist() if at not in making]
    return [*last, *((at, source) for source in sources for at in stated if at != source)]


def _find_last_equations(texts: Sequence[str], stating: BoolArray, apart: BoolArray) -> list[tuple[int, int]]:
    """Pairs of a step that states the answer and the equation shortly before it, where no second thought is between."""
    pairs = []
    for at in np.flatnonzero(stating).tolist():
        before = range(at - 1, max(-1, at - 1 - _MAX_FROM_EQUATION), -1)
        last = next((one for one in before if apart[one] or "=" in texts[one]), None)
        if last is not None and not apart[last]:
            pairs.append((at, last))
    return pairs


def promote_needed(order: Order, pairs: Sequence[tuple[int, int]]) -> Order:
    """The order in which what a step needs, however indirectly, is at least as important as the step, and comes before
    it.

    >>> order = Order(np.array([2, 1, 0]), np.array([0.1, 0.5, 1.0]))
    >>> promoted = promote_needed(order, [(2, 0)])
    >>> promoted.segments.tolist(), promoted.importance.tolist()
    ([0, 2, 1], [1.0, 0.5, 1.0])
    """
    if not pairs or order.importance is None:
        return order
    place, importance = np.empty(len(order.segments), np.int64), order.importance.copy()
    place[order.segments] = np.arange(len(order.segments))
    needed: dict[int, list[int]] = {}
    for step, other in pairs:
        needed.setdefault(step, []).append(other)
    waiting = sorted(needed, key=place.__getitem__, reverse=True)
    while waiting:  # the most important first; a step comes again where it has become more important
        step = waiting.pop()
        for other in needed.get(step, ()):
            if place[other] > place[step] or importance[other] < importance[step]:
                place[other] = min(place[other], place[step])
                importance[other] = max(importance[other], importance[step])
                waiting.append(other)
    return replace(order, segments=np.lexsort((np.arange(len(place)), place)), importance=importance)
