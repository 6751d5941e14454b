"""The math domain: every formula that counts is true, every number comes from somewhere, the gold answer is right."""

from __future__ import annotations

import random
import re
from fractions import Fraction

import pytest

from cotpress.world import Role, WorldTrace, sample
from cotpress.world.formulas import formula
from cotpress.world.stories import story

SIGNS = {r"\times": "*", r"\cdot": "*", r"\div": "/", "×": "*", "÷": "/"}
# Two or more sides of whole numbers and signs.
SIDE = r"[\d(](?:[\d ()+*/-]*[\d)])?"
CHAIN = re.compile(rf"(?<![\w^{{_.]){SIDE}(?: = {SIDE})+")
WORDS = {"half": 2, "a third": 3, "a quarter": 4, "a fifth": 5, "doubles": 2, "triples": 3}


def _formulas(text: str) -> list[list[str]]:
    text = re.sub(r"\\\( | \\\)", "", text)
    for sign, plain in SIGNS.items():
        text = text.replace(sign, plain)
    return [match[0].split(" = ") for match in CHAIN.finditer(text)]


def _value(side: str) -> Fraction:
    """The value of a side, by precedence climbing over + - * / and brackets."""
    tokens = re.findall(r"\d+|[-+*/()]", side)

    def operand() -> Fraction:
        token = tokens.pop(0)
        if token != "(":
            return Fraction(int(token))
        inside = climb(0)
        assert tokens.pop(0) == ")"
        return inside

    def climb(least: int) -> Fraction:
        left = operand()
        while tokens and tokens[0] in "+-*/" and (strength := 1 + (tokens[0] in "*/")) > least:
            sign, right = tokens.pop(0), climb(strength)
            left = {
                "+": left + right,
                "-": left - right,
                "*": left * right,
                "/": left / right if sign == "/" else left,
            }[sign]
        return left

    value = climb(0)
    assert not tokens
    return value


def _pieces(drawn: WorldTrace, *roles: Role) -> list[str]:
    return [drawn.trace.reasoning[start:end] for start, end, role in drawn.roles if role in roles]


@pytest.mark.parametrize(("regime", "difficulty"), [("short", 2), ("long", 2), ("long", 1), ("long", 5), ("short", 8)])
def test_every_formula_outside_dead_ends_is_true(regime: str, difficulty: int) -> None:
    kept = tuple(role for role in Role if role is not Role.DEAD_END)
    seen = 0
    for drawn in sample("math", regime, 60, difficulty=difficulty):
        for piece in _pieces(drawn, *kept):
            for sides in _formulas(piece):
                seen += 1
                assert len({_value(side) for side in sides}) == 1, piece
        assert all(_formulas(piece) for piece in _pieces(drawn, Role.ESSENTIAL))
    assert seen > 180


@pytest.mark.parametrize("regime", ["short", "long"])
def test_the_last_essential_step_gives_the_gold_answer(regime: str) -> None:
    for drawn in sample("math", regime, 100):
        last = re.findall(r"\d+", _pieces(drawn, Role.ESSENTIAL)[-1])
        assert last[-1] == drawn.trace.gold


def test_every_dead_end_is_an_attempt_and_its_dropping() -> None:
    for drawn in sample("math", "long", 80):
        pieces = _pieces(drawn, Role.DEAD_END)
        assert pieces
        assert len(pieces) % 2 == 0
        for attempt, dropped in zip(pieces[::2], pieces[1::2], strict=True):
            wrong = re.findall(r"= (\d+)", attempt)[-1]
            assert wrong in dropped
            assert re.search(r"I drop it|Scrap the|Forget", dropped)


@pytest.mark.parametrize("length", range(2, 12))
def test_a_story_is_a_strict_chain_of_the_length_asked_for(length: int) -> None:
    for number in range(15):
        problem = story(random.Random(f"{length}-{number}"), length)
        [moves] = problem.rationales
        assert len(moves) == length
        known = {int(word) for word in re.findall(r"\d+", problem.question)}
        known |= {size for word, size in WORDS.items() if word in problem.question}
        results: list[int] = []
        used: set[int] = set()
        for move in moves:
            [sides, *_] = _formulas(move.again[1])
            operands = {int(number) for number in re.findall(r"\d+", sides[0])}
            assert operands <= known | set(results), "a number that neither the question nor an earlier step gives"
            used |= operands
            results.append(int(sides[-1]))
        assert set(results[:-1]) <= used, "a result that no later step needs"
        assert problem.gold == str(results[-1])


def _solved(question: str) -> int:
    """The answer to a symbolic question, worked out from its text alone."""
    plain = re.sub(r"\\\(|\\\)|\$|[{}]", "", question)
    if "remainder" in plain:
        base, power, modulus = map(int, re.findall(r"\d+", plain))
        return pow(base, power, modulus)
    if "sequence" in plain:
        start, factor, sign, term, target = re.findall(r"_1 = (\d+) .* = (\d)\w_n ([-+]) (\d+) .*_(\d+)", plain)[0]
        value = int(start)
        for _ in range(int(target) - 1):
            value = int(factor) * value + int(sign + term)
        return value
    if "define" in plain:
        factor = int(re.findall(r"= (\d)a - b", plain)[0])
        value, *others = map(int, re.findall(r"\d+", plain.split("Compute")[1]))
        for other in others:
            value = factor * value - other
        return value
    rules = {
        name: (int(factor or 1), int(sign + term))
        for name, factor, sign, term in re.findall(r"(\w)\(x\) = (\d?)x ([-+]) (\d+)", plain)
    }
    names, value_text = re.findall(r"Compute\s+([fgh(]+)(\d+)", plain)[0]
    value = int(value_text)
    for name in reversed(names.replace("(", "")):
        value = rules[name][0] * value + rules[name][1]
    return value


@pytest.mark.parametrize("length", range(2, 12))
def test_a_symbolic_problem_has_the_answer_that_its_text_says(length: int) -> None:
    for number in range(20):
        problem = formula(random.Random(f"{length}-{number}"), length)
        assert problem.gold == str(_solved(problem.question)), problem.question
        assert [len(moves) for moves in problem.rationales] == [length]
