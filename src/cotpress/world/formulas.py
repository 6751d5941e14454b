"""Symbolic chains: recurrences, nested functions, remainders of powers, an operation defined for the occasion."""

from __future__ import annotations

import random
from collections.abc import Callable

from cotpress.world.arithmetic import NOTATIONS, Calculation, Notation, Sum, calculation, tell
from cotpress.world.parts import Problem

LATEX = NOTATIONS[2:]
MOST = 9999
NO_BRACKET = "There is no bracket, so the multiplication comes first."
# A family tells a chain of a given length: the question, the goal, the facts, the links.
BASES = tuple((base, modulus) for base in range(3, 13) for modulus in (17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59))
Told = tuple[str, str, tuple[str, ...], list[Calculation]]
Family = Callable[[random.Random, Notation, int], Told]


def formula(rng: random.Random, length: int) -> Problem:
    """A symbolic problem whose one rationale has exactly `length` calculations."""
    notation = rng.choice(LATEX)
    while True:
        question, goal, facts, links = rng.choice(FAMILIES)(rng, notation, length)
        if all(0 < int(link.value) <= MOST for link in links):
            break
    gold = links[-1].value
    moves = tuple(tell(rng, link, notation) for link in links)
    return Problem(question, gold, f"The answer is {gold}.", goal, facts, (moves,))


def _linear(rng: random.Random, rule: tuple[int, int], before: int, lead: str, why: str) -> Calculation:
    """factor * before + term, where the term may be negative and a factor of 1 is left out."""
    factor, term = rule
    sign, size = ("+" if term > 0 else "-"), abs(term)
    if factor == 1:
        return calculation(rng, Sum(before, sign, size), lead, why, "")
    product, value = factor * before, factor * before + term
    last = f"{product} {sign} {size} = {value}"
    slipped, undo = value + rng.choice((2, 3, 10, 20)), "-" if term > 0 else "+"
    mistakes = (
        (f"{factor} * ({before} {sign} {size}) = {factor * (before + term)}", NO_BRACKET, ""),
        (
            f"{factor} * {before} {sign} {size} = {slipped}",
            f"{{check}}, and that is not {factor} times {before}.",
            f"{slipped} {undo} {size} = {slipped - term}",
        ),
    )
    wrong, blunder, check = rng.choice(mistakes)
    return Calculation(
        lead=lead,
        why=why,
        verb="substitute",
        equation=f"{factor} * {before} {sign} {size} = {last}",
        value=str(value),
        unit="",
        parts=(f"{factor} * {before} = {product}", last),
        inverse=f"({value} {undo} {size}) / {factor} = {before}",
        wrong=wrong,
        blunder=blunder,
        check=check,
    )


def _recurrence(rng: random.Random, notation: Notation, length: int) -> Told:
    show, letter = notation.formula, rng.choice("abuxt")
    factor, term, value = rng.choice((2, 2, 3)), rng.choice((-3, -2, -1, 1, 2, 3, 4, 5, 7)), rng.randint(4, 9)
    tail = f"+ {term}" if term > 0 else f"- {-term}"
    start = show(f"{letter}_1 = {value}")
    rule = show(f"{letter}_{{n+1}} = {factor}{letter}_n {tail}")
    target = show(f"{letter}_{{{length + 1}}}")
    links = []
    for index in range(2, length + 2):
        before = show(f"{letter}_{{{index - 1}}} = {value}")
        lead, why = show(f"{letter}_{{{index}}}"), f"the rule applies to {before}"
        links.append(_linear(rng, (factor, term), value, lead, why))
        value = int(links[-1].value)
    question = f"A sequence is given by {start} and {rule} for every whole {show('n')} from 1 on. Find {target}."
    return question, f"the value of {target}", (f"The sequence starts with {start}.", f"The rule is {rule}."), links


