"""What is said at a budget: the steps that the answer rests on, by the backbone's need alone.

All levels choose by this one order; they differ in how they say it. What lies outside the derivation goes first: talk,
wrong attempts with their retraction, repetitions and second checks. Where few steps are left to choose from, phrases
inside sentences may go, so that a budget is met without losing a step.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from cotpress.pruning import Ranking
from cotpress.pruning.block_selection import select_blocks
from cotpress.rewriting.rules.detours import add_detours
from cotpress.rewriting.rules.parsed_trace import ParsedTrace
from cotpress.rewriting.rules.phrase_deletions import LIGHT, VERBATIM, PhraseDeletion
from cotpress.rewriting.rules.step_choice import (
    FindChanges,
    StepChoice,
    list_step_choices,
    merge_spans,
)
from cotpress.rewriting.rules.text_changes import ChangesBySentence, TextChange
from cotpress.rewriting.task import MAX_SHORT_STEPS
from cotpress.text.steps.step_shapes import asks, classify_reply
from cotpress.types import BoolArray, IntArray

LOW, HIGH = 0.82, 1.15  # of the budget: a choice of few steps between them is near enough
MAX_REPLY_WORDS = 2
_TURN = re.compile(r"(?:but |oh,? |no,? )?wait,\s+(?:(?:but|no|so),?\s+)?(?=\w)", re.IGNORECASE)
# What turns against a claim, or gives a case of it, says nothing without it.
_CASE = re.compile(r"like,\s", re.IGNORECASE)
_LINK = re.compile(
    r"(?:but|however|yet|for example|for instance)(?:,\s+|\s+(?!(?:also|if|then|not)\b))(?=\w)", re.IGNORECASE
)


@dataclass(frozen=True)
class Content:
    """The sentences that stay, ascending, what changes inside each, and the one that says most of the answer."""

    kept: tuple[int, ...]
    changes: ChangesBySentence
    chief: int


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
    choice = StepChoice(parsed, find_changes, 1.0 if shortens else VERBATIM)
    if parsed.max_units is None:
        return _finish(choice, _close(~choice.dead, choice), {})
    room = HIGH if parsed.cautious else 1.0  # a draft that failed may have left out too much
    target = max(1, int(room * parsed.max_units) - spared)
    if len(choice.sentences_of) <= MAX_SHORT_STEPS and not parsed.cautious:
        return _finish(choice, *_choose_among_few(choice, target))
    return _finish(choice, *_choose_among_many(choice, target, shortens))


def _close(kept: BoolArray, choice: StepChoice) -> BoolArray:
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


def _choose_among_many(choice: StepChoice, target: int, shortens: bool) -> tuple[BoolArray, Deletions, frozenset[int]]:
    """The longest prefix of the ranking that fits, and what still fits after it; and steps that stay as they stand."""
    everything = np.ones(len(choice.costs), bool)
    deletions: Deletions = {}
    saved = np.zeros(len(choice.costs), np.int64)
    if shortens:
        for at, one in choice.list_optional(everything, LIGHT):
            deletions.setdefault(at, []).append(one)
        saved = np.array(
            [sum(choice.count_saved(at, deletions.get(at, ())) for at in held) for held in choice.sentences_of]
        )
    costs = np.maximum(choice.costs - saved, 0)
    ranking = choice.rank_by_costs(choice.ranking.order, costs)
    chosen = _select_blocks(ranking, target)
    bare = ranking.expand_to_segments(_drop_filler(choice, ranking, chosen, 0))
    detours, total = add_detours(choice, bare, int(costs[bare].sum()), int(LOW * target), int(HIGH * target))
    if total >= LOW * target:
        kept = _close(bare | np.isin(np.arange(len(bare)), detours), choice)
    else:
        kept, detours = ranking.expand_to_segments(_drop_filler(choice, ranking, chosen, int(LOW * target))), []
    total = int(costs[kept].sum())
    if total > HIGH * target and not detours:
        more, total = _delete_phrases(choice, kept, target, int(choice.costs[kept].sum()))
        return kept, more, frozenset()
    return kept, deletions, frozenset(detours)


def _select_blocks(ranking: Ranking, target: int) -> BoolArray:
    """The longest prefix of the ranking that fits; where that is too short, what still fits after it."""
    chosen = select_blocks(ranking, target, fill=False)
    filled = select_blocks(ranking, target, fill=True)
    total = int(ranking.costs[chosen].sum())
    for block in np.flatnonzero(filled & ~chosen).tolist():
        if total >= LOW * target:
            break
        chosen[block] = True
        total += int(ranking.costs[block])
    return chosen


def _drop_filler(choice: StepChoice, ranking: Ranking, chosen: BoolArray, least: int) -> BoolArray:
    """The chosen blocks without what lies outside the derivation, as far as so many units are left."""
    total = int(ranking.costs[chosen].sum())
    starts = np.concatenate([[0], np.cumsum(ranking.block_sizes)])
    needs: dict[int, list[int]] = {}
    for block, other in ranking.requires.tolist():
        needs.setdefault(block, []).append(other)
    needed = Counter(other for block in np.flatnonzero(chosen).tolist() for other in needs.get(block, ()))
    left = chosen.copy()
    for block in np.flatnonzero(chosen)[::-1].tolist():
        cost, held = int(ranking.costs[block]), ranking.order[starts[block] : starts[block + 1]]
        spare = block >= ranking.protected_blocks and not needed[block] and bool(choice.dead[held].all())
        if spare and total - cost >= least:
            left[block] = False
            total -= cost
            needed.subtract(needs.get(block, ()))
    return left


def _choose_among_few(choice: StepChoice, target: int) -> tuple[BoolArray, Deletions, frozenset[int]]:
    """The choice of steps, with phrases deleted in them, that loses least of what the answer rests on."""
    best: tuple[float, BoolArray, Deletions] | None = None
    for kept in list_step_choices(choice):
        total = int(choice.costs[kept].sum())
        deletions, left = _delete_phrases(choice, kept, target, total)
        score = _score(choice, kept, deletions, left, target)
        if best is None or score > best[0]:
            best = score, kept, deletions
    assert best is not None
    return best[1], best[2], frozenset()


def _delete_phrases(choice: StepChoice, kept: BoolArray, target: int, total: int) -> tuple[Deletions, int]:
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


def _score(choice: StepChoice, kept: BoolArray, deletions: Deletions, left: int, target: int) -> float:
    """The share of the backbone that a choice says, less the harm of its deletions and of a missed budget."""
    worth = _measure_worth(choice)
    harm = 0.0
    for at, held in deletions.items():
        units = max(1, choice.parsed.count_units(choice.parsed.sentences[at].start, choice.parsed.sentences[at].end))
        own = worth[_step_of(choice, at)]
        harm += own * min(0.9, sum(one.harm * choice.count_saved(at, [one]) / units for one in held))
    miss = max(0.0, LOW - left / target, left / target - HIGH)
    outside = 0.05 * int((kept & choice.dead & (choice.costs > 0)).sum())
    return float(worth[kept].sum()) - harm - outside - 5 * miss


def _step_of(choice: StepChoice, at: int) -> int:
    return int(np.searchsorted(choice.cut.steps, choice.parsed.sentences[at].start, side="right")) - 1


def _measure_worth(choice: StepChoice) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The share of the backbone that each step adds, [steps]."""
    order: IntArray = choice.order.segments
    assert choice.order.importance is not None
    given = choice.order.importance[order]
    added = np.clip(given - np.append(given[1:], 0.0), 0.0, None)
    worth = np.empty(len(order))
    worth[order] = added
    worth[choice.dead] = 0.0
    return worth + 0.02 * (choice.costs > 0) * ~choice.dead


