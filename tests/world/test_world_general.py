"""The general domain: exactly one option is right, every rationale alone shows it, and the clues say what they mean."""

from __future__ import annotations

import random
import re
from itertools import permutations

import pytest

from cotpress.world import Role, sample
from cotpress.world.lineup import SETTINGS, Clue, Lineup, draw_lineup, lineup
from cotpress.world.lookalikes import LEAST_BROKEN, draw_lookalikes, lookalikes


def _possible(puzzle: Lineup, clues: tuple[Clue, ...]) -> set[str]:
    """Who may stand at the asked place, by trying every order."""
    found = set()
    for order in permutations(puzzle.people):
        places = {who: place for place, who in enumerate(order, 1)}
        if all(clue.holds(places) for clue in clues):
            found.add(order[puzzle.place - 1])
    return found


@pytest.mark.parametrize("number", range(40))
def test_an_order_puzzle_has_one_answer_by_each_chain_alone(number: int) -> None:
    puzzle = draw_lineup(random.Random(f"lineup-{number}"), 1 + number % 2)
    assert _possible(puzzle, puzzle.clues) == {puzzle.answer}
    for chain in puzzle.chains:
        assert _possible(puzzle, chain) == {puzzle.answer}
        assert all(_possible(puzzle, tuple(c for c in chain if c is not clue)) != {puzzle.answer} for clue in chain)
    assert puzzle.options.count(puzzle.answer) == 1
    assert len(set(puzzle.options)) == len(puzzle.options)


def test_order_words_point_the_right_way() -> None:
    texts = [
        (Clue("Ann", 1, "Bob").text(one), Clue("Ann", -3, "Bob").text(one), Clue("Ann", 2).text(one))
        for one in SETTINGS
    ]
    assert texts == [
        ("Ann is right behind Bob", "Ann is 3 places in front of Bob", "Ann is second in line"),
        ("Ann is directly after Bob", "Ann is 3 turns before Bob", "Ann is the second to speak"),
        ("Ann is next door to the right of Bob", "Ann is 3 houses to the left of Bob", "Ann lives in the second house"),
        ("Ann came in one place after Bob", "Ann came in 3 places ahead of Bob", "Ann finished second"),
        ("Ann is one floor above Bob", "Ann is 3 floors below Bob", "Ann is on the second floor"),
    ]


@pytest.mark.parametrize("number", range(20))
def test_an_order_question_gives_all_its_clues(number: int) -> None:
    difficulty = 1 + number % 8
    puzzle = draw_lineup(random.Random(f"q-{number}"), difficulty)
    problem = lineup(random.Random(f"q-{number}"), difficulty)
    assert all(f"{clue.text(puzzle.setting)}." in problem.question for clue in puzzle.clues)
    assert f"({problem.gold}) {puzzle.answer}" in problem.question
    assert [len(moves) for moves in problem.rationales] == [difficulty + 2, difficulty + 2]


def _fitting(question: str) -> list[str]:
    """The options that fit all clues, read from the text of the question alone."""
    clues = re.findall(r"^Clue \d+: the (.+) is (not|more than|less than) (.+)\.$", question, re.MULTILINE)
    options = re.findall(r"^\((\w)\) [^:]+: (.+)$", question, re.MULTILINE)
    assert len(clues) == 8
    fitting = []
    for letter, described in options:
        features = dict(_feature(part, [noun for noun, *_ in clues]) for part in described.split(", "))
        if all(_fits(features[noun], kind, bound) for noun, kind, bound in clues):
            fitting.append(letter)
    return fitting


def _feature(part: str, nouns: list[str]) -> tuple[str, str]:
    noun = next(noun for noun in nouns if part.startswith(noun + " "))
    return noun, part.removeprefix(noun + " ")


def _fits(value: str, kind: str, bound: str) -> bool:
    if kind == "not":
        return value != bound
    number, limit = int(value.split()[0]), int(bound.split()[0])
    return number > limit if kind == "more than" else number < limit


@pytest.mark.parametrize("number", range(80))
def test_an_elimination_puzzle_has_one_answer(number: int) -> None:
    problem = lookalikes(random.Random(f"look-{number}"), 1 + number % 8)
    assert _fitting(problem.question) == [problem.gold]


@pytest.mark.parametrize("number", range(40))
def test_every_wrong_option_breaks_several_clues(number: int) -> None:
    puzzle = draw_lookalikes(random.Random(f"look-{number}"), 1 + number % 8)
    broken = [len(puzzle.broken(option)) for option in range(len(puzzle.things))]
    assert broken.pop(puzzle.answer) == 0
    assert min(broken) >= LEAST_BROKEN


def test_an_elimination_strikes_every_wrong_option_once_by_clues_it_breaks() -> None:
    for number in range(30):
        problem = lookalikes(random.Random(f"look-{number}"), 3)
        puzzle = draw_lookalikes(random.Random(f"look-{number}"), 3)
        used = []
        for moves in problem.rationales:
            strikes = [re.search(r"\((\w)\) is out by clue (\d+)", move.again[0]) for move in moves[:-1]]
            pairs = {strike[1]: int(strike[2]) for strike in strikes if strike}
            assert sorted((*pairs, problem.gold)) == list("ABCDEF")
            for letter, clue in pairs.items():
                assert puzzle.hints[clue - 1] in puzzle.broken("ABCDEF".index(letter))
            used.append(pairs)
        assert all(used[0][letter] != used[1][letter] for letter in used[0])


@pytest.mark.parametrize("regime", ["short", "long"])
def test_essential_steps_end_in_the_right_option(regime: str) -> None:
    for drawn in sample("general", regime, 60):
        essential = [drawn.trace.reasoning[start:end] for start, end, role in drawn.roles if role is Role.ESSENTIAL]
        assert f"({drawn.trace.gold})" in essential[-1]
        assert [len(moves) for moves in drawn.problem.rationales] == [len(essential)] * 2
