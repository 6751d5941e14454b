"""The math domain: every equation that counts is true, each needs the one before, the gold answer is right."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from cotpress.world import ReasoningRole, WorldTrace, sample
from cotpress.world.math_problems import calculate

EQUATION = re.compile(r"(\d) ([+*-]) (\d) = (\d)")
DEFINITION = re.compile(r"\b([a-z]) = (?:([a-z]) ([+*-]) )?(\d)\.")


def _pieces(drawn: WorldTrace, *roles: ReasoningRole) -> list[str]:
    return [drawn.trace.reasoning[start:end] for start, end, role in drawn.steps if role in roles]


def _solved(question: str) -> dict[str, int]:
    """The values of all names, found from the question alone."""
    given = {name: (before, op, int(by)) for name, before, op, by in DEFINITION.findall(question)}
    values: dict[str, int] = {}
    while len(values) < len(given):
        for name, (before, op, by) in given.items():
            if not before:
                values[name] = by
            elif before in values:
                values[name] = calculate(values[before], op, by)
    return values


@pytest.mark.parametrize(("regime", "difficulty"), [("short", 2), ("long", 2), ("long", 1), ("long", 5), ("short", 8)])
def test_every_equation_outside_dead_ends_is_true(regime: str, difficulty: int) -> None:
    kept = tuple(role for role in ReasoningRole if role is not ReasoningRole.DEAD_END)
    for drawn in sample("math", regime, 60, difficulty=difficulty):
        found = [match for piece in _pieces(drawn, *kept) for match in EQUATION.findall(piece)]
        assert all(calculate(int(left), op, int(right)) == int(value) for left, op, right, value in found)
        assert len(found) >= difficulty + 1


@pytest.mark.parametrize("difficulty", [1, 2, 5, 8])
def test_the_question_alone_gives_the_gold_answer(difficulty: int) -> None:
    for drawn in sample("math", "short", 60, difficulty=difficulty):
        values = _solved(drawn.trace.question)
        asked = re.findall(r"What is ([a-z])\?", drawn.trace.question)
        assert str(values[asked[0]]) == drawn.trace.gold
        assert difficulty + 1 <= len(values) - 1 <= difficulty + 3


@pytest.mark.parametrize("regime", ["short", "long"])
def test_essential_units_are_the_chain(regime: str) -> None:
    for drawn in sample("math", regime, 60):
        text = drawn.trace.reasoning
        marked = [text[start:end] for start, end, role in drawn.units if role is ReasoningRole.ESSENTIAL]
        values = _solved(drawn.trace.question)
        told = [re.match(r"([a-z]) = (\d) [+*-] \d = (\d)", one) for one in marked]
        assert all(match and values[match[1]] == int(match[3]) for match in told)
        results = [match[3] for match in told if match]
        assert results[:-1] == [match[2] for match in told[1:] if match]  # each starts where the last one ended
        assert results[-1] == drawn.trace.gold


def test_every_dead_end_is_an_attempt_what_follows_from_it_and_its_dropping() -> None:
    lengths = []
    for drawn in sample("math", "long", 80):
        pieces = _pieces(drawn, ReasoningRole.DEAD_END)
        assert pieces
        attempt: list[str] = []
        for piece in pieces:
            attempt.append(piece)
            if re.search(r"\bwrong\b", piece):
                assert "should be" in attempt[0]
                assert EQUATION.findall(attempt[0])[0][3] in piece
                lengths.append(len(attempt))
                attempt = []
        assert not attempt
    assert max(lengths) >= 5
    assert min(lengths) == 2


def test_what_follows_from_a_mistake_is_reckoned_from_its_wrong_value() -> None:
    for drawn in sample("math", "short", 40):
        for move in drawn.problem.rationales[0]:
            reckoned = [EQUATION.findall(sentence)[0] for sentence in move.dead_end]
            assert all(calculate(int(left), op, int(right)) == int(value) for left, op, right, value in reckoned)
            assert all(before[3] == after[0] for before, after in pairwise(reckoned))


def test_a_negative_result_counts_on_from_below() -> None:
    assert [calculate(3, "-", 5), calculate(7, "+", 5), calculate(7, "*", 3)] == [8, 2, 1]
