"""The general domain: where the key is, read from the question alone; every rationale shows it; no heuristic does."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from cotpress.world import ReasoningRole, remove_marks, sample
from cotpress.world.heuristics import HEURISTICS, answer_by
from cotpress.world.move_puzzles import CONTAINERS, MOVES_AFTER_CLUE, OPTION_LETTERS, PEOPLE, draw_puzzle

EVENT = re.compile(
    r"\b([A-Z][a-z]+) (?:(?:empties|puts what is in|moves all from) the (\w+) (?:into|to) the (\w+)"
    r"|(?:puts what is in) the (\w+) into the (\w+)|fills the (\w+) from the (\w+))\."
)
STATED = re.compile(  # a person, and where the key is then
    r"\b([A-Z][a-z]+)(?:: | it is )\w+ to \w+(?:,| and) the key is in the \w+, so it (?:goes to|stays in) the (\w+)"
    r"|With ([A-Z][a-z]+), the key (?:goes to|stays in) the (\w+)"
    r"|after ([A-Z][a-z]+) the key is in the (\w+)"
)
PUZZLES = 500  # that a heuristic is tried on


def _follow(question: str) -> tuple[dict[str, str], str]:
    """Where the key is after each person's move, and at last; read from the question alone."""
    [place] = re.findall(r"^The key is in the (\w+)\.", question)
    places = {}
    for person, *found in EVENT.findall(question):
        source, target = (found[5], found[4]) if found[4] else (found[0] or found[2], found[1] or found[3])
        place = target if source == place else place
        places[person] = place
    return places, place


def _read_stated(text: str) -> list[tuple[str, str]]:
    return [
        (one or two or three, place or there or last) for one, place, two, there, three, last in STATED.findall(text)
    ]


@pytest.mark.parametrize("difficulty", [1, 2, 5, 8])
def test_the_question_alone_gives_the_gold_answer(difficulty: int) -> None:
    for drawn in sample("general", "short", 60, difficulty=difficulty):
        question = drawn.trace.question
        places, end = _follow(question)
        options = dict(re.findall(r"\((.)\) (\w+)", question))
        assert len(places) == difficulty + 3
        assert options == dict(zip(OPTION_LETTERS, CONTAINERS[: difficulty + 2], strict=False))
        assert options[str(drawn.trace.gold)] == end
        [(seen_by, seen)] = re.findall(r"After (\w+), the key is seen in the (\w+)\.", question)
        assert places[seen_by] == seen
        assert list(places).index(seen_by) <= len(places) - 1 - MOVES_AFTER_CLUE


def test_both_rationales_are_true_and_reach_the_answer() -> None:
    for drawn in sample("general", "short", 80, difficulty=3):
        places, end = _follow(drawn.trace.question)
        whole, from_clue = drawn.problem.rationales
        assert len(whole) > len(from_clue)
        for rationale in (whole, from_clue):
            assert rationale[-1].fact == f"({drawn.trace.gold})"
            for move in rationale:
                for text in (move.brief, *move.full, *move.restatements, move.result):
                    assert all(places[person] == place for person, place in _read_stated(remove_marks(text))), text
                assert all(places[person] != place for person, place in _read_stated(move.invention))
                if re.match(r"\w+: ", move.fact) and move.fact[0] != "s":
                    assert [f"{person}: {place}" for person, place in _read_stated(remove_marks(move.brief))] == [
                        move.fact
                    ]
        told = [move.fact for move in whole if move.fact]
        assert told[1:-1] == [f"{person}: {place}" for person, place in places.items()]
        assert {move.fact for move in from_clue if move.fact} <= set(told)
        assert end in remove_marks(whole[-1].brief)


@pytest.mark.parametrize("name", list(HEURISTICS))
def test_no_heuristic_answers_half_of_the_problems(name: str) -> None:
    drawn = sample("general", "short", PUZZLES, seed=11)
    assert sum(answer_by(name, one.trace.question) == one.trace.gold for one in drawn) <= PUZZLES / 2


def test_heuristics_read_what_they_say() -> None:
    question = (
        "The key is in the bag. Ann empties the bag into the cup. After Ann, the key is seen in the cup. Bob moves all "
        "from the box to the bag. Cam fills the jar from the cup. Dan cleans the box. Where is the key?"
    )
    found = {name: answer_by(name, question) for name in HEURISTICS}
    assert (found["first place"], found["last place"], found["place of the clue"]) == ("A", "B", "C")
    assert (found["target of the last move"], found["target of the move before"]) == ("D", "A")
    assert (found["last two moves"], found["one move from the clue"], found["most frequent place"]) == ("A", "D", "A")


def test_options_are_right_equally_often() -> None:
    letters = Counter(one.trace.gold for one in sample("general", "short", PUZZLES, seed=11))
    assert max(letters.values()) <= 0.32 * PUZZLES


def test_events_that_leave_the_key_alone_stand_among_those_that_count() -> None:
    puzzles = [draw_puzzle(random.Random(f"noise-{number}"), 5, 4) for number in range(200)]
    moves = [event for puzzle in puzzles for event in puzzle.events if event.is_move]
    idle = [event for event in moves if event.before == event.after]
    assert 0.3 < len(idle) / len(moves) < 0.6
    assert all(sum(not event.is_move for event in puzzle.events) == 1 for puzzle in puzzles)
    assert all([event.person for event in puzzle.events] == list(PEOPLE[:6]) for puzzle in puzzles)


def test_essential_units_say_where_the_key_goes_and_which_option_that_is() -> None:
    for drawn in sample("general", "long", 60):
        text = drawn.trace.reasoning
        marked = [text[start:end] for start, end, role in drawn.units if role is ReasoningRole.ESSENTIAL]
        assert f"({drawn.trace.gold})" in marked[-1]
        assert all("the key" in one for one in marked[:-1])


def test_words_are_told_apart() -> None:
    assert len({*PEOPLE, *CONTAINERS}) == len(PEOPLE) + len(CONTAINERS)
    assert list(PEOPLE) == sorted(PEOPLE)
    assert list(CONTAINERS) == sorted(CONTAINERS)