def _nested(rng: random.Random, notation: Notation, length: int) -> Told:
    show = notation.formula
    names = ("f", "g", "h")[: 2 if length < 4 else 3]
    factors = rng.sample((2, 3, 1), len(names))
    rules = {
        name: (factor, rng.choice((-4, -3, -2, 2, 3, 5, 6, 7))) for name, factor in zip(names, factors, strict=True)
    }
    texts = {name: show(f"{name}(x) = {_polynomial(*rule)}") for name, rule in rules.items()}
    value = rng.randint(5, 12)
    order = [names[at % len(names)] for at in range(length)]
    rng.shuffle(order)
    expression = str(value)
    links = []
    for name in order:
        expression = f"{name}({expression})"
        why = f"the function {name} is applied to {value}"
        links.append(_linear(rng, rules[name], value, show(f"{name}({value})"), why))
        value = int(links[-1].value)
    listed = ", ".join(texts.values())
    facts = tuple(f"The function {name} is {text}." for name, text in texts.items())
    target = show(expression)
    return f"Let {listed}. Compute {target}.", f"the value of {target}", facts, links


def _polynomial(factor: int, term: int) -> str:
    return f"{'' if factor == 1 else factor}x {'+' if term > 0 else '-'} {abs(term)}"


def _remainder(rng: random.Random, notation: Notation, length: int) -> Told:
    show = notation.formula
    base, modulus = rng.choice([pair for pair in BASES if _keeps_going(*pair, length)])
    links, value, power = [], base, 1
    for _ in range(length):
        power *= 2
        links.append(_squared(rng, notation, (base, power, modulus), value))
        value = int(links[-1].value)
    target = show(f"{base}^{{{power}}}")
    question = f"What is the remainder when {target} is divided by {modulus}?"
    facts = (f"The power is {target}.", f"Only the remainder on division by {modulus} matters.")
    return question, f"the remainder of {target} on division by {modulus}", facts, links


def _keeps_going(base: int, modulus: int, length: int) -> bool:
    """Whether squaring that often always has something to reduce, so that no link is empty."""
    return all(pow(base, 2**times, modulus) ** 2 > modulus for times in range(length)) and base**2 > modulus


def _squared(rng: random.Random, notation: Notation, setting: tuple[int, int, int], before: int) -> Calculation:
    base, power, modulus = setting
    square = before * before
    times, value = divmod(square, modulus)
    off = value + rng.choice((2, 3, 10))
    return Calculation(
        lead=f"the remainder of {notation.formula(f'{base}^{{{power}}}')}",
        why=f"{notation.formula(f'{base}^{{{power // 2}}}')} leaves {before}" if power > 2 else f"the base is {base}",
        verb="square that and reduce",
        equation=f"{before} * {before} = {square} = {times} * {modulus} + {value}",
        value=str(value),
        unit="",
        parts=(
            f"{before} * {before} = {square}",
            f"{times} * {modulus} = {times * modulus}",
            f"{square} - {times * modulus} = {value}",
        ),
        inverse=f"{times} * {modulus} + {value} = {square}",
        wrong=f"{square} - {times * modulus} = {off}",
        blunder="{check}, which is not the square.",
        check=f"{times * modulus} + {off} = {times * modulus + off}",
    )


def _operation(rng: random.Random, notation: Notation, length: int) -> Told:
    show, sign = notation.formula, rng.choice((r"\star", r"\circ", r"\oplus", r"\diamond"))
    factor = rng.choice((2, 3))
    rule = show(f"a {sign} b = {factor}a - b")
    value = rng.randint(8, 15)
    expression, links = str(value), []
    for at in range(length):
        other = rng.randint(3, 9)
        expression = f"({expression}) {sign} {other}" if at else f"{expression} {sign} {other}"
        lead = show(f"{value} {sign} {other}")
        why = f"here {show(f'a = {value}')} and {show(f'b = {other}')}"
        links.append(_linear(rng, (factor, -other), value, lead, why))
        value = int(links[-1].value)
    target = show(expression)
    question = f"For whole numbers define {rule}. Compute {target}."
    return (
        question,
        f"the value of {target}",
        (f"The operation is {rule}.", "The brackets are worked from the inside."),
        links,
    )


FAMILIES: tuple[Family, ...] = (_recurrence, _nested, _remainder, _operation)