def _finish(
    choice: StepChoice, kept: BoolArray, deletions: Deletions, verbatim: frozenset[int] = frozenset()
) -> Content:
    """The sentences of the kept steps, without talk, and all their changes; steps that are verbatim have none."""
    sentences = choice.parsed.sentences
    held = [at for step in np.flatnonzero(kept).tolist() for at in choice.sentences_of[step]]
    whole = {at for step in verbatim for at in choice.sentences_of[step]}
    first = next((at for at, sentence in enumerate(sentences) if not sentence.is_talk), 0)
    turned = next((at for step, held in enumerate(choice.sentences_of) if choice.turning[step] for at in held), first)
    whole -= {*range(max(first, turned))}  # what is said before the first doubt is no part of one: "Okay, let's see."
    said = [at for at in sorted(held) if at in whole or at not in choice.dropped]
    stay = _drop_open_questions(choice, said) or tuple(sorted(held)) or (len(sentences) - 1,)
    changes, kept_sentences = {}, frozenset(stay)
    lost = _list_lost(choice, kept_sentences)
    for at in stay:
        spans = [] if at in whole else [(one.start, one.end, one.text) for one in choice.changes[at]]
        spans += [] if at in whole else [(one.start, one.end, "") for one in deletions.get(at, ())]
        start = choice.parsed.find_text_start(sentences[at])
        turn = _TURN.match(choice.parsed.text, start) if at - 1 not in kept_sentences else None
        link = _LINK.match(choice.parsed.text, start) if at in lost else None
        spans += [(*found.span(), "") for found in (turn, link) if found]  # there is nothing left that it turns back on
        changes[at] = [TextChange(*span) for span in merge_spans(spans)]
    return Content(stay, changes, _find_chief(choice))


