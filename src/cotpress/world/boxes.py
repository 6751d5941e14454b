"""The general domain: which box holds the key? Each wrong box is ruled out twice over, so many rationales are valid."""

from __future__ import annotations

import random
from dataclasses import dataclass

from cotpress.world.structures import Deduction, WorldProblem

# What the right box is, and what a wrong one is instead: a word of each line.
RIGHT_WORDS = ("locked", "heavy")
WRONG_WORDS = (
    ("open", "broken", "loose", "torn", "burnt"),
    ("light", "empty", "hollow", "flat", "tiny"),
)
OPTION_LETTERS = "ABCDEFGHIJ"

Box = tuple[str, ...]  # a word of each kind


@dataclass(frozen=True, slots=True)
class BoxPuzzle:
    """Boxes in the order of their letters, and which one is right."""

    boxes: tuple[Box, ...]
    key: int


def draw_puzzle(rng: random.Random, count: int) -> BoxPuzzle:
    """A puzzle of `count` boxes, 2..10. Every wrong box is wrong in every word."""
    boxes: list[Box] = [tuple(map(rng.choice, WRONG_WORDS)) for _ in range(count)]
    key = rng.randrange(count)
    boxes[key] = RIGHT_WORDS
    return BoxPuzzle(tuple(boxes), key)


def generate_box_problem(rng: random.Random, count: int) -> WorldProblem:
    """A multiple-choice problem of `count` boxes with several rationales, each of `count` + 1 moves."""
    drawn = draw_puzzle(rng, count)
    options = [f"({letter}) {', '.join(box)}" for letter, box in zip(OPTION_LETTERS, drawn.boxes, strict=False)]
    gold = OPTION_LETTERS[drawn.key]
    return WorldProblem(
        question=f"The key is in the {' and '.join(RIGHT_WORDS)} box. Which box is it?\n" + "\n".join(options),
        gold=gold,
        answer=f"The answer is ({gold}).",
        goal="which box it is",
        facts=tuple(f"{option}." for option in options),
        rationales=tuple(_build_rationale(rng, drawn, turn) for turn in range(len(RIGHT_WORDS))),
    )


def _build_rationale(rng: random.Random, drawn: BoxPuzzle, turn: int) -> tuple[Deduction, ...]:
    """Every box in turn, by one of its words, another one each turn; then which box it is."""
    moves = []
    for at, box in enumerate(drawn.boxes):
        build_clue = _build_match if at == drawn.key else _build_exclusion
        moves.append(build_clue(rng, OPTION_LETTERS[at], box, turn))
    return (*moves, _build_conclusion(drawn))


def _build_exclusion(rng: random.Random, letter: str, box: Box, turn: int) -> Deduction:
    """A box is ruled out by one of its words; another confirms it."""
    word, wanted, other = box[turn], RIGHT_WORDS[turn], box[turn - 1]
    essential = f"«({letter}) is {word}»"
    return Deduction(
        brief=rng.choice((f"{essential}, so «not ({letter})».", f"{essential} and not {wanted}, so «not ({letter})».")),
        full=(
            f"Next, {essential} and not {wanted}, so «not ({letter})».",
            f"Look at ({letter}). I see that {essential}, and I need {wanted}. So «not ({letter})».",
            f"Now {essential}, and I need {wanted}, so «not ({letter})».",
        ),
        restatements=(f"({letter}) is {word}, so not ({letter}).", f"({letter}) is out, as it is {word}."),
        confirmations=(f"({letter}) is {other} too, so not ({letter}).", f"It says {word}, so not ({letter})."),
        mistake=rng.choice((f"({letter}) should be the one.", f"I would say that ({letter}) fits.")),
        correction=rng.choice(
            (
                f"No, wait. ({letter}) is {word}, so I drop it.",
                f"Hmm, that is wrong. ({letter}) is {word}, so I drop it.",
            )
        ),
        result=f"({letter}) is out",
    )


def _build_match(rng: random.Random, letter: str, box: Box, turn: int) -> Deduction:
    word, other = box[turn], box[turn - 1]
    essential = f"«({letter}) is {word}»"
    return Deduction(
        brief=rng.choice((f"{essential}, so «({letter}) fits».", f"{essential} and {other}, so «({letter}) fits».")),
        full=(
            f"Next, {essential} and {other}, so «({letter}) fits».",
            f"Look at ({letter}). I see that {essential}, and I need {word}. So «({letter}) fits».",
            f"Now {essential}, and I need {word}, so «({letter}) fits».",
        ),
        restatements=(f"({letter}) is {word}, so ({letter}) fits.", f"({letter}) fits, as it is {word}."),
        confirmations=(f"({letter}) is {other} too, so ({letter}) fits.", f"It says {word}, so ({letter}) fits."),
        mistake=rng.choice((f"I would say not ({letter}).", f"It can be that ({letter}) is out.")),
        correction=f"No, wait. ({letter}) is {word}, so that is wrong.",
        result=f"({letter}) fits",
    )


def _build_conclusion(drawn: BoxPuzzle) -> Deduction:
    letter, slip = OPTION_LETTERS[drawn.key], OPTION_LETTERS[(drawn.key + 1) % len(drawn.boxes)]
    return Deduction(
        brief=f"«It is ({letter})».",
        full=(f"So now «only ({letter}) is left».", f"And that means «it is ({letter})»."),
        restatements=(f"Only ({letter}) is left.", f"It is ({letter}), as only ({letter}) fits."),
        confirmations=(f"Nothing is against ({letter}).",),
        mistake=f"So only ({slip}) is left.",
        correction=f"No, wait. ({slip}) is out, so I drop it.",
        result=f"only ({letter}) is left",
    )
