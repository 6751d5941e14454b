"""The general domain: one box is right, each wrong one is ruled out twice, and every rationale alone shows it."""

from __future__ import annotations

import random
import re

import pytest

from cotpress.world import ReasoningRole, sample
from cotpress.world.boxes import OPTION_LETTERS, RIGHT_WORDS, WRONG_WORDS, draw_puzzle, generate_box_problem


@pytest.mark.parametrize("number", range(40))
def test_every_wrong_box_is_wrong_twice_and_one_is_right(number: int) -> None:
    count = 2 + number % 9
    drawn = draw_puzzle(random.Random(f"boxes-{number}"), count)
    assert len(drawn.boxes) == count
    for at, box in enumerate(drawn.boxes):
        right = [word == wanted for word, wanted in zip(box, RIGHT_WORDS, strict=True)]
        assert all(right) if at == drawn.key else not any(right)


@pytest.mark.parametrize("number", range(20))
def test_the_question_gives_all_boxes(number: int) -> None:
    count = 2 + number % 9
    drawn = draw_puzzle(random.Random(f"q-{number}"), count)
    problem = generate_box_problem(random.Random(f"q-{number}"), count)
    assert re.findall(r"\((.)\) (\w+), (\w+)", problem.question) == [
        (letter, *box) for letter, box in zip(OPTION_LETTERS, drawn.boxes, strict=False)
    ]
    assert f"({problem.gold}) {', '.join(RIGHT_WORDS)}" in problem.question
    assert [len(moves) for moves in problem.rationales] == [count + 1] * len(RIGHT_WORDS)


def test_each_rationale_rules_out_every_wrong_box_with_a_true_remark() -> None:
    for drawn in sample("general", "short", 60, difficulty=3):
        boxes = dict(re.findall(r"\((.)\) (\w+, \w+)", drawn.trace.question))
        gold = drawn.trace.gold
        seen = []
        for moves in drawn.problem.rationales:
            briefs = [move.brief for move in moves]
            for letter, brief in zip(boxes, briefs, strict=False):
                [(named, word)] = re.findall(r"«\((.)\) is (\w+)»", brief)
                assert named == letter
                assert word in boxes[letter].split(", ")
                assert (f"«({letter}) fits»" if letter == gold else f"«not ({letter})»") in brief
                seen.append((letter, word))
            assert briefs[-1] == f"«It is ({gold})»."
        assert len(set(seen)) == len(RIGHT_WORDS) * len(boxes)  # another remark about each box in each rationale


def test_essential_units_name_the_boxes_and_the_last_one_left() -> None:
    for drawn in sample("general", "long", 60):
        text = drawn.trace.reasoning
        marked = [text[start:end] for start, end, role in drawn.units if role is ReasoningRole.ESSENTIAL]
        assert f"({drawn.trace.gold})" in marked[-1]
        assert len({letter for one in marked for letter in re.findall(r"\((.)\)", one)}) == 4


def test_words_are_told_apart() -> None:
    words = [*RIGHT_WORDS, *(word for kind in WRONG_WORDS for word in kind)]
    assert len(set(words)) == len(words)
    assert len(OPTION_LETTERS) == 10
