"""What is said at a budget: the steps that the answer rests on, by the order of the criterion "backbone".

All levels choose by this one order; they differ in how they say it. What lies outside the derivation goes first: talk,
wrong attempts with their retraction, repetitions and second checks. Where few steps are left to choose from, phrases
inside sentences may go, so that a budget is met without losing a step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise, product

import numpy as np

from cotpress.backbone import NEED_ALONE
from cotpress.criteria import Order
from cotpress.criteria.backbone import rank_by_backbone
from cotpress.pruning import Method, PreparedTrace, Ranking
from cotpress.pruning.block_selection import select_blocks
from cotpress.pruning.trace_ranking import bind_order, build_evidence
from cotpress.rewriting.rules.derivation import (
    find_attempts,
    find_list_pairs,
    find_repeated,
    hand_over_places,
    is_dispensable,
    mark_rechecks,
)
from cotpress.rewriting.rules.parsed_trace import ParsedTrace, Sentence
from cotpress.rewriting.rules.phrase_deletions import LIGHT, PhraseDeletion, find_phrase_deletions
from cotpress.rewriting.rules.text_changes import ChangesBySentence, TextChange
from cotpress.text.markers import mark_reflective, mark_restating
from cotpress.text.redundancy import find_near_duplicates
from cotpress.text.retractions import find_retracted
from cotpress.types import BoolArray, IntArray

MIN_STEPS = 8  # fewer, and sentences are chosen instead
MAX_SUBSET_STEPS = 7  # up to so many, every choice of steps is tried
MAX_SHORT_STEPS = 16  # up to so many, phrases may go before steps that the answer rests on
NEEDED = 0.05  # importance above which the answer rests on a step: 1 - the default coverage of `--keep auto`
BROKEN = 0.1  # harm of a number that a kept step takes from a dropped one, in shares of the backbone
LOW, HIGH = 0.82, 1.15  # of the budget: a choice of few steps between them is near enough
_TURN = re.compile(r"(?:but |oh,? |no,? )?wait,\s+(?:(?:but|no|so),?\s+)?(?=\w)", re.IGNORECASE)
_METHOD = Method("backbone", protect=())
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

FindChanges = Callable[[ParsedTrace, Sentence], list[TextChange]]


@dataclass(frozen=True)
class Content:
    """The sentences that stay, ascending, and what changes inside each of all sentences."""

    kept: tuple[int, ...]
    changes: ChangesBySentence


class _Choice:
    """One trace's steps with their costs, ready to be chosen from."""

    def __init__(self, parsed: ParsedTrace, find_changes: FindChanges) -> None:
        self.parsed = parsed
        self.changes = {at: find_changes(parsed, sentence) for at, sentence in enumerate(parsed.sentences)}
        pairs = find_attempts(parsed)
        self.dropped = {at for at, sentence in enumerate(parsed.sentences) if sentence.is_talk}
        last = {match[0]: match.start() for match in _NUMBER.finditer(parsed.text)} if pairs else {}
        self.dropped.update(*(range(a, r + 1) for a, r in pairs if is_dispensable(parsed, a, r, last)))
        enough = len(parsed.segmentation.steps) - 1 >= MIN_STEPS
        self.cut = parsed.segmentation if enough else parsed.by_sentence
        starts = [sentence.start for sentence in parsed.sentences]
        owner = np.searchsorted(self.cut.steps, starts, side="right") - 1
        self.sentences_of: list[list[int]] = [[] for _ in range(len(self.cut.steps) - 1)]
        for at, step in enumerate(owner.tolist()):
            self.sentences_of[step].append(at)
        self.costs = np.array([sum(map(self.measure, held)) for held in self.sentences_of], np.int64)
        self.must_stay = np.array([self._states_answer(held) for held in self.sentences_of])
        bound = {(int(owner[a]), int(owner[r])) for a, r in pairs if a not in self.dropped and owner[a] != owner[r]}
        self.bound = tuple(chain(*(((a, r), (r, a)) for a, r in [*bound, *find_list_pairs(self.texts)])))

    def measure(self, at: int) -> int:
        """About how many units a sentence has once its surface changes are made; none if it is talk."""
        sentence = self.parsed.sentences[at]
        if at in self.dropped:
            return 0
        saved = sum(self.parsed.count_units(one.start, one.end) - len(one.text.split()) for one in self.changes[at])
        return max(0, self.parsed.count_units(sentence.start, sentence.end) - saved)

    def _states_answer(self, held: Sequence[int]) -> bool:
        return any(self.parsed.sentences[at].states_answer for at in held)

    def count_broken(self, kept: BoolArray) -> int:
        """How many numbers kept steps take from steps that are not kept."""
        return sum(
            not kept[list(makers)].any() for step in np.flatnonzero(kept).tolist() for makers in self._makers[step]
        )

    @cached_property
    def _makers(self) -> list[list[list[int]]]:
        """Of each step, for each number that it takes from steps before it: the steps that have that number."""
        known = set(_NUMBER.findall(self.parsed.trace.question))
        having: dict[str, list[int]] = {}
        makers: list[list[list[int]]] = []
        for step, text in enumerate(self.texts):
            numbers = set(_NUMBER.findall(text))
            makers.append([list(having[number]) for number in sorted(numbers - known) if number in having])
            for number in numbers:
                having.setdefault(number, []).append(step)
        return makers

    @cached_property
    def texts(self) -> list[str]:
        """The text of each step."""
        return [self.cut.text[start:end] for start, end in pairwise(self.cut.steps.tolist())]

    @cached_property
    def order(self) -> Order:
        """The steps, what the answer rests on first; dead ends last, whatever their importance."""
        prepared = PreparedTrace(self.parsed.trace, self.cut, np.ones(len(self.cut.kinds), np.int64))
        self.prepared = prepared
        evidence = build_evidence(prepared, _METHOD)
        evidence = replace(evidence, costs=np.maximum(self.costs, 1))
        given = rank_by_backbone(evidence, NEED_ALONE)
        given = hand_over_places(given, self._repeated)
        return replace(given, requires=(*given.requires, *self.bound))

    @cached_property
    def _retracted(self) -> BoolArray:
        """[steps], wrong attempts and what takes them back."""
        retracted = np.zeros(len(self.texts), bool)
        for attempt, retraction in find_retracted(self.texts):
            if not self.must_stay[attempt] and not self.must_stay[retraction]:
                retracted[[attempt, retraction]] = True
        return retracted

    @cached_property
    def _repeated(self) -> dict[int, frozenset[int]]:
        """Steps that calculate again what others did, and those; not the one that states the answer."""
        found = find_repeated(self.texts, self._retracted | (self.costs == 0))
        return {again: makers for again, makers in found.items() if not self.must_stay[again]}

    @cached_property
    def importance(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """[steps], 0..1; 0 for dead ends."""
        given = self.order.importance
        assert given is not None
        return np.where(self.dead, 0.0, given)

    @cached_property
    def dead(self) -> BoolArray:
        """[steps], which lie outside the derivation: talk, attempts with their retraction, repetitions, checks."""
        given = self.order.importance
        assert given is not None
        reflective = mark_reflective(self.texts)
        dead = (self.costs == 0) | self._retracted
        dead[list(self._repeated)] = True
        aside = np.array(reflective) | np.array(mark_restating(self.texts))
        aside |= find_near_duplicates(self.texts) & (self.costs > 3)
        dead |= aside & (given <= NEEDED)
        dead |= np.array(reflective) & mark_rechecks(self.texts)
        return np.asarray(dead & ~self.must_stay)

    @cached_property
    def ranking(self) -> Ranking:
        """The steps as blocks that can only be kept whole, the most needed first."""
        order, dead = self.order, self.dead
        placed = np.concatenate([order.segments[~dead[order.segments]], order.segments[dead[order.segments]]])
        bound = Order(placed, self.importance, order.requires)
        return bind_order(self.prepared, _METHOD, bound, self.costs, self.must_stay).ranking

    def list_optional(self, kept: BoolArray, most_harm: float = 1.0) -> list[tuple[int, PhraseDeletion]]:
        """What sentences of the kept steps may lose, the least harmful first: (sentence, deletion)."""
        held = [at for step in np.flatnonzero(kept).tolist() for at in self.sentences_of[step]]
        found = [(at, one) for at in held for one in self.optional_of(at) if one.harm <= most_harm]
        return sorted(found, key=lambda pair: (pair[1].harm, pair[0]))

    def optional_of(self, at: int) -> list[PhraseDeletion]:
        """What one sentence may lose."""
        sentence = self.parsed.sentences[at]
        if at in self.dropped or self.parsed.keeps_phrases:
            return []
        if at not in self._optional:
            changes = self.changes[at]
            fits = [one for one in find_phrase_deletions(self.parsed, sentence) if _nests(one, changes)]
            self._optional[at] = fits
        return self._optional[at]

    @cached_property
    def _optional(self) -> dict[int, list[PhraseDeletion]]:
        return {}

    def count_saved(self, at: int, deletions: Sequence[PhraseDeletion]) -> int:
        """Units that a sentence loses by these deletions beyond its surface changes."""
        if not deletions:
            return 0
        sentence = self.parsed.sentences[at]
        spans = [(one.start, one.end, "") for one in deletions]
        spans += [(one.start, one.end, one.text) for one in self.changes[at]]
        return self.measure(at) - (
            self.parsed.count_units(sentence.start, sentence.end)
            - sum(self.parsed.count_units(a, b) - len(text.split()) for a, b, text in _merge(spans))
        )


def _nests(one: PhraseDeletion, changes: Sequence[TextChange]) -> bool:
    """Whether a deletion holds each change or is apart from it."""
    return all(
        (one.start <= each.start and each.end <= one.end) or each.end <= one.start or one.end <= each.start
        for each in changes
    )


def _merge(spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Spans without those that another one holds, ascending; neighbours that touch stay two."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def choose_content(
    parsed: ParsedTrace, find_changes: FindChanges, *, shortens: bool = True, spared: int = 0
) -> Content:
    """Which sentences stay and what they lose.

    Args:
        parsed: the trace.
        find_changes: gives the surface changes of a sentence, which are always made.
        shortens: whether phrases may go also where steps are many.
        spared: units of the budget that are needed for something else, such as headings.
    """
    choice = _Choice(parsed, find_changes)
    if parsed.max_units is None:
        return _finish(choice, _close(~choice.dead, choice), {})
    target = max(1, parsed.max_units - spared)
    if len(choice.sentences_of) <= MAX_SHORT_STEPS and not parsed.keeps_phrases:
        kept, deletions = _choose_among_few(choice, target)
    else:
        kept, deletions = _choose_among_many(choice, target, shortens)
    return _finish(choice, kept, deletions)


def _close(kept: BoolArray, choice: _Choice) -> BoolArray:
    """The kept steps with what they require, however indirectly."""
    pairs = [*choice.order.requires, *choice.cut.requires]
    changed = True
    while changed:  # pairs point forward, for the most part: one round is enough
        changed = False
        for one, other in pairs:
            if kept[one] and not kept[other]:
                kept[other] = changed = True
    return kept


Deletions = dict[int, list[PhraseDeletion]]


def _choose_among_many(choice: _Choice, target: int, shortens: bool) -> tuple[BoolArray, Deletions]:
    """The longest prefix of the ranking that fits, and what still fits after it."""
    everything = np.ones(len(choice.costs), bool)
    deletions: Deletions = {}
    saved = np.zeros(len(choice.costs), np.int64)
    if shortens:
        for at, one in choice.list_optional(everything, LIGHT):
            deletions.setdefault(at, []).append(one)
        saved = np.array(
            [sum(choice.count_saved(at, deletions.get(at, ())) for at in held) for held in choice.sentences_of]
        )
    order = Order(choice.ranking.order, choice.importance, choice.order.requires)
    costs = np.maximum(choice.costs - saved, 0)
    ranking = bind_order(choice.prepared, _METHOD, order, costs, choice.must_stay).ranking
    kept = ranking.expand_to_segments(_drop_filler(choice, ranking, select_blocks(ranking, target, fill=True), target))
    total = int(costs[kept].sum())
    if total > HIGH * target:
        more, total = _delete_phrases(choice, kept, target, int(choice.costs[kept].sum()))
        return kept, more
    return kept, deletions


def _drop_filler(choice: _Choice, ranking: Ranking, chosen: BoolArray, target: int) -> BoolArray:
    """The chosen blocks without what lies outside the derivation, as far as the budget is still nearly met: a text that
    is a little too short is better than one with bits of a second check in it."""
    total = int(ranking.costs[chosen].sum())
    starts = np.concatenate([[0], np.cumsum(ranking.block_sizes)])
    needed = {other for block, other in ranking.requires.tolist() if chosen[block]}
    for block in np.flatnonzero(chosen)[::-1].tolist():
        cost, held = int(ranking.costs[block]), ranking.order[starts[block] : starts[block + 1]]
        spare = block >= ranking.protected_blocks and block not in needed and bool(choice.dead[held].all())
        if spare and total - cost >= LOW * target:
            chosen[block] = False
            total -= cost
    return chosen


def _choose_among_few(choice: _Choice, target: int) -> tuple[BoolArray, Deletions]:
    """The choice of steps, with phrases deleted in them, that loses least of what the answer rests on."""
    best: tuple[float, BoolArray, Deletions] | None = None
    for kept in _list_choices(choice):
        total = int(choice.costs[kept].sum())
        deletions, left = _delete_phrases(choice, kept, target, total)
        score = _score(choice, kept, deletions, left, target)
        if best is None or score > best[0]:
            best = score, kept, deletions
    assert best is not None
    return best[1], best[2]


def _list_choices(choice: _Choice) -> list[BoolArray]:
    """Choices of blocks of steps: all of few; of more, prefixes of the ranking and those with one more or less."""
    ranking, count = choice.ranking, len(choice.ranking.costs)
    needs = ranking.requires.tolist()
    if count <= MAX_SUBSET_STEPS:
        rows = [np.array(row, bool) for row in product((True, False), repeat=count)]
    else:
        prefixes = [np.arange(count) < size for size in range(1, count + 1)]
        swapped = (prefix ^ (np.arange(count) == at) for prefix in prefixes for at in range(count))
        rows = list(chain(prefixes, swapped))
    fits = [
        row
        for row in rows
        if row.any() and row[: ranking.protected_blocks].all() and all(row[b] or not row[a] for a, b in needs)
    ]
    return [ranking.expand_to_segments(row) for row in fits]


def _delete_phrases(choice: _Choice, kept: BoolArray, target: int, total: int) -> tuple[Deletions, int]:
    """Deletions inside the kept steps, the least harmful first, until the budget is nearly met; and what is left.

    Those without harm, such as marks of a calculator, are made before it is met, too: they leave room for what is said.
    """
    deletions: Deletions = {}
    for at, one in choice.list_optional(kept):
        if one.harm > 0 and total <= HIGH * target:
            break
        before = choice.count_saved(at, deletions.get(at, ()))
        more = choice.count_saved(at, [*deletions.get(at, ()), one]) - before
        if total - more < LOW * target:
            continue
        deletions.setdefault(at, []).append(one)
        total -= more
    return deletions, total


def _score(choice: _Choice, kept: BoolArray, deletions: Deletions, left: int, target: int) -> float:
    """The share of the backbone that a choice says, less the harm of its deletions and of a missed budget."""
    worth = _measure_worth(choice)
    harm = 0.0
    for at, held in deletions.items():
        units = max(1, choice.parsed.count_units(choice.parsed.sentences[at].start, choice.parsed.sentences[at].end))
        own = worth[_step_of(choice, at)]
        harm += own * min(0.9, sum(one.harm * choice.count_saved(at, [one]) / units for one in held))
    miss = max(0.0, LOW - left / target, left / target - HIGH)
    return float(worth[kept].sum()) - harm - BROKEN * choice.count_broken(kept) - 5 * miss


def _step_of(choice: _Choice, at: int) -> int:
    return int(np.searchsorted(choice.cut.steps, choice.parsed.sentences[at].start, side="right")) - 1


def _measure_worth(choice: _Choice) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The share of the backbone that each step adds, [steps]."""
    order: IntArray = choice.order.segments
    assert choice.order.importance is not None
    given = choice.order.importance[order]
    added = np.clip(given - np.append(given[1:], 0.0), 0.0, None)
    worth = np.empty(len(order))
    worth[order] = added
    worth[choice.dead] = 0.0
    return worth + 0.02 * (choice.costs > 0) * ~choice.dead


def _finish(choice: _Choice, kept: BoolArray, deletions: Deletions) -> Content:
    """The sentences of the kept steps, without talk, and all their changes."""
    sentences = choice.parsed.sentences
    held = [at for step in np.flatnonzero(kept).tolist() for at in choice.sentences_of[step]]
    stay = tuple(at for at in sorted(held) if at not in choice.dropped) or tuple(sorted(held)) or (len(sentences) - 1,)
    changes = {}
    for at in stay:
        spans = [(one.start, one.end, one.text) for one in choice.changes[at]]
        spans += [(one.start, one.end, "") for one in deletions.get(at, ())]
        if at - 1 not in stay and (
            turn := _TURN.match(choice.parsed.text, choice.parsed.find_text_start(sentences[at]))
        ):
            spans.append((*turn.span(), ""))  # there is nothing left that it turns back on
        changes[at] = [TextChange(*span) for span in _merge(spans)]
    return Content(stay, changes)
