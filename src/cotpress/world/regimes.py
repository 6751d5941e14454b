"""How a teacher tells a problem: short, or long with everything that long chains of thought are full of.

`cotpress inspect` on real ones, R1-Distill-Qwen-32B on LIMO and Qwen3-8B's thinking: 19.4% and 28.0% of the steps are
reflective, spread evenly from start to end, and 4.5% and 7.9% are near-duplicates of an earlier one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from cotpress.world import phrases
from cotpress.world.parts import Piece, Problem, Role
from cotpress.world.phrases import Deck

Teller = Callable[[random.Random, Problem], list[Piece]]

# Chances at each inference of a long trace.
FILLER, DEAD_END, DOUBT, REPEAT, MUSING = 0.15, 0.04, 0.4, 0.25, 0.12
WORRY = 0.35  # before the first inference and after the last
OTHER_WAY, REVIEW = 0.2, 0.2  # at the end, where there is another way; else a review
VERBATIM = 0.6  # of saying a step again in the very words


def short(rng: random.Random, problem: Problem) -> list[Piece]:
    """One rationale, each inference in a sentence or two."""
    moves = rng.choice(problem.rationales)
    return [Piece(move.brief, Role.ESSENTIAL) for move in moves]


def long(rng: random.Random, problem: Problem) -> list[Piece]:
    """One rationale, thought aloud: restated, doubted, checked, and with attempts that are dropped."""
    return _Thinker(rng, problem).think()


class _Thinker:
    """One long trace in the making."""

    def __init__(self, rng: random.Random, problem: Problem) -> None:
        self.rng, self.problem = rng, problem
        order = rng.sample(range(len(problem.rationales)), len(problem.rationales))
        self.moves, *self.others = [problem.rationales[at] for at in order]
        self.said = [rng.choice(move.full) for move in self.moves]
        self.fillers, self.doubts = Deck(rng, phrases.FILLERS), Deck(rng, phrases.DOUBTS)
        self.worries, self.musings = Deck(rng, phrases.WORRIES), Deck(rng, phrases.MUSINGS)
        self.repeats = Deck(rng, phrases.REPEATS)

    def think(self) -> list[Piece]:
        sure_slip = self.rng.randrange(len(self.moves))  # at least one attempt is abandoned
        pieces = [*self._opening()]
        for at in range(len(self.moves)):
            pieces += self._inference(at, slips=at == sure_slip)
            if at == len(self.moves) // 2:
                pieces += self._recap(at)
        if self.others and self._happens(OTHER_WAY):
            pieces += self._other_way()
        elif self._happens(REVIEW):
            pieces += self._review()
        return [*pieces, *self._closing()]

    def _opening(self) -> Iterator[Piece]:
        yield Piece(self._pick(phrases.OPENINGS), Role.RESTATEMENT)
        given = self._pick(phrases.GIVENS).replace("{facts}", " ".join(self.problem.facts))
        yield Piece(given, Role.RESTATEMENT)
        yield Piece(self._pick(phrases.PLANS), Role.FILLER)
        if self._happens(WORRY):
            yield self._musing(self.worries)

    def _inference(self, at: int, slips: bool) -> Iterator[Piece]:
        move, filler = self.moves[at], at > 0 and self._happens(FILLER)
        if filler:
            yield Piece(self.fillers.draw(), Role.FILLER)
        if slips or self._happens(DEAD_END):
            yield Piece(move.wrong, Role.DEAD_END)
            yield Piece(move.noticed, Role.DEAD_END)
            filler = False
        yield Piece(self.said[at], Role.ESSENTIAL, joined=filler and self._happens(0.5))
        if self._happens(DOUBT):
            proof, relief = self.rng.choice(move.proof), self.rng.choice(phrases.RELIEFS)
            yield Piece(f"{self.doubts.draw()} {proof} {relief}".strip(), Role.REFLECTION)
        if self._happens(REPEAT):
            yield Piece(self.repeats.draw().replace("{again}", self._again(at)), Role.RESTATEMENT)
        if self._happens(MUSING):
            yield self._musing(self.musings)

    def _recap(self, at: int) -> Iterator[Piece]:
        results = [move.result for move in self.moves[max(0, at - 2) : at + 1]]
        listed = f"{', '.join(results[:-1])} and {results[-1]}" if len(results) > 1 else results[0]
        yield Piece(self._pick(phrases.RECAPS).replace("{results}", listed), Role.RESTATEMENT)

    def _other_way(self) -> Iterator[Piece]:
        yield Piece(self._pick(phrases.OTHER_WAYS), Role.REFLECTION)
        for move in self.others[0]:
            yield Piece(move.brief, Role.REFLECTION)
        yield Piece(self._pick(phrases.SAME_END), Role.REFLECTION)

    def _review(self) -> Iterator[Piece]:
        yield Piece(self._pick(phrases.REVIEWS), Role.REFLECTION)
        for at, move in enumerate(self.moves):
            yield Piece(self._pick(phrases.REVIEWED).replace("{again}", self._again(at)), Role.RESTATEMENT)
            if self._happens(MUSING):
                yield Piece(f"{self.doubts.draw()} {self.rng.choice(move.proof)}", Role.REFLECTION)

    def _closing(self) -> Iterator[Piece]:
        if self._happens(WORRY):
            yield self._musing(self.musings)
        gold = self.problem.answer.removeprefix("The answer is ").removesuffix(".")
        closing = self._pick(phrases.CLOSINGS).replace("{result}", self.moves[-1].result)
        yield Piece(closing.replace("{gold}", gold), Role.RESTATEMENT)

    def _again(self, at: int) -> str:
        return self.said[at] if self._happens(VERBATIM) else self.rng.choice(self.moves[at].again)

    def _musing(self, deck: Deck) -> Piece:
        return Piece(deck.draw().replace("{goal}", self.problem.goal), Role.REFLECTION)

    def _pick(self, choices: tuple[str, ...]) -> str:
        return self.rng.choice(choices).replace("{goal}", self.problem.goal)

    def _happens(self, chance: float) -> bool:
        return self.rng.random() < chance
