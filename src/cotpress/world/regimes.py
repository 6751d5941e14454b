"""How a teacher tells a problem: short, or long with everything that long chains of thought are full of.

`cotpress inspect` on real ones, R1-Distill-Qwen-32B on LIMO and Qwen3-8B's thinking: 19.4% and 28.0% of the steps are
reflective, spread evenly from start to end, 1.7 to 1.8 of them in a row, and 4.5% and 7.9% are near-duplicates of an
earlier one. Their steps are as uneven in length: the standard deviation is about the mean.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from cotpress.world import phrases
from cotpress.world.phrases import PhraseSampler
from cotpress.world.structures import AnnotatedStep, Deduction, ReasoningRole, WorldProblem, count_marks

TraceGenerator = Callable[[random.Random, WorldProblem], list[AnnotatedStep]]

# Chances at each inference of a long trace.
FILLER_PROBABILITY, DEAD_END_PROBABILITY, DOUBT_PROBABILITY, REPEAT_PROBABILITY, REFLECTION_PROBABILITY = (
    0.15,
    0.03,
    0.18,
    0.25,
    0.05,
)
FURTHER_DOUBT_PROBABILITY = 0.35  # of more reflective steps in a row
THIRD_DOUBT_PROBABILITY = 0.3  # ... and that there is one more before the last
FOLLOWER_WEIGHTS = (
    0.4,
    0.25,
    0.35,
)  # of how many sentences follow from a mistaken attempt before it is dropped: 0 to 2
CONFIDENT_PROBABILITY = 0.3  # of a remark that all is well inside such an attempt
HESITATION_PROBABILITY = 0.2  # before the first inference and after the last
ALTERNATIVE_PROBABILITY, REVIEW_PROBABILITY = 0.15, 0.35  # at the end, where there is another way; else a review
VERBATIM_PROBABILITY = 0.7  # of saying a step again in the very words
BRIEF_PROBABILITY = 0.5  # of making an inference in few words
JOINED_PROBABILITY = 0.45  # of going on in the same paragraph
JOINED_OPENING_PROBABILITY = 0.8  # ... from the question to what is given


def generate_short(rng: random.Random, problem: WorldProblem) -> list[AnnotatedStep]:
    """One rationale, each inference in a sentence or two."""
    deductions = rng.choice(problem.rationales)
    return [tell(deduction.brief, deduction) for deduction in deductions]


def generate_long(rng: random.Random, problem: WorldProblem) -> list[AnnotatedStep]:
    """One rationale, thought aloud: restated, doubted, checked, and with attempts that are dropped."""
    return _LongTraceGenerator(rng, problem).generate()


def tell(text: str, *deductions: Deduction, role: ReasoningRole | None = None, joined: bool = False) -> AnnotatedStep:
    """A step that tells what was inferred: its marks are all of one inference, or one of each of several."""
    facts = [deduction.fact for deduction in deductions if deduction.fact]
    named = tuple(facts * count_marks(text)) if len(facts) == 1 else tuple(facts)
    return AnnotatedStep(text, role or deductions[0].role, named, joined)


class _LongTraceGenerator:
    """One long trace in the making."""

    def __init__(self, rng: random.Random, problem: WorldProblem) -> None:
        self.rng, self.problem = rng, problem
        order = rng.sample(range(len(problem.rationales)), len(problem.rationales))
        self.deductions, *self.others = [problem.rationales[at] for at in order]
        self.statements = [
            deduction.brief if self._draw_event(BRIEF_PROBABILITY) else rng.choice(deduction.full)
            for deduction in self.deductions
        ]
        self.fillers, self.doubts = PhraseSampler(rng, phrases.FILLERS), PhraseSampler(rng, phrases.DOUBTS)
        self.hesitations, self.reflections, self.further = (
            PhraseSampler(rng, phrases.HESITATIONS),
            PhraseSampler(rng, phrases.REFLECTIONS),
            PhraseSampler(rng, phrases.FURTHER_DOUBTS),
        )
        self.repeats = PhraseSampler(rng, phrases.REPEATS)

    def generate(self) -> list[AnnotatedStep]:
        inferences = [at for at, deduction in enumerate(self.deductions) if deduction.fact]
        sure_slip = self.rng.choice(inferences)  # at least one attempt is abandoned
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
        sentence = self._pick(phrases.GIVENS).replace("{facts}", " ".join(self.problem.givens))
        joined = self._draw_event(JOINED_OPENING_PROBABILITY)
        yield AnnotatedStep(sentence, ReasoningRole.RESTATEMENT, continues_paragraph=joined)
        yield AnnotatedStep(self._pick(phrases.PLANS), ReasoningRole.FILLER, continues_paragraph=self._joins())
        if self._draw_event(HESITATION_PROBABILITY):
            yield from self._generate_reflections(self.hesitations.draw())

    def _generate_deduction(self, at: int, slips: bool) -> Iterator[AnnotatedStep]:
        deduction = self.deductions[at]
        if not deduction.fact:
            yield tell(self.statements[at], deduction, joined=self._joins())
            return
        slips |= self._draw_event(DEAD_END_PROBABILITY)
        filler = at > 0 and self._draw_event(FILLER_PROBABILITY)
        if filler:
            yield AnnotatedStep(self.fillers.draw(), ReasoningRole.FILLER)
        if slips:
            yield from self._generate_dead_end(deduction)
        yield tell(self.statements[at], deduction, joined=not slips and self._joins())
        if self._draw_event(DOUBT_PROBABILITY):
            yield from self._generate_reflections(f"{self.doubts.draw()} {self.rng.choice(deduction.confirmations)}")
            yield AnnotatedStep(
                self.rng.choice(phrases.CONFIRMATIONS), ReasoningRole.REFLECTION, continues_paragraph=self._joins()
            )
        if self._draw_event(REPEAT_PROBABILITY):
            text = self.repeats.draw().replace("{again}", self._restate(at))
            yield tell(text, deduction, role=ReasoningRole.RESTATEMENT)
        if self._draw_event(REFLECTION_PROBABILITY):
            yield from self._generate_reflections(self.reflections.draw())

    def _generate_dead_end(self, deduction: Deduction) -> Iterator[AnnotatedStep]:
        """An attempt, what follows from it, and far below the words that drop it all."""
        [followers] = self.rng.choices(range(len(FOLLOWER_WEIGHTS)), FOLLOWER_WEIGHTS)
        for sentence in deduction.dead_end[: followers + 1]:
            yield AnnotatedStep(sentence, ReasoningRole.DEAD_END, continues_paragraph=self._joins())
            if self._draw_event(CONFIDENT_PROBABILITY):
                yield AnnotatedStep(self._pick(phrases.CONFIDENT_REMARKS), ReasoningRole.DEAD_END)
        if self._draw_event(FURTHER_DOUBT_PROBABILITY):
            yield from self._generate_reflections(self.doubts.draw())
        yield AnnotatedStep(deduction.correction, ReasoningRole.DEAD_END)

    def _generate_reflections(self, text: str) -> Iterator[AnnotatedStep]:
        """A reflective step, and more of them in a row."""
        yield AnnotatedStep(self._fill(text), ReasoningRole.REFLECTION)
        if self._draw_event(FURTHER_DOUBT_PROBABILITY):
            if self._draw_event(THIRD_DOUBT_PROBABILITY):
                yield AnnotatedStep(self.further.draw(), ReasoningRole.REFLECTION)
            yield AnnotatedStep(self._pick(phrases.LAST_DOUBTS), ReasoningRole.REFLECTION)

    def _generate_recap(self, at: int) -> Iterator[AnnotatedStep]:
        recent = [deduction for deduction in self.deductions[: at + 1] if deduction.fact][-3:]
        results = [deduction.result for deduction in recent]
        listed = f"{', '.join(results[:-1])} and {results[-1]}" if len(results) > 1 else results[0]
        yield tell(self._pick(phrases.RECAPS).replace("{results}", listed), *recent, role=ReasoningRole.RESTATEMENT)

    def _generate_alternative(self) -> Iterator[AnnotatedStep]:
        yield AnnotatedStep(self._pick(phrases.ALTERNATIVES), ReasoningRole.REFLECTION)
        for at, deduction in enumerate(self.others[0]):
            yield tell(deduction.brief, deduction, role=ReasoningRole.REFLECTION, joined=at > 0)
        yield AnnotatedStep(self._pick(phrases.AGREEMENTS), ReasoningRole.REFLECTION)

    def _generate_review(self) -> Iterator[AnnotatedStep]:
        """Everything again in one long paragraph."""
        yield AnnotatedStep(self._pick(phrases.REVIEWS), ReasoningRole.REFLECTION)
        for deduction in self.deductions:
            again = self.rng.choice(deduction.restatements)
            text = self._pick(phrases.REVIEW_RESTATEMENTS).replace("{again}", again)
            yield tell(text, deduction, role=ReasoningRole.RESTATEMENT, joined=True)

    def _generate_closing(self) -> Iterator[AnnotatedStep]:
        if self._draw_event(HESITATION_PROBABILITY):
            yield from self._generate_reflections(self.reflections.draw())
        gold = self.problem.answer.removeprefix("The answer is ").removesuffix(".")
        last = self.deductions[-1]
        closing = self._pick(phrases.CLOSINGS).replace("{result}", last.result)
        yield tell(closing.replace("{gold}", gold), last, role=ReasoningRole.RESTATEMENT)

    def _restate(self, at: int) -> str:
        return (
            self.statements[at]
            if self._draw_event(VERBATIM_PROBABILITY)
            else self.rng.choice(self.deductions[at].restatements)
        )

    def _fill(self, text: str) -> str:
        return text.replace("{goal}", self.problem.goal)

    def _pick(self, choices: tuple[str, ...]) -> str:
        return self._fill(self.rng.choice(choices))

    def _joins(self) -> bool:
        return self._draw_event(JOINED_PROBABILITY)

    def _draw_event(self, chance: float) -> bool:
        return self.rng.random() < chance