def _list_lost(choice: StepChoice, kept: frozenset[int]) -> frozenset[int]:
    """The sentences of which the last one before them that is no talk is gone."""
    lost, before = set[int](), -1
    for at, sentence in enumerate(choice.parsed.sentences):
        if before >= 0 and before not in kept:
            lost.add(at)
        before = before if sentence.is_talk else at
    return frozenset(lost)


def _find_chief(choice: StepChoice) -> int:
    """The last sentence of the step that the answer needs most, talk aside."""
    first = next((step for step in choice.order.segments.tolist() if not choice.dead[step]), len(choice.costs) - 1)
    said = [at for at in choice.sentences_of[first] if at not in choice.dropped]
    return (said or choice.sentences_of[first])[-1]


def _drop_open_questions(choice: StepChoice, said: list[int]) -> tuple[int, ...]:
    """The sentences without questions of which nothing is left of what came after them: nobody answers them."""
    sentences, stay = choice.parsed.sentences, set(said)
    for at in reversed(said):
        if asks(choice.parsed.get_sentence_text(sentences[at])) and not sentences[at].states_answer:
            after = next((later for later in range(at + 1, len(sentences)) if later not in choice.dropped), None)
            if after not in stay:
                stay.discard(at)
    stay -= {at for at in stay if _leads_to_lost(choice, at, stay)}
    stay -= {at for at in stay if at - 1 not in stay and _answers_alone(choice, at)}
    return tuple(at for at in sorted(stay) if at - 1 in stay or not _illustrates(choice, at))


def _leads_to_lost(choice: StepChoice, at: int, stay: Set[int]) -> bool:
    """Whether a sentence leads to a wrong attempt that is gone: "Denote the vertices as follows:"."""
    text = choice.parsed.get_sentence_text(choice.parsed.sentences[at])
    lost = (
        at + 1 in choice.dropped and not choice.parsed.sentences[at + 1].is_talk
        if at + 1 < len(choice.parsed.sentences)
        else False
    )
    return lost and at + 1 not in stay and text.endswith((":", "："))


def _illustrates(choice: StepChoice, at: int) -> bool:
    """Whether a sentence gives a case of the one before: "Like, people confuse weight with volume." """
    sentence = choice.parsed.sentences[at]
    return not sentence.states_answer and _CASE.match(choice.parsed.get_sentence_text(sentence)) is not None


def _answers_alone(choice: StepChoice, at: int) -> bool:
    """Whether a sentence is the reply in a word or two to the question before it."""
    sentence = choice.parsed.sentences[at]
    text = choice.parsed.get_sentence_text(sentence)
    return sentence.follows_question and not sentence.states_answer and is_reply(text)


def is_reply(text: str) -> bool:
    """Whether a sentence answers a question before it in a word or two, and so is no part of what follows.

    >>> is_reply("No."), is_reply("It is 5.")
    (True, False)
    """
    if ":" in text or any(map(str.isdigit, text)):  # "Answer: Fourth."
        return False
    return len(text.split()) <= MAX_REPLY_WORDS and classify_reply(text) == "short"
