"""How a teacher tells a problem: short, or long with everything that long chains of thought are full of.

`cotpress inspect` on real ones, R1-Distill-Qwen-32B on LIMO and Qwen3-8B's thinking: 19.4% and 28.0% of the steps are
reflective, spread evenly from start to end, and 4.5% and 7.9% are near-duplicates of an earlier one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from cotpress.world import phrases
from cotpress.world.phrases import PhraseSampler
from cotpress.world.structures import AnnotatedStep, ReasoningRole, WorldProblem

TraceGenerator = Callable[[random.Random, WorldProblem], list[AnnotatedStep]]

# Chances at each inference of a long trace.
FILLER_PROBABILITY, DEAD_END_PROBABILITY, DOUBT_PROBABILITY, REPEAT_PROBABILITY, REFLECTION_PROBABILITY = (
    0.15,
    0.04,
    0.4,
    0.25,
    0.12,
)
HESITATION_PROBABILITY = 0.35  # before the first inference and after the last
ALTERNATIVE_PROBABILITY, REVIEW_PROBABILITY = 0.2, 0.2  # at the end, where there is another way; else a review
VERBATIM_PROBABILITY = 0.6  # of saying a step again in the very words


def generate_short(rng: random.Random, problem: WorldProblem) -> list[AnnotatedStep]:
    """One rationale, each inference in a sentence or two."""
    moves = rng.choice(problem.rationales)
    return [AnnotatedStep(move.brief, ReasoningRole.ESSENTIAL) for move in moves]


def generate_long(rng: random.Random, problem: WorldProblem) -> list[AnnotatedStep]:
    """One rationale, thought aloud: restated, doubted, checked, and with attempts that are dropped."""
    return _LongTraceGenerator(rng, problem).generate()


class _LongTraceGenerator:
    """One long trace in the making."""

    def __init__(self, rng: random.Random, problem: WorldProblem) -> None:
        self.rng, self.problem = rng, problem
        order = rng.sample(range(len(problem.rationales)), len(problem.rationales))
        self.deductions, *self.others = [problem.rationales[at] for at in order]
        self.statements = [rng.choice(move.full) for move in self.deductions]
        self.fillers, self.doubts = PhraseSampler(rng, phrases.FILLERS), PhraseSampler(rng, phrases.DOUBTS)
        self.hesitations, self.reflections = (
            PhraseSampler(rng, phrases.HESITATIONS),
            PhraseSampler(rng, phrases.REFLECTIONS),
        )
        self.repeats = PhraseSampler(rng, phrases.REPEATS)

    def generate(self) -> list[AnnotatedStep]:
        sure_slip = self.rng.randrange(len(self.deductions))  # at least one attempt is abandoned
        pieces = [*self._generate_opening()]
        for at in range(len(self.deductions)):
            pieces += self._generate_deduction(at, slips=at == sure_slip)
            if at == len(self.deductions) // 2:
                pieces += self._generate_recap(at)
        if self.others and self._draw_event(ALTERNATIVE_PROBABILITY):
            pieces += self._generate_alternative()
        elif self._draw_event(REVIEW_PROBABILITY):
            pieces += self._generate_review()
        return [*pieces, *self._generate_closing()]

    def _generate_opening(self) -> Iterator[AnnotatedStep]:
        yield AnnotatedStep(self._pick(phrases.OPENINGS), ReasoningRole.RESTATEMENT)
        sentence = self._pick(phrases.GIVENS).replace("{facts}", " ".join(self.problem.facts))
        yield AnnotatedStep(sentence, ReasoningRole.RESTATEMENT)
        yield AnnotatedStep(self._pick(phrases.PLANS), ReasoningRole.FILLER)
        if self._draw_event(HESITATION_PROBABILITY):
            yield self._draw_reflection(self.hesitations)

    def _generate_deduction(self, at: int, slips: bool) -> Iterator[AnnotatedStep]:
        move, filler = self.deductions[at], at > 0 and self._draw_event(FILLER_PROBABILITY)
        if filler:
            yield AnnotatedStep(self.fillers.draw(), ReasoningRole.FILLER)
        if slips or self._draw_event(DEAD_END_PROBABILITY):
            yield AnnotatedStep(move.mistake, ReasoningRole.DEAD_END)
            yield AnnotatedStep(move.correction, ReasoningRole.DEAD_END)
            filler = False
        yield AnnotatedStep(
            self.statements[at], ReasoningRole.ESSENTIAL, continues_paragraph=filler and self._draw_event(0.5)
        )
        if self._draw_event(DOUBT_PROBABILITY):
            proof, relief = self.rng.choice(move.confirmations), self.rng.choice(phrases.CONFIRMATIONS)
            yield AnnotatedStep(f"{self.doubts.draw()} {proof} {relief}".strip(), ReasoningRole.REFLECTION)
        if self._draw_event(REPEAT_PROBABILITY):
            yield AnnotatedStep(self.repeats.draw().replace("{again}", self._restate(at)), ReasoningRole.RESTATEMENT)
        if self._draw_event(REFLECTION_PROBABILITY):
            yield self._draw_reflection(self.reflections)

    def _generate_recap(self, at: int) -> Iterator[AnnotatedStep]:
        results = [move.result for move in self.deductions[max(0, at - 2) : at + 1]]
        listed = f"{', '.join(results[:-1])} and {results[-1]}" if len(results) > 1 else results[0]
        yield AnnotatedStep(self._pick(phrases.RECAPS).replace("{results}", listed), ReasoningRole.RESTATEMENT)

    def _generate_alternative(self) -> Iterator[AnnotatedStep]:
        yield AnnotatedStep(self._pick(phrases.ALTERNATIVES), ReasoningRole.REFLECTION)
        for move in self.others[0]:
            yield AnnotatedStep(move.brief, ReasoningRole.REFLECTION)
        yield AnnotatedStep(self._pick(phrases.AGREEMENTS), ReasoningRole.REFLECTION)

    def _generate_review(self) -> Iterator[AnnotatedStep]:
        yield AnnotatedStep(self._pick(phrases.REVIEWS), ReasoningRole.REFLECTION)
        for at, move in enumerate(self.deductions):
            yield AnnotatedStep(
                self._pick(phrases.REVIEW_RESTATEMENTS).replace("{again}", self._restate(at)), ReasoningRole.RESTATEMENT
            )
            if self._draw_event(REFLECTION_PROBABILITY):
                yield AnnotatedStep(
                    f"{self.doubts.draw()} {self.rng.choice(move.confirmations)}", ReasoningRole.REFLECTION
                )

    def _generate_closing(self) -> Iterator[AnnotatedStep]:
        if self._draw_event(HESITATION_PROBABILITY):
            yield self._draw_reflection(self.reflections)
        gold = self.problem.answer.removeprefix("The answer is ").removesuffix(".")
        closing = self._pick(phrases.CLOSINGS).replace("{result}", self.deductions[-1].result)
        yield AnnotatedStep(closing.replace("{gold}", gold), ReasoningRole.RESTATEMENT)

    def _restate(self, at: int) -> str:
        return (
            self.statements[at]
            if self._draw_event(VERBATIM_PROBABILITY)
            else self.rng.choice(self.deductions[at].restatements)
        )

    def _draw_reflection(self, deck: PhraseSampler) -> AnnotatedStep:
        return AnnotatedStep(deck.draw().replace("{goal}", self.problem.goal), ReasoningRole.REFLECTION)

    def _pick(self, choices: tuple[str, ...]) -> str:
        return self.rng.choice(choices).replace("{goal}", self.problem.goal)

    def _draw_event(self, chance: float) -> bool:
        return self.rng.random() < chance
