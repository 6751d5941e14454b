"""The general domain: which box holds the key? Clues rule boxes out, each box at least twice, so many rationales do."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product

from cotpress.world.parts import Move, Problem

KINDS = {
    "colour": ("red", "blue", "green", "white"),
    "size": ("big", "small", "tiny"),
    "stuff": ("wooden", "metal", "glass", "paper"),
}
LETTERS = "ABCDEFGHIJ"
CLUES, TWICE = 5, 2  # clues of a puzzle, and those at least that rule out each wrong box

Box = tuple[str, ...]  # a word of each kind


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Boxes in the order of their letters, the words that clues exclude as told, and which box it is."""

    boxes: tuple[Box, ...]
    excluded: tuple[str, ...]
    key: int

    def against(self, at: int) -> list[str]:
        """The words of a box that a clue excludes."""
        return [word for word in self.boxes[at] if word in self.excluded]


def draw_puzzle(rng: random.Random, count: int) -> Puzzle:
    """A puzzle of `count` boxes, 2..10: no clue is against the one with the key, two or more against each other."""
    while True:
        right = tuple(rng.choice(words) for words in KINDS.values())
        others = [word for words in KINDS.values() for word in words if word not in right]
        excluded = tuple(rng.sample(others, CLUES))
        boxes = _boxes(rng, excluded, right, count)
        if boxes:
            return Puzzle(boxes, excluded, boxes.index(right))


def _boxes(rng: random.Random, excluded: tuple[str, ...], right: Box, count: int) -> tuple[Box, ...]:
    """The right box among wrong ones, in random order; none where there are not enough wrong ones."""
    wrong = [box for box in product(*KINDS.values()) if sum(word in excluded for word in box) >= TWICE]
    if len(wrong) < count - 1:
        return ()
    return tuple(rng.sample([right, *rng.sample(wrong, count - 1)], count))


def puzzle(rng: random.Random, count: int) -> Problem:
    """A multiple-choice problem of `count` boxes with several rationales, each of `count` + 1 moves."""
    drawn = draw_puzzle(rng, count)
    options = "\n".join(f"({letter}) {', '.join(box)}" for letter, box in zip(LETTERS, drawn.boxes, strict=False))
    clues = [f"It is not {word}." for word in drawn.excluded]
    gold = LETTERS[drawn.key]
    return Problem(
        question=f"The key is in one box. {' '.join(clues)} Which box is it?\n{options}",
        gold=gold,
        answer=f"The answer is ({gold}).",
        goal="which box it is",
        facts=tuple(clues),
        rationales=tuple(_rationale(rng, drawn, turn) for turn in range(TWICE)),
    )


def _rationale(rng: random.Random, drawn: Puzzle, turn: int) -> tuple[Move, ...]:
    """Every box in turn: what is against it, another clue each turn, or that it fits; then which one it is."""
    moves = []
    for at in range(len(drawn.boxes)):
        against = drawn.against(at)
        moves.append(_ruled_out(rng, drawn, at, (against[turn], against[turn - 1])) if against else _fits(rng, drawn))
    return (*moves, _chosen(drawn))


def _ruled_out(rng: random.Random, drawn: Puzzle, at: int, words: tuple[str, str]) -> Move:
    """Box `at` is ruled out by its first word; the second confirms it."""
    seen, other = words
    letter = LETTERS[at]
    essential = f"«({letter}) is {seen}»"
    return Move(
        brief=rng.choice(
            (f"{essential}, but {seen} is out, so «not ({letter})».", f"{essential}, so «not ({letter})».")
        ),
        full=(
            f"Next, {essential}, but {seen} is out, so «not ({letter})».",
            f"Look at ({letter}). I see that {essential}, and {seen} is out. So «not ({letter})».",
            f"Now {essential}, and that is out, so «not ({letter})».",
        ),
        again=(f"({letter}) is {seen}, so not ({letter}).", f"({letter}) is out, as it is {seen}."),
        proof=(f"({letter}) is {other}, and {other} is out too.", f"It says not {seen}, so not ({letter})."),
        wrong=rng.choice((f"({letter}) should be the one.", f"I would say that ({letter}) fits.")),
        noticed=rng.choice(
            (
                f"No, wait. ({letter}) is {seen}, so I drop it.",
                f"Hmm, that is wrong. ({letter}) is {seen}, so I drop it.",
            )
        ),
        result=f"({letter}) is out",
    )


def _fits(rng: random.Random, drawn: Puzzle) -> Move:
    letter, box = LETTERS[drawn.key], ", ".join(drawn.boxes[drawn.key])
    return Move(
        brief=rng.choice((f"No clue is against ({letter}), so «({letter}) fits».", f"«({letter}) fits».")),
        full=(
            f"Next, ({letter}) is {box}. No clue is against it, so «({letter}) fits».",
            f"Look at ({letter}). I see no clue against it, so «({letter}) fits».",
        ),
        again=(f"No clue is against ({letter}), so ({letter}) fits.", f"({letter}) is {box}, and ({letter}) fits."),
        proof=(f"({letter}) is {box}, all fine.", f"Nothing is against ({letter})."),
        wrong=rng.choice((f"I would say not ({letter}).", f"It can be that ({letter}) is out.")),
        noticed=f"No, wait. Nothing is against ({letter}), so that is wrong.",
        result=f"({letter}) fits",
    )


def _chosen(drawn: Puzzle) -> Move:
    letter, slip = LETTERS[drawn.key], LETTERS[(drawn.key + 1) % len(drawn.boxes)]
    return Move(
        brief=f"«It is ({letter})».",
        full=(f"So now «only ({letter}) is left».", f"And that means «it is ({letter})»."),
        again=(f"Only ({letter}) is left.", f"It is ({letter}), as only ({letter}) fits."),
        proof=(f"Nothing is against ({letter}).",),
        wrong=f"So only ({slip}) is left.",
        noticed=f"No, wait. ({slip}) is out, so I drop it.",
        result=f"only ({letter}) is left",
    )
