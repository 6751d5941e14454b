"""The general domain: one box is right, each wrong one is ruled out twice, and every rationale alone shows it."""

from __future__ import annotations

import random
import re

import pytest

from cotpress.world import Role, sample
from cotpress.world.boxes import CLUES, KINDS, LETTERS, TWICE, draw_puzzle, puzzle


@pytest.mark.parametrize("number", range(40))
def test_clues_leave_one_box_and_rule_each_other_out_twice(number: int) -> None:
    drawn = draw_puzzle(random.Random(f"boxes-{number}"), 2 + number % 9)
    assert len(set(drawn.boxes)) == len(drawn.boxes) == 2 + number % 9
    assert len(set(drawn.excluded)) == CLUES
    for at in range(len(drawn.boxes)):
        assert (len(drawn.against(at)) >= TWICE) is (at != drawn.key)
        assert (not drawn.against(at)) is (at == drawn.key)


@pytest.mark.parametrize("number", range(20))
def test_the_question_gives_all_clues_and_boxes(number: int) -> None:
    count = 2 + number % 9
    drawn = draw_puzzle(random.Random(f"q-{number}"), count)
    problem = puzzle(random.Random(f"q-{number}"), count)
    assert all(f"It is not {word}." in problem.question for word in drawn.excluded)
    assert f"({problem.gold}) {', '.join(drawn.boxes[drawn.key])}" in problem.question
    assert [len(moves) for moves in problem.rationales] == [count + 1, count + 1]


def test_each_rationale_rules_out_every_wrong_box_with_a_true_remark() -> None:
    for drawn in sample("general", "short", 60, difficulty=3):
        boxes = dict(re.findall(r"\(([A-J])\) ([a-z, ]+)", drawn.trace.question))
        gold = drawn.trace.gold
        for moves in drawn.problem.rationales:
            said = dict(re.findall(r"«\((.)\) (?:is )?(\w+)»", " ".join(move.brief for move in moves[:-1])))
            assert list(said) == list(boxes)
            assert said.pop(gold) == "fits"
            assert all(word in boxes[letter] for letter, word in said.items())
            assert moves[-1].brief == f"«It is ({gold})»."
        assert drawn.problem.rationales[0] != drawn.problem.rationales[1]


def test_essential_units_name_the_boxes_and_the_last_one_left() -> None:
    for drawn in sample("general", "long", 60):
        text = drawn.trace.reasoning
        marked = [text[start:end] for start, end, role in drawn.units if role is Role.ESSENTIAL]
        assert f"({drawn.trace.gold})" in marked[-1]
        assert len({letter for one in marked for letter in re.findall(r"\((.)\)", one)}) == 4


def test_there_are_letters_and_words_enough_for_the_hardest() -> None:
    assert len(LETTERS) == 10
    assert len({word for words in KINDS.values() for word in words}) == sum(map(len, KINDS.values()))
