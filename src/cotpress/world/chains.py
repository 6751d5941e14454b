"""The math domain: chains of calculations modulo 10, each of which needs the one before."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

from cotpress.world.parts import Move, Problem

LETTERS = "bcdfghjkmnpqr"  # in this order; no "a", which is a word
MODULUS = 10
SPOKEN = {"+": "plus", "-": "minus", "*": "times"}
CONFUSED = {"+": "-", "-": "+", "*": "+"}
RULE = "All values are modulo 10."


@dataclass(frozen=True, slots=True)
class Link:
    """`name = before op by`, where the value of `before` is `given`."""

    name: str
    before: str
    op: str
    by: int
    given: int

    @property
    def value(self) -> int:
        return calculate(self.given, self.op, self.by)

    @property
    def definition(self) -> str:
        return f"{self.name} = {self.before} {self.op} {self.by}"

    @property
    def equation(self) -> str:
        return f"{self.given} {self.op} {self.by} = {self.value}"


def calculate(left: int, op: str, right: int) -> int:
    """The last digit of `left op right`; a negative result counts on from below (3 - 5 = 8)."""
    return {"+": left + right, "-": left - right, "*": left * right}[op] % MODULUS


def chain(rng: random.Random, length: int) -> Problem:
    """A problem whose one rationale has exactly `length` calculations, 1..12, and needs them all."""
    names = LETTERS[: length + 1]
    start = value = rng.randrange(MODULUS)
    links = []
    for before, name in pairwise(names):
        op = rng.choice("+-*")
        links.append(Link(name, before, op, rng.randint(2, 9), value))
        value = links[-1].value
    sentences = [f"{names[0]} = {start}.", *(f"{link.definition}." for link in links)]
    return Problem(
        question=f"{' '.join(sentences)} {RULE} What is {names[-1]}?",
        gold=str(value),
        answer=f"The answer is {value}.",
        goal=f"what {names[-1]} is",
        facts=tuple(sentences),
        rationales=(tuple(_told(rng, link) for link in links),),
    )


def _told(rng: random.Random, link: Link) -> Move:
    name, before, value = link.name, link.before, link.value
    essential = f"«{name} = {link.equation}»"
    slip = Link(name, before, CONFUSED[link.op], link.by, link.given)
    return Move(
        brief=rng.choice(
            (
                f"{name} is {before} {SPOKEN[link.op]} {link.by}, so {essential}.",
                f"As {before} is {link.given}, {essential}.",
                f"So {essential}.",
            ),
        ),
        full=(
            f"Next, {link.definition} and {before} is {link.given}, so {essential}.",
            f"I know that {before} is {link.given}, and {link.definition}. So {essential}.",
            f"Now for {name}. It is {link.definition}, that is {essential}.",
            f"Since {link.definition}, I get {essential}.",
        ),
        again=(f"{name} is {value}, from {link.equation}.", f"{link.equation}, so {name} is {value}."),
        proof=_proofs(link),
        wrong=rng.choice((f"{name} should be {slip.equation}.", f"So {name} = {slip.equation}.")),
        noticed=rng.choice(
            (
                f"No, wait. It is {SPOKEN[link.op]}, not {SPOKEN[slip.op]}, so {slip.value} is wrong.",
                f"Hmm, that is wrong. It says {link.definition}, so I drop {slip.value}.",
            ),
        ),
        result=f"{name} is {value}",
    )


def _proofs(link: Link) -> tuple[str, ...]:
    """Confirmations: by the inverse, where there is one, and by saying it in words."""
    spoken = f"{link.given} {SPOKEN[link.op]} {link.by} is {link.value}."
    inverse = {"+": "-", "-": "+"}.get(link.op)
    return (spoken, f"Back, {link.value} {inverse} {link.by} = {link.given}.") if inverse else (spoken,)
