"""The general domain: which box holds the key? Two witnesses speak of every box, so many rationales are valid."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from cotpress.world.parts import Move, Problem

COLOURS = ("red", "blue", "green", "white", "black", "pink", "brown", "grey", "gold", "silver")
WITNESSES = ("Ann", "Bob", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Joe")
LETTERS = "ABCDEFGHIJ"
TWICE = 2  # witnesses of each box


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A colour for each box in the order of their letters, the colours that each witness speaks of, and which box it
    is: of that one they say "maybe", of every other "not"."""

    colours: tuple[str, ...]
    seen: Mapping[str, tuple[str, ...]]
    key: int

    def witnesses(self, at: int) -> list[str]:
        """Those who speak of a box."""
        return [who for who, colours in self.seen.items() if self.colours[at] in colours]

    def word(self, colour: str) -> str:
        """What is said of a colour."""
        return "maybe" if colour == self.colours[self.key] else "not"


def draw_puzzle(rng: random.Random, count: int) -> Puzzle:
    """A puzzle of `count` boxes, 3..10, and as many witnesses."""
    colours = tuple(rng.sample(COLOURS, count))
    ring = rng.sample(colours, count)
    pairs = [(colour, ring[at - 1]) for at, colour in enumerate(ring)]  # each colour is in two of them
    names = rng.sample(WITNESSES, count)
    seen = {who: tuple(rng.sample(pair, 2)) for who, pair in zip(names, pairs, strict=True)}
    return Puzzle(colours, seen, rng.randrange(count))


def puzzle(rng: random.Random, count: int) -> Problem:
    """A multiple-choice problem of `count` boxes with several rationales, each of `count` + 1 moves."""
    drawn = draw_puzzle(rng, count)
    options = "\n".join(f"({letter}) {colour}" for letter, colour in zip(LETTERS, drawn.colours, strict=False))
    clues = [
        f"{who} says {' and '.join(f'{drawn.word(one)} {one}' for one in colours)}."
        for who, colours in drawn.seen.items()
    ]
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
    """Every box in turn, by what a witness says of it, another one each turn; then which box it is."""
    moves = []
    for at, colour in enumerate(drawn.colours):
        told = _fits if at == drawn.key else _ruled_out
        witnesses = drawn.witnesses(at)
        moves.append(told(rng, (LETTERS[at], colour), (witnesses[turn], witnesses[turn - 1])))
    return (*moves, _chosen(drawn))


def _ruled_out(rng: random.Random, box: tuple[str, str], witnesses: tuple[str, str]) -> Move:
    """A box is ruled out by the first witness; the second confirms it."""
    (letter, colour), (who, other) = box, witnesses
    essential = f"«({letter}) is {colour}»"
    return Move(
        brief=rng.choice(
            (
                f"{essential}, and {who} says not {colour}, so «not ({letter})».",
                f"{essential}. {who} says not {colour}, so «not ({letter})».",
            )
        ),
        full=(
            f"Next, {essential}, and {who} says not {colour}, so «not ({letter})».",
            f"Look at ({letter}). I see that {essential}, and {who} says not {colour}. So «not ({letter})».",
            f"Now {essential}. As {who} says not {colour}, «not ({letter})».",
        ),
        again=(f"({letter}) is {colour}, so not ({letter}).", f"({letter}) is out, as {who} says not {colour}."),
        proof=(f"{other} says not {colour} too.", f"({letter}) is {colour}, and {other} says not {colour}."),
        wrong=rng.choice((f"({letter}) should be the one.", f"I would say that ({letter}) fits.")),
        noticed=rng.choice(
            (
                f"No, wait. ({letter}) is {colour}, and {who} says not {colour}, so I drop it.",
                f"Hmm, that is wrong. {who} says not {colour}, so I drop it.",
            )
        ),
        result=f"({letter}) is out",
    )


def _fits(rng: random.Random, box: tuple[str, str], witnesses: tuple[str, str]) -> Move:
    (letter, colour), (who, other) = box, witnesses
    essential = f"«({letter}) is {colour}»"
    return Move(
        brief=rng.choice(
            (
                f"{essential}, and {who} says maybe {colour}, so «({letter}) fits».",
                f"{essential}. {who} says maybe {colour}, so «({letter}) fits».",
            )
        ),
        full=(
            f"Next, {essential}, and {who} says maybe {colour}, so «({letter}) fits».",
            f"Look at ({letter}). I see that {essential}, and {who} says maybe {colour}. So «({letter}) fits».",
            f"Now {essential}. As {who} says maybe {colour}, «({letter}) fits».",
        ),
        again=(f"({letter}) is {colour}, so ({letter}) fits.", f"({letter}) fits, as {who} says maybe {colour}."),
        proof=(f"{other} says maybe {colour} too.", f"({letter}) is {colour}, and {other} says maybe {colour}."),
        wrong=rng.choice((f"I would say not ({letter}).", f"It can be that ({letter}) is out.")),
        noticed=f"No, wait. {who} says maybe {colour}, so that is wrong.",
        result=f"({letter}) fits",
    )


def _chosen(drawn: Puzzle) -> Move:
    letter, slip = LETTERS[drawn.key], LETTERS[(drawn.key + 1) % len(drawn.colours)]
    return Move(
        brief=f"«It is ({letter})».",
        full=(f"So now «only ({letter}) is left».", f"And that means «it is ({letter})»."),
        again=(f"Only ({letter}) is left.", f"It is ({letter}), as only ({letter}) fits."),
        proof=(f"Nothing is against ({letter}).",),
        wrong=f"So only ({slip}) is left.",
        noticed=f"No, wait. ({slip}) is out, so I drop it.",
        result=f"only ({letter}) is left",
    )
