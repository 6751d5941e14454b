"""No step that the answer rests on has lost its result."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from cotpress.backbone import NEED_ALONE, find_backbone
from cotpress.backbone.confirmations import find_final_answer, mark_confirmations
from cotpress.backbone.terms import extract_terms
from cotpress.rewriting.checks.clause_meaning import cut_text
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check
from cotpress.rewriting.formula_bonds import find_formula_bonds
from cotpress.rewriting.task import MAX_SHORT_STEPS, NEEDED_IMPORTANCE
from cotpress.text import segment
from cotpress.text.markers import mark_reflective
from cotpress.text.retractions import find_retracted
from cotpress.types import Trace

MIN_KEPT_SHARE = 0.9  # share of the results of the backbone that a rewrite must have
MAX_LOST = 1  # up to so many results may be lost, whatever their share
ROOM = 0.8  # share of a longer text that is for such steps and what they need; the rest makes it readable
_VALUE = re.compile(r"-?[\w.√π]{1,20}(?:[/^]\(?[\w.]{1,12}\)?)?[%°]?\Z")
_CALCULATOR_MARK = re.compile(r"<<[^<>\n]{0,200}>>")
_STATEMENTS = re.compile(r"(?<=[.;,!?])\s|\n")
_MAX_LISTED = 5
_WITH_ARTICLE = re.compile(r"[\d.]+a")
_ARTICLE_OF_UNIT = re.compile(r"\d a [a-z]{2}")


@register_check("backbone-kept")
def backbone_kept(draft: Draft) -> str | None:
    """Fails where results are lost of steps that the answer rests on and that the rewrite's length could hold."""
    lost, count = _compare(draft)
    if len(lost) <= MAX_LOST or len(lost) <= (1 - MIN_KEPT_SHARE) * count:
        return None
    listed = ", ".join(sorted(lost)[:_MAX_LISTED])
    more = f" and {len(lost) - _MAX_LISTED} more" if len(lost) > _MAX_LISTED else ""
    return f"It leaves out results that the answer rests on: {listed}{more}."


def measure_backbone_kept(draft: Draft) -> float:
    """The share of the backbone's results that a rewrite still has, 0..1; 1.0 where there are none.

    The backbone at a length are the steps that pruning by the criterion "backbone" would keep of the trace at that
    length, and that cover what the answer rests on.

    >>> from cotpress.rewriting.levels import get_level
    >>> trace = Trace("1", "2 + 3, times 4?", "We add 2 + 3 = 5.\\n\\nThen 5 * 4 = 20.\\n\\nThe answer is 20.")
    >>> measure_backbone_kept(Draft(trace, "2 + 3 = 5. Then 5 * 4 = 20. The answer is 20.", get_level("fuse")))
    1.0
    """
    lost, count = _compare(draft)
    return 1 - len(lost) / count if count else 1.0


def _compare(draft: Draft) -> tuple[set[str], int]:
    """The results of the backbone that a rewrite has lost, and how many there are."""
    ratio = len(draft.rewritten.kinds) / max(1, len(draft.original.kinds))
    steps = list_backbone_steps(draft.trace, draft.original.mode, ratio)
    wanted = {result for step in steps for result in step.results}
    return wanted - _collect_values(draft.text), len(wanted)


@dataclass(frozen=True, slots=True)
class BackboneStep:
    """A step of a trace: its place among the steps, its importance 0..1, its cost in units, its results, the steps that
    it needs, and whether it only confirms an answer that was worked out before."""

    text: str
    place: int
    importance: float
    cost: int
    results: frozenset[str]
    needs: tuple[int, ...] = ()
    is_confirmation: bool = False


