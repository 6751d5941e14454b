"""The general domain: which box holds the key? Each wrong box is ruled out twice over, so many rationales are valid."""

from __future__ import annotations

import random
from dataclasses import dataclass

from cotpress.world.parts import Move, Problem

# What the right box is, and what a wrong one is instead: a word of each line.
RIGHT = ("locked", "heavy")
WRONG = (
    ("open", "broken", "loose", "torn", "burnt"),
    ("light", "empty", "hollow", "flat", "tiny"),
)
LETTERS = "ABCDEFGHIJ"

Box = tuple[str, ...]  # a word of each kind


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Boxes in the order of their letters, and which one is right."""

    boxes: tuple[Box, ...]
    key: int


def draw_puzzle(rng: random.Random, count: int) -> Puzzle:
    """A puzzle of `count` boxes, 2..10. Every wrong box is wrong in every word."""
    boxes: list[Box] = [tuple(map(rng.choice, WRONG)) for _ in range(count)]
    key = rng.randrange(count)
    boxes[key] = RIGHT
    return Puzzle(tuple(boxes), key)


def puzzle(rng: random.Random, count: int) -> Problem:
    """A multiple-choice problem of `count` boxes with several rationales, each of `count` + 1 moves."""
    drawn = draw_puzzle(rng, count)
    options = [f"({letter}) {', '.join(box)}" for letter, box in zip(LETTERS, drawn.boxes, strict=False)]
    gold = LETTERS[drawn.key]
    return Problem(
        question=f"The key is in the {' and '.join(RIGHT)} box. Which box is it?\n" + "\n".join(options),
        gold=gold,
        answer=f"The answer is ({gold}).",
        goal="which box it is",
        facts=tuple(f"{option}." for option in options),
        rationales=tuple(_rationale(rng, drawn, turn) for turn in range(len(RIGHT))),
    )


def _rationale(rng: random.Random, drawn: Puzzle, turn: int) -> tuple[Move, ...]:
    """Every box in turn, by one of its words, another one each turn; then which box it is."""
    moves = []
    for at, box in enumerate(drawn.boxes):
        told = _fits if at == drawn.key else _ruled_out
        moves.append(told(rng, LETTERS[at], box, turn))
    return (*moves, _chosen(drawn))


def _ruled_out(rng: random.Random, letter: str, box: Box, turn: int) -> Move:
    """A box is ruled out by one of its words; another confirms it."""
    word, wanted, other = box[turn], RIGHT[turn], box[turn - 1]
    essential = f"«({letter}) is {word}»"
    return Move(
        brief=rng.choice((f"{essential}, so «not ({letter})».", f"{essential} and not {wanted}, so «not ({letter})».")),
        full=(
            f"Next, {essential} and not {wanted}, so «not ({letter})».",
            f"Look at ({letter}). I see that {essential}, and I need {wanted}. So «not ({letter})».",
            f"Now {essential}, and I need {wanted}, so «not ({letter})».",
        ),
        again=(f"({letter}) is {word}, so not ({letter}).", f"({letter}) is out, as it is {word}."),
        proof=(f"({letter}) is {other} too, so not ({letter}).", f"It says {word}, so not ({letter})."),
        wrong=rng.choice((f"({letter}) should be the one.", f"I would say that ({letter}) fits.")),
        noticed=rng.choice(
            (
                f"No, wait. ({letter}) is {word}, so I drop it.",
                f"Hmm, that is wrong. ({letter}) is {word}, so I drop it.",
            )
        ),
        result=f"({letter}) is out",
    )


def _fits(rng: random.Random, letter: str, box: Box, turn: int) -> Move:
    word, other = box[turn], box[turn - 1]
    essential = f"«({letter}) is {word}»"
    return Move(
        brief=rng.choice((f"{essential}, so «({letter}) fits».", f"{essential} and {other}, so «({letter}) fits».")),
        full=(
            f"Next, {essential} and {other}, so «({letter}) fits».",
            f"Look at ({letter}). I see that {essential}, and I need {word}. So «({letter}) fits».",
            f"Now {essential}, and I need {word}, so «({letter}) fits».",
        ),
        again=(f"({letter}) is {word}, so ({letter}) fits.", f"({letter}) fits, as it is {word}."),
        proof=(f"({letter}) is {other} too, so ({letter}) fits.", f"It says {word}, so ({letter}) fits."),
        wrong=rng.choice((f"I would say not ({letter}).", f"It can be that ({letter}) is out.")),
        noticed=f"No, wait. ({letter}) is {word}, so that is wrong.",
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
