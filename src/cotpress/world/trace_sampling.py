"""Drawing traces from the micro world: domains pose problems, regimes tell them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.types import Trace
from cotpress.world.general_problems import generate_move_problem
from cotpress.world.math_problems import generate_chain_problem
from cotpress.world.regimes import TraceGenerator, generate_long, generate_short
from cotpress.world.structures import AnnotatedStep, FactTelling, RoleSpan, WorldProblem, WorldTrace

MIN_DIFFICULTY, MAX_DIFFICULTY, DEFAULT_DIFFICULTY = 1, 8, 2

ProblemGenerator = Callable[[random.Random, int], WorldProblem]


def generate_math_problem(rng: random.Random, difficulty: int) -> WorldProblem:
    """A chain of `difficulty` + 1 to + 3 calculations, each of which needs the one before."""
    return generate_chain_problem(rng, difficulty + rng.randint(1, 3))


def generate_general_problem(rng: random.Random, difficulty: int) -> WorldProblem:
    """Where the key is after `difficulty` + 3 moves among `difficulty` + 2 containers, with a clue on the way, so that
    two rationales are valid."""
    return generate_move_problem(rng, difficulty + 3, difficulty + 2)


WORLD_DOMAINS: Mapping[str, ProblemGenerator] = {"math": generate_math_problem, "general": generate_general_problem}
REGIMES: Mapping[str, TraceGenerator] = {"short": generate_short, "long": generate_long}


def sample(domain: str, regime: str, n: int, seed: int = 0, difficulty: int = DEFAULT_DIFFICULTY) -> list[WorldTrace]:
    """Draw `n` traces; the i-th problem is the same for every regime, and the same on every machine.

    Ids read "math-long-000012".

    Args:
        domain: "math" or "general".
        regime: "short" or "long".
        n: how many.
        seed: names the stream of problems.
        difficulty: 1..8, the length of the reasoning.

    Raises:
        OptionError: an unknown domain or regime, a negative `n`, or a difficulty out of range.

    >>> [drawn] = sample('math', 'short', 1, seed=3)
    >>> drawn.trace.id
    'math-short-000000'
    """
    if domain not in WORLD_DOMAINS:
        raise build_unknown_name_error("domain", domain, WORLD_DOMAINS)
    if regime not in REGIMES:
        raise build_unknown_name_error("regime", regime, REGIMES)
    if n < 0:
        raise OptionError(f"Cannot draw {n} traces.", "Give a number from 0 up.")
    if not MIN_DIFFICULTY <= difficulty <= MAX_DIFFICULTY:
        raise OptionError(
            f"There is no difficulty {difficulty}.", f"Give a whole number from {MIN_DIFFICULTY} to {MAX_DIFFICULTY}."
        )
    return [_draw_trace(domain, regime, seed, difficulty, number) for number in range(n)]


def sample_embedded(n_each: int = 75, seed: int = 0) -> list[Trace]:
    """The embedded sample: `n_each` traces of each domain and regime, 300 in all by default.

    >>> [trace.id for trace in sample_embedded(n_each=1)]
    ['math-short-000000', 'math-long-000000', 'general-short-000000', 'general-long-000000']
    """
    return [
        drawn.trace for domain in WORLD_DOMAINS for regime in REGIMES for drawn in sample(domain, regime, n_each, seed)
    ]


def _draw_trace(domain: str, regime: str, seed: int, difficulty: int, number: int) -> WorldTrace:
    # Seeds are strings: random.Random hashes those with SHA-512, the same on every machine.
    problem = WORLD_DOMAINS[domain](random.Random(f"{seed}-{domain}-{difficulty}-{number}"), difficulty)
    rng = random.Random(f"{seed}-{domain}-{regime}-{difficulty}-{number}")
    pieces = REGIMES[regime](rng, problem)
    reasoning, steps, units, tellings = _join_steps(pieces, "\n\n" if regime == "long" else "\n")
    trace = Trace(
        id=f"{domain}-{regime}-{number:06d}",
        question=problem.question,
        reasoning=reasoning,
        answer=problem.answer,
        gold=problem.gold,
        domain=domain,
        regime=regime,
    )
    return WorldTrace(trace, steps, units, problem, tellings, tuple(pieces))


def _join_steps(
    pieces: Sequence[AnnotatedStep], between: str
) -> tuple[str, tuple[RoleSpan, ...], tuple[RoleSpan, ...], tuple[FactTelling, ...]]:
    """The reasoning, its role spans, of steps and of units, and what it tells; what stands between two steps belongs to
    the first."""
    text = ""
    steps: list[RoleSpan] = []
    units: list[RoleSpan] = []
    tellings: list[FactTelling] = []
    for at, piece in enumerate(pieces):
        follower = pieces[at + 1] if at + 1 < len(pieces) else None
        after = "" if follower is None else (" " if follower.continues_paragraph else between)
        start = len(text)
        text += piece.plain_text + after
        steps.append((start, len(text), piece.role))
        units.extend((start + first, start + last, role) for first, last, role in piece.split_units())
        first, _, role = units[-1]
        units[-1] = (first, len(text), role)
        tellings += _find_tellings(piece, start, {telling.fact for telling in tellings})
    return text, tuple(steps), tuple(units), tuple(tellings)


def _find_tellings(piece: AnnotatedStep, start: int, known: set[str]) -> Iterator[FactTelling]:
    """What a step that begins at character `start` tells: every fact of it once, with all its marks."""
    marked = list(zip(piece.facts, piece.find_marked(), strict=True))
    for fact in dict.fromkeys(piece.facts):
        spans = tuple((start + first, start + last) for named, (first, last) in marked if named == fact)
        yield FactTelling(fact, spans, fact not in known)
