"""The math domain: chains of calculations modulo 10, each of which needs the one before."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cotpress.world.structures import Deduction, WorldProblem

VARIABLE_NAMES = "bcdfghjkmnpqr"  # in this order; no "a", which is a word
MODULUS = 10
OPERATOR_WORDS = {"+": "plus", "-": "minus", "*": "times"}
CONFUSED_OPERATORS = {"+": "-", "-": "+", "*": "+"}
MAX_FOLLOWERS = 2  # calculations that a mistaken attempt goes on with
MODULUS_STATEMENT = "All values are modulo 10."


@dataclass(frozen=True, slots=True)
class Calculation:
    """`name = before op by`, where the value of `input_name` is `input_value`."""

    name: str
    input_name: str
    operator: str
    operand: int
    input_value: int

    @property
    def value(self) -> int:
        return calculate(self.input_value, self.operator, self.operand)

    @property
    def definition(self) -> str:
        return f"{self.name} = {self.input_name} {self.operator} {self.operand}"

    @property
    def equation(self) -> str:
        return f"{self.input_value} {self.operator} {self.operand} = {self.value}"


def calculate(left: int, op: str, right: int) -> int:
    """The last digit of `left op right`; a negative result counts on from below (3 - 5 = 8)."""
    return {"+": left + right, "-": left - right, "*": left * right}[op] % MODULUS


def generate_chain_problem(rng: random.Random, length: int) -> WorldProblem:
    """A problem whose one rationale has exactly `length` calculations, 1..12, and needs them all."""
    names = VARIABLE_NAMES[: length + 1]
    start = value = rng.randrange(MODULUS)
    links = []
    for before, name in pairwise(names):
        op = rng.choice("+-*")
        links.append(Calculation(name, before, op, rng.randint(2, 9), value))
        value = links[-1].value
    sentences = [f"{names[0]} = {start}.", *(f"{link.definition}." for link in links)]
    return WorldProblem(
        question=f"{' '.join(sentences)} {MODULUS_STATEMENT} What is {names[-1]}?",
        gold=str(value),
        answer=f"The answer is {value}.",
        goal=f"what {names[-1]} is",
        givens=tuple(sentences),
        rationales=(tuple(_build_deduction(rng, links, at) for at in range(len(links))),),
    )


def _build_deduction(rng: random.Random, links: Sequence[Calculation], at: int) -> Deduction:
    link = links[at]
    name, before, value = link.name, link.input_name, link.value
    essential = f"«{name} = {link.equation}»"
    slip = Calculation(name, before, CONFUSED_OPERATORS[link.operator], link.operand, link.input_value)
    return Deduction(
        fact=f"{name} = {value}",
        brief=rng.choice(
            (
                f"{name} is {before} {OPERATOR_WORDS[link.operator]} {link.operand}, so {essential}.",
                f"As {before} is {link.input_value}, {essential}.",
                f"So {essential}.",
                f"{essential}.",
            ),
        ),
        full=(
            f"Next, {link.definition} and {before} is {link.input_value}, so {essential}.",
            f"I know that {before} is {link.input_value}, and {link.definition}. So {essential}.",
            f"Now for {name}. It is {link.definition}, that is {essential}.",
            f"Since {link.definition}, I get {essential}.",
        ),
        restatements=(f"«{name} is {value}», from {link.equation}.", f"{link.equation}, so «{name} is {value}»."),
        confirmations=_build_confirmations(link),
        dead_end=_follow(f"{name} should be {slip.equation}.", links[at + 1 :], slip.value),
        correction=rng.choice(
            (
                f"No, wait. It is {OPERATOR_WORDS[link.operator]}, not {OPERATOR_WORDS[slip.operator]}, "
                f"so {slip.value} is wrong and I go back to {name}.",
                f"Hmm, that is wrong. It says {link.definition}, so I drop {slip.value} and go back to {name}.",
            ),
        ),
        result=f"«{name} is {value}»",
        invention=f"{name} = {slip.equation}.",
    )


def _follow(attempt: str, links: Sequence[Calculation], value: int) -> tuple[str, ...]:
    """A mistaken attempt, and what the next calculations would come to with its wrong value."""
    sentences = [attempt]
    for link in links[:MAX_FOLLOWERS]:
        moved = Calculation(link.name, link.input_name, link.operator, link.operand, value)
        sentences.append(f"Then {link.name} = {moved.equation}.")
        value = moved.value
    return tuple(sentences)


def _build_confirmations(link: Calculation) -> tuple[str, ...]:
    """Confirmations: by the inverse, where there is one, and by saying it in words."""
    spoken = f"{link.input_value} {OPERATOR_WORDS[link.operator]} {link.operand} is {link.value}."
    inverse = {"+": "-", "-": "+"}.get(link.operator)
    return (spoken, f"Back, {link.value} {inverse} {link.operand} = {link.input_value}.") if inverse else (spoken,)
