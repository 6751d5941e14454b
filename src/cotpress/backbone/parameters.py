"""The numbers of the method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class BackboneParameters:
    """The numbers of the method; each was chosen on half of the problems (docs/results/backbone.md).

    Args:
        flow: the share of its need that a step passes on to what it rests on; 0 turns the flow off.
        anchor: what the answer adds to the need of the steps that state it.
        in_question: the factor of a term's worth that the question has already.
        reflective: the factor of a step that doubts or checks, and of what follows it in its paragraph.
        checking: the factor of a step that checks the answer once it was reached.
        after: the factor of a step after the answer was stated for good (`find_settled`): checks, repeats, other ways.
        waiting: a further factor of the same, until `enough` of what the answer rests on is covered.
        enough: the share of it, 0..1. Coverage counts neither these steps nor dead ends.
        retracted: the factor of a wrong attempt and of its retraction.
        abandoned: the factor of a dead end of several steps, which goes as a whole: what it says the right steps cover.
        restating: the factor of a step that says it says something again, and results in nothing new.
        inferring: the factor of a step that says why something holds, or that it cannot, and doubts nothing.
        repeating: the factor of a step that only says again what the question says.
        recurring: the factor of a step whose terms an earlier step has nearly all.
        asking: the factor of a step that is a question to oneself.
        planning: the factor of a step that only says what will be done.
        replying: the factor of a step about the reply, the user or rules, not about the matter.
        unconnected: the least factor of the need of a step in words that shares none with the others.
        apart: the factor of a step while the step before it is not kept, so that kept steps lie together.
        apart_after: the same for what follows the answer: a check is read from its beginning, or not at all.
        reuse: the share of a term's worth for a step that neither mentions it first nor is the first to result in it.
        overhead: tokens that every step is taken to cost besides its own.
        answer: the weight of the answer's own words, where it is no number.
        conclusion: the weight of the last statement of the answer, so that the reasoning does not break off.
        claim: the weight of who is said with what, where a trace has no formulas.
        verdict: the weight of a conclusion in words, as a whole, where a trace has no formulas.
        bind: whether an attempt and its retraction stay or go together.
        define: whether a step that uses a name needs the step that says what it stands for.
        follow: whether a step that goes on from the one before needs it (`find_sequels`), and the last statement of the
            answer the first one.
        coverage: whether what is covered counts no more; without, steps are ordered by need for their cost.

    >>> BackboneParameters(flow=0).flow
    0
    """

    flow: float = 0.2
    anchor: float = 0.5
    in_question: float = 0.02
    reflective: float = 0.6
    checking: float = 0.65
    after: float = 0.8
    waiting: float = 0.02
    enough: float = 0.95
    retracted: float = 0.3
    abandoned: float = 0.01
    restating: float = 0.3
    inferring: float = 1.6
    repeating: float = 0.5
    recurring: float = 0.5
    asking: float = 0.5
    planning: float = 0.3
    replying: float = 0.3
    unconnected: float = 0.1
    apart: float = 0.7
    apart_after: float = 0.3
    reuse: float = 0.5
    overhead: float = 3.0
    answer: float = 0.5
    conclusion: float = 1.0
    claim: float = 0.1
    verdict: float = 0.5
    bind: bool = True
    define: bool = True
    follow: bool = True
    coverage: bool = True


NEED_ALONE: Final = BackboneParameters(apart=1.0, follow=False)
"""For whoever says the steps anew: it does not matter which of them lie together."""