def list_backbone_steps(trace: Trace, mode: str, ratio: float) -> list[BackboneStep]:
    """The steps that the answer rests on and that a share of the units can hold, the most needed first.

    Args:
        trace: the original.
        mode: how its steps are cut.
        ratio: the share of the units, 0..1.

    >>> trace = Trace("1", "2 + 3, times 4?", "Okay, so.\\n\\nWe add 2 + 3 = 5.\\n\\nThen 5 * 4 = 20.")
    >>> sorted(step.text.strip() for step in list_backbone_steps(trace, "paragraph", 1.0))
    ['Then 5 * 4 = 20.', 'We add 2 + 3 = 5.']
    """
    ranked = _rank_steps(trace, mode)
    by_place = {step.place: step for step in ranked}
    long = len(ranked) > MAX_SHORT_STEPS
    left = (ROOM if long else 1.0) * ratio * sum(step.cost for step in ranked)
    steps, held = list[BackboneStep](), set[int]()
    for step in ranked:
        if step.is_confirmation:
            continue  # a second check has much of the answer in it, and nothing rests on it
        more = _find_needed(step.place, by_place, held) if long else {step.place}
        left -= sum(by_place[place].cost for place in more)
        if left < 0 or step.importance <= NEEDED_IMPORTANCE:
            break
        held |= more
        steps.append(step)
    return steps


def _find_needed(place: int, steps: Mapping[int, BackboneStep], held: Collection[int]) -> set[int]:
    """A step and all that it needs, however indirectly, without what is there already."""
    found, waiting = set[int](), [place]
    while waiting:
        one = waiting.pop()
        if one not in found and one not in held:
            found.add(one)
            waiting += steps[one].needs
    return found


@lru_cache(maxsize=4)
def _rank_steps(trace: Trace, mode: str) -> tuple[BackboneStep, ...]:
    """The steps of a trace, the most needed first."""
    cut = segment(trace.reasoning, mode)
    steps = [trace.reasoning[start:end] for start, end in pairwise(cut.steps.tolist())]
    costs = np.diff(np.searchsorted(cut.units, cut.steps))
    needs: dict[int, list[int]] = {}
    for step, other in (*cut.requires, *find_formula_bonds(steps, trace.question, np.zeros(len(steps), bool))):
        needs.setdefault(step, []).append(other)
    found, live = find_backbone(trace, steps, costs, NEED_ALONE), _find_live_results(trace.reasoning)
    confirming = mark_confirmations(steps, find_final_answer(trace), np.array(mark_reflective(steps), bool))
    return tuple(
        BackboneStep(
            text=steps[at],
            place=at,
            importance=float(found.importance[at]),
            cost=int(costs[at]),
            results=live.intersection(_list_results(steps[at])),
            needs=tuple(needs.get(at, ())),
            is_confirmation=bool(confirming[at]),
        )
        for at in found.order.tolist()
    )


def _find_live_results(reasoning: str) -> frozenset[str]:
    """The results of all sentences but wrong attempts and what takes them back."""
    sentences = [reasoning[start:end].strip() for start, end in pairwise(cut_text(reasoning, "sentence"))]
    dead = {at for attempt, retraction in find_retracted(sentences) for at in range(attempt, retraction + 1)}
    return frozenset(
        result for at, sentence in enumerate(sentences) if at not in dead for result in _list_results(sentence)
    )


def _list_results(step: str) -> Iterator[str]:
    """The right sides of a step's equations: numbers, fractions, names."""
    for term in extract_terms(_CALCULATOR_MARK.sub("", step)).results:
        value = term.rpartition("=")[2]
        value = _strip_article(value, step)
        if _VALUE.match(value) and any(map(str.isalnum, value)) and (value[-1].isalnum() or value[-1] in ")%°"):
            yield value


def _strip_article(value: str, text: str) -> str:
    """A number without the article of its unit: "33,000 a year" is 33000, not 33000a."""
    return value[:-1] if _WITH_ARTICLE.fullmatch(value) and _ARTICLE_OF_UNIT.search(text) else value


def _collect_values(text: str) -> set[str]:
    """All that a text has as a number or a side of a relation, as a step's results are spelled."""
    values: set[str] = set()
    text = _CALCULATOR_MARK.sub("", text)
    for statement in (text, *_STATEMENTS.split(text)):
        for term in extract_terms(statement).weights:
            sides = {term, *re.split(r"[=≈≡<>≤≥]", term)}
            values |= sides | {_strip_article(side, statement) for side in sides}
    return values
