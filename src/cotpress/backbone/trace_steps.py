"""What the steps of a trace say, and where among them its answer stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from cotpress.backbone.answer_terms import CONCLUSION_TERM, add_answer, add_conclusion, read_answer
from cotpress.backbone.claims import add_claims, add_verdicts
from cotpress.backbone.need import index_terms
from cotpress.backbone.parameters import BackboneParameters
from cotpress.backbone.question_terms import read_given
from cotpress.backbone.settled import find_settled
from cotpress.backbone.terms import StepTerms, extract_terms
from cotpress.text.markers import mark_inferring
from cotpress.text.retractions import find_dead_ends
from cotpress.text.steps.tag_lines import drop_lone_tags
from cotpress.types import BoolArray, IntArray, Trace


@dataclass(frozen=True, slots=True, eq=False)
class TraceSteps:
    """The steps of one trace, n of them.

    Args:
        texts: [n], without tags on lines of their own.
        terms: [n], what each says.
        infers: [n], whether each says why something holds, or that it cannot.
        costs: [n], tokens of each.
        question: the question of the trace.
        given: the terms of the question.
        answer: the answer that is looked for; "" for none.
        dead_ends: wrong attempts, the steps of each.
        mentions: the steps that mention each term, in order, those of dead ends last.
        settled: the first step that states the answer for good; n where none does.
    """

    texts: Sequence[str]
    terms: Sequence[StepTerms]
    infers: Sequence[bool]
    costs: IntArray
    question: str
    given: frozenset[str]
    answer: str
    dead_ends: Sequence[tuple[int, ...]]
    mentions: dict[str, list[int]]
    settled: int

    @property
    def dead(self) -> frozenset[int]:
        """The steps of all dead ends."""
        return frozenset(chain.from_iterable(self.dead_ends))

    @property
    def concluding(self) -> BoolArray:
        """[n], which step concludes to the answer at the end; one at the most."""
        return np.array([CONCLUSION_TERM in step.weights for step in self.terms], np.bool_)

    @property
    def after(self) -> BoolArray:
        """[n], which steps come after the answer was stated for good, the one that concludes aside."""
        return (np.arange(len(self.texts)) > self.settled) & ~self.concluding


def read_trace_steps(
    trace: Trace, texts: Sequence[str], costs: Sequence[int], chosen: BackboneParameters
) -> TraceSteps:
    """Read the steps of a trace.

    Args:
        trace: its question, answer and gold answer.
        texts: [n], the texts of its steps.
        costs: [n], tokens of each.
        chosen: the weights of the answer's words, claims, verdicts and the conclusion.

    >>> steps = ["2+3=5.", "So the answer is 5.", "Let me check."]
    >>> read_trace_steps(Trace("1", "2+3?", ""), steps, [4, 5, 3], BackboneParameters()).settled
    3
    """
    steps, answer = [drop_lone_tags(text) for text in texts], read_answer(trace)
    terms = add_answer([extract_terms(step) for step in steps], steps, answer, chosen.answer)
    infers = mark_inferring(steps)
    terms = add_verdicts(add_claims(terms, steps, chosen.claim), steps, infers, chosen.verdict)
    dead_ends = find_dead_ends(steps)
    dead = frozenset(chain.from_iterable(dead_ends))
    settled = find_settled(steps, terms, answer, trace.question, dead)
    terms = add_conclusion(terms, steps, answer, chosen.conclusion, settled)
    given, mentions = read_given(trace.question), index_terms(terms, dead)
    step_costs = np.array(costs, np.int64)
    return TraceSteps(steps, terms, infers, step_costs, trace.question, given, answer, dead_ends, mentions, settled)
