"""Drawing traces from the micro world: domains pose problems, regimes tell them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from cotpress.errors import OptionError, unknown_name
from cotpress.types import Trace
from cotpress.world.boxes import puzzle
from cotpress.world.chains import chain
from cotpress.world.parts import Piece, Problem, RoleSpan, WorldTrace
from cotpress.world.regimes import Teller, long, short

EASIEST, HARDEST, DIFFICULTY = 1, 8, 2

Domain = Callable[[random.Random, int], Problem]


def math(rng: random.Random, difficulty: int) -> Problem:
    """A chain of `difficulty` + 1 to + 3 calculations, each of which needs the one before."""
    return chain(rng, difficulty + rng.randint(1, 3))


def general(rng: random.Random, difficulty: int) -> Problem:
    """A multiple-choice deduction over `difficulty` + 2 options from redundant clues, so that several rationales are
    valid."""
    return puzzle(rng, difficulty + 2)


DOMAINS: Mapping[str, Domain] = {"math": math, "general": general}
REGIMES: Mapping[str, Teller] = {"short": short, "long": long}


def sample(domain: str, regime: str, n: int, seed: int = 0, difficulty: int = DIFFICULTY) -> list[WorldTrace]:
    """Draw `n` traces; the i-th problem is the same for every regime, and the same on every machine.

    `difficulty` (1..8) is the length of the reasoning. Ids read "math-long-000012".

    Raises:
        OptionError: an unknown domain or regime, a negative `n`, or a difficulty out of range.
    """
    if domain not in DOMAINS:
        raise unknown_name("domain", domain, DOMAINS)
    if regime not in REGIMES:
        raise unknown_name("regime", regime, REGIMES)
    if n < 0:
        raise OptionError(f"Cannot draw {n} traces.", "Give a number from 0 up.")
    if not EASIEST <= difficulty <= HARDEST:
        raise OptionError(f"There is no difficulty {difficulty}.", f"Give a whole number from {EASIEST} to {HARDEST}.")
    return [_draw(domain, regime, seed, difficulty, number) for number in range(n)]


def embedded(n_each: int = 75, seed: int = 0) -> list[Trace]:
    """The embedded sample: `n_each` traces of each domain and regime, 300 in all by default."""
    return [drawn.trace for domain in DOMAINS for regime in REGIMES for drawn in sample(domain, regime, n_each, seed)]


def _draw(domain: str, regime: str, seed: int, difficulty: int, number: int) -> WorldTrace:
    # Seeds are strings: random.Random hashes those with SHA-512, the same on every machine.
    problem = DOMAINS[domain](random.Random(f"{seed}-{domain}-{difficulty}-{number}"), difficulty)
    rng = random.Random(f"{seed}-{domain}-{regime}-{difficulty}-{number}")
    pieces = REGIMES[regime](rng, problem)
    reasoning, steps, units = _join(pieces, "\n\n" if regime == "long" else "\n")
    trace = Trace(
        id=f"{domain}-{regime}-{number:06d}",
        question=problem.question,
        reasoning=reasoning,
        answer=problem.answer,
        gold=problem.gold,
        domain=domain,
        regime=regime,
    )
    return WorldTrace(trace, steps, units, problem)


def _join(pieces: Sequence[Piece], between: str) -> tuple[str, tuple[RoleSpan, ...], tuple[RoleSpan, ...]]:
    """The reasoning and its role spans, of steps and of units; what stands between two belongs to the first."""
    text = ""
    steps: list[RoleSpan] = []
    units: list[RoleSpan] = []
    for at, piece in enumerate(pieces):
        follower = pieces[at + 1] if at + 1 < len(pieces) else None
        after = "" if follower is None else (" " if follower.joined else between)
        start = len(text)
        text += piece.plain + after
        steps.append((start, len(text), piece.role))
        units.extend((start + first, start + last, role) for first, last, role in piece.units())
        first, _, role = units[-1]
        units[-1] = (first, len(text), role)
    return text, tuple(steps), tuple(units)
