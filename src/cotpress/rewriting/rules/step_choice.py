"""A trace's steps with what they cost, what they may lose and in which order they are needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, cached_property
from itertools import chain, pairwise, product

import numpy as np

from cotpress.backbone import NEED_ALONE
from cotpress.backbone.calculations import list_number_uses
from cotpress.backbone.confirmations import find_final_answer, mark_confirmations
from cotpress.criteria import Order
from cotpress.criteria.backbone import rank_by_backbone
from cotpress.pruning import Method, PreparedTrace, Ranking
from cotpress.pruning.trace_ranking import bind_order, build_evidence
from cotpress.rewriting.formula_bonds import find_formula_bonds, find_value_pairs
from cotpress.rewriting.rules.derivation import (
    find_answer_pairs,
    find_attempts,
    find_list_pairs,
    find_operand_pairs,
    find_repeated,
    hand_over_places,
    is_dispensable,
    promote_needed,
    read_plain_number,
)
from cotpress.rewriting.rules.detour_marks import (
    mark_after_answer,
    mark_after_conclusion,
    mark_after_reached,
    mark_after_statement,
    mark_asked,
    mark_checks,
    mark_other_solutions,
    mark_rechecks,
    mark_repeated_lists,
    mark_stale,
    mark_statements,
    mark_trailing,
)
from cotpress.rewriting.rules.ground_bonds import (
    find_choice_pairs,
    find_count_pairs,
    find_ground_pairs,
    find_number_list_pairs,
    find_ordinal_pairs,
)
from cotpress.rewriting.rules.parsed_trace import ParsedTrace, Sentence
from cotpress.rewriting.rules.phrase_deletions import PhraseDeletion, find_phrase_deletions
from cotpress.rewriting.rules.text_bonds import (
    find_bullet_pairs,
    find_case_bonds,
    find_inline_list_pairs,
    find_label_pairs,
    find_lead_pairs,
    find_pointing_pairs,
    find_proposal_bonds,
    find_quote_pairs,
    find_series_pairs,
)
from cotpress.rewriting.rules.text_changes import TextChange
from cotpress.rewriting.task import MAX_SHORT_STEPS, NEEDED_IMPORTANCE
from cotpress.text.markers import mark_reflective, mark_restating
from cotpress.text.near_duplicates import find_near_duplicates
from cotpress.text.retractions import find_retracted, takes_back
from cotpress.types import BoolArray, IntArray

MIN_STEPS = 8  # fewer, and sentences are chosen instead
MAX_SHORT_UNITS = 300  # of a reasoning of few steps that has no detour; of a longer one sentences are chosen
MAX_SUBSET_STEPS = 10  # up to so many, all steps stay that are not dead ends, and every choice of these is tried
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

_NEIGHBOUR_BONDS = (
    find_pointing_pairs,
    find_label_pairs,
    find_lead_pairs,
    find_case_bonds,
    find_proposal_bonds,
    find_ground_pairs,
    find_choice_pairs,
)

FindChanges = Callable[[ParsedTrace, Sentence], list[TextChange]]


@cache
def _get_method() -> Method:
    """How steps are ranked. It is made at first use: a method looks its criterion up, and that loads plugins."""
    return Method("backbone", protect=())


class StepChoice:
    """One trace's steps with their costs, ready to be chosen from."""

    def __init__(self, parsed: ParsedTrace, find_changes: FindChanges, most_harm: float = 1.0) -> None:
        self.parsed = parsed
        self.most_harm = most_harm
        self.changes = {at: find_changes(parsed, sentence) for at, sentence in enumerate(parsed.sentences)}
        pairs = self.attempts = find_attempts(parsed)
        self.dropped = {at for at, sentence in enumerate(parsed.sentences) if sentence.is_talk}
        last = {match[0]: match.start() for match in _NUMBER.finditer(parsed.text)} if pairs else {}
        self.dropped.update(*(range(a, r + 1) for a, r in pairs if is_dispensable(parsed, a, r, last)))
        steps = len(parsed.segmentation.steps) - 1
        few = steps < MIN_STEPS or (steps <= MAX_SUBSET_STEPS and parsed.unit_count > MAX_SHORT_UNITS)
        self.cut = parsed.by_sentence if few else parsed.segmentation
        starts = [sentence.start for sentence in parsed.sentences]
        owner = np.searchsorted(self.cut.steps, starts, side="right") - 1
        self.sentences_of: list[list[int]] = [[] for _ in range(len(self.cut.steps) - 1)]
        for at, step in enumerate(owner.tolist()):
            self.sentences_of[step].append(at)
        self.costs = np.array([sum(map(self.measure, held)) for held in self.sentences_of], np.int64)
        self.must_stay = np.array([self._states_answer(held) for held in self.sentences_of])
        tied = [pair for pair in pairs if pair[0] not in self.dropped]
        bound = {(int(owner[a]), int(owner[r])) for a, r in tied if owner[a] != owner[r]}
        self.bound = tuple(chain(*(((a, r), (r, a)) for a, r in [*bound, *find_list_pairs(self.texts)])))
        quoted = find_quote_pairs([parsed.get_sentence_text(sentence) for sentence in parsed.sentences])
        self.bound += tuple((int(owner[a]), int(owner[b])) for a, b in quoted if owner[a] != owner[b])

    def measure(self, at: int) -> int:
        """About how many units a sentence has once its surface changes are made; none if it is talk."""
        sentence = self.parsed.sentences[at]
        if at in self.dropped:
            return 0
        saved = sum(
            self.parsed.count_deleted_units(one.start, one.end) - len(one.text.split()) for one in self.changes[at]
        )
        return max(0, self.parsed.count_units(sentence.start, sentence.end) - saved)

    def _states_answer(self, held: Sequence[int]) -> bool:
        return any(self.parsed.sentences[at].states_answer for at in held)

    @cached_property
    def texts(self) -> list[str]:
        """The text of each step."""
        return [self.cut.text[start:end] for start, end in pairwise(self.cut.steps.tolist())]

    @cached_property
    def order(self) -> Order:
        """The steps, what the answer rests on first; dead ends last, whatever their importance."""
        prepared = PreparedTrace(self.parsed.trace, self.cut, np.ones(len(self.cut.kinds), np.int64))
        self.prepared = prepared
        evidence = build_evidence(prepared, _get_method())
        evidence = replace(evidence, costs=np.maximum(self.costs, 1))
        given = rank_by_backbone(evidence, NEED_ALONE)
        if not self.parsed.cautious:  # a check that failed may miss what was put last
            given = hand_over_places(given, self._repeated)
        requires = (*given.requires, *self.bound, *self.operand_pairs, *self.bonds)
        return replace(promote_needed(given, [*requires, *self.cut.requires]), requires=requires)

    @cached_property
    def operand_pairs(self) -> list[tuple[int, int]]:
        """Pairs (step, maker): a step stands only with the one that works out what it calculates with."""
        apart = self._retracted | (self.costs == 0)
        apart[list(self._repeated)] = True
        anew = self.is_short & ~self.turning
        stating = self.must_stay | (len(self.texts) <= MAX_SHORT_STEPS)
        return find_operand_pairs(self.texts, self.parsed.trace.question, apart, anew, stating)

    @cached_property
    def _final_answer(self) -> str:
        return find_final_answer(self.parsed.trace)

    @property
    def _telling_answer(self) -> str:
        """The final answer where it is a number that the question has not: who has it has worked it out."""
        number = read_plain_number(self._final_answer)
        given = {one for one, _ in list_number_uses(self.parsed.trace.question)}
        return "" if number in given else number

    @cached_property
    def bonds(self) -> list[tuple[int, int]]:
        """Pairs (step, needed): a step stands only with what its formulas and its words need."""
        texts, said_nothing = self.texts, self._retracted | (self.costs == 0)
        apart = said_nothing.copy()
        apart[list(self._repeated)] = True
        turning, question = self.turning, self.parsed.trace.question
        stale = apart if self.is_short else apart | (mark_stale(texts, apart) & ~self.must_stay)
        pairs = find_formula_bonds(texts, question, stale)  # who says again what is known gives no meaning
        second = self._retracted | turning  # talk such as "Thus," is no second thought
        second[list(self._repeated)] = True
        pairs += find_answer_pairs(texts, self._final_answer, question, self.must_stay, second)
        pairs += find_value_pairs(texts, question, apart | turning)
        pairs += find_count_pairs(texts, question, apart | turning)
        for find in _NEIGHBOUR_BONDS:
            pairs += find(texts, said_nothing)
        for find in (find_series_pairs, find_bullet_pairs, find_ordinal_pairs, find_number_list_pairs):
            pairs += self._drop_long(find(texts, said_nothing))
        return list(dict.fromkeys([*pairs, *find_inline_list_pairs(texts)]))

    def _drop_long(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The pairs of neighbours without those of series that would take more than half of the budget."""
        if self.parsed.max_units is None:
            return pairs
        held = np.zeros(len(self.texts) + 1, bool)
        held[[at for pair in pairs for at in pair if at == min(pair)]] = True  # bound to the next one
        kept, start = set[int](), 0
        for at in range(len(self.texts)):
            if not held[at]:
                if self.costs[start : at + 1].sum() <= self.parsed.max_units / 2:
                    kept.update(range(start, at))
                start = at + 1
        return [pair for pair in pairs if min(pair) in kept]

    @cached_property
    def _retracted(self) -> BoolArray:
        """[steps], wrong attempts and what takes them back; a step that takes back what it said itself is neither."""
        retracted = np.zeros(len(self.texts), bool)
        for attempt, retraction in find_retracted(self.texts):
            opening = self.parsed.get_sentence_text(self.parsed.sentences[self.sentences_of[retraction][0]])
            within = len(self.sentences_of[retraction]) > 1 and not takes_back(opening, self.parsed.language or "en")
            if not within and not self.must_stay[attempt] and not self.must_stay[retraction]:
                retracted[[attempt, retraction]] = True
        return retracted

    @cached_property
    def _repeated(self) -> dict[int, frozenset[int]]:
        """Steps that calculate again what others did, and those; not the one that states the answer."""
        if self.is_short:  # what is calculated again there is something else: "Her eggs are 2 * 3 = 6, too."
            return {}
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
        turning, question = self.turning, self.parsed.trace.question
        dead = (self.costs == 0) | self._retracted
        if self.parsed.cautious:
            return np.asarray(dead & ~self.must_stay)
        dead[list(self._repeated)] = True
        aside = turning | np.array(mark_restating(self.texts))
        aside |= find_near_duplicates(self.texts) & (self.costs > 3)
        dead |= aside & (given <= NEEDED_IMPORTANCE)
        dead |= turning & mark_rechecks(self.texts)
        dead |= mark_confirmations(self.texts, self._telling_answer, turning & ~self.must_stay)
        dead |= mark_after_answer(self.texts, self._final_answer, question, turning & ~self.must_stay)
        dead |= mark_after_reached(self.texts, self._telling_answer, turning & ~self.must_stay)
        dead |= mark_after_conclusion(self.texts, self._final_answer, turning & ~self.must_stay)
        dead |= mark_checks(self.texts, turning)
        dead |= mark_after_statement(self.texts, self._final_answer, turning & ~self.must_stay)
        dead |= mark_other_solutions(self.texts, self._final_answer)
        dead |= mark_statements(self.texts, self._final_answer)
        dead |= mark_asked(self.texts, self.parsed.trace.question)
        dead |= mark_trailing(self.texts, self.must_stay)
        if not self.is_short:
            dead |= mark_stale(self.texts, dead) | mark_repeated_lists(self.texts)
        dead &= ~self.must_stay
        for step, maker in sorted(self.operand_pairs, reverse=True):
            dead[maker] &= dead[step]
        self._revive(dead)
        return np.asarray(dead)

    def _revive(self, dead: BoolArray) -> None:
        """No step is outside the derivation that one within it needs."""
        needed: dict[int, list[int]] = {}
        for step, other in self.bonds:
            needed.setdefault(step, []).append(other)
        waiting = [step for step in needed if not dead[step]]
        while waiting:
            for other in needed.get(waiting.pop(), ()):
                if dead[other]:
                    dead[other] = False
                    waiting.append(other)

    @cached_property
    def turning(self) -> BoolArray:
        """[steps], in which the author turns back on the work."""
        return np.array(mark_reflective(self.texts), bool)

    @property
    def is_short(self) -> bool:
        """Whether the reasoning has so few steps that none is a detour but what is dead."""
        return len(self.texts) <= MAX_SUBSET_STEPS

    @cached_property
    def ranking(self) -> Ranking:
        """The steps as blocks that can only be kept whole, the most needed first."""
        order, dead = self.order, self.dead
        placed = np.concatenate([order.segments[~dead[order.segments]], order.segments[dead[order.segments]]])
        return self.rank_by_costs(placed, self.costs)

    def rank_by_costs(self, segments: IntArray, costs: IntArray) -> Ranking:
        """Rank the steps in the order given, at these costs. Steps that require each other are one block."""
        bound = Order(segments, self.importance, self.order.requires)
        stay = self.must_stay | ~self.dead if self.is_short else self.must_stay
        return bind_order(self.prepared, _get_method(), bound, costs, stay).ranking

    def list_optional(self, kept: BoolArray, most_harm: float = 1.0) -> list[tuple[int, PhraseDeletion]]:
        """What sentences of the kept steps may lose, the least harmful first: (sentence, deletion)."""
        held = [at for step in np.flatnonzero(kept).tolist() for at in self.sentences_of[step]]
        found = [(at, one) for at in held for one in self.optional_of(at) if one.harm <= most_harm]
        return sorted(found, key=lambda pair: (pair[1].harm, pair[0]))

    def optional_of(self, at: int) -> list[PhraseDeletion]:
        """What one sentence may lose."""
        sentence = self.parsed.sentences[at]
        if at in self.dropped:
            return []
        if at not in self._optional:
            changes = self.changes[at]
            fits = [one for one in find_phrase_deletions(self.parsed, sentence) if _nests(one, changes)]
            most = 0.0 if self.parsed.cautious else self.most_harm
            self._optional[at] = [one for one in fits if one.harm <= most]
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
            - sum(self.parsed.count_deleted_units(a, b) - len(text.split()) for a, b, text in merge_spans(spans))
        )


def _nests(one: PhraseDeletion, changes: Sequence[TextChange]) -> bool:
    """Whether a deletion holds each change or is apart from it."""
    return all(
        (one.start <= each.start and each.end <= one.end) or each.end <= one.start or one.end <= each.start
        for each in changes
    )


def merge_spans(spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Spans without those that another one holds, ascending; neighbours that touch stay two."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def list_step_choices(choice: StepChoice) -> list[BoolArray]:
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
