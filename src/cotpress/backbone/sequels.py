"""Which steps need one before or behind them, because one goes on from the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from cotpress.text.steps.step_shapes import points_back

_OBJECTION = re.compile(r"(?:wait,?\s+)?(?:however|but|although|though)\b", re.IGNORECASE)
# What is done to an equation, or with one that is only named, says nothing without it.
_ON_EQUATION = re.compile(
    r"\bboth\s+sides\b|\b(?:left|right)[- ](?:hand\s+)?side\b"
    r"|\b(?:the\s+(?:first|second|third|above|last|previous|resulting)|this)\s+equation\b",
    re.IGNORECASE,
)
# "So subtract 26 from 90." says nothing of why; the sentence before does.
_CALLS_FOR = re.compile(
    r"\s*(?:so|then|now)\b[,\s]+(?:(?:i|we)\s+)?(?:(?:need\s+to|can|must|should)\s+)?(?:subtract|add|multiply|divide)\b"
    r"(?![^.\n]*=)",
    re.IGNORECASE,
)
# What is taken from the question says why the next step holds.
_PREMISE = re.compile(
    r"\b(?:we\s+also\s+know|(?:it's|it\s+is|we\s+are|we're)\s+(?:also\s+)?given|given\s+that|according\s+to\s+the"
    r"|the\s+(?:problem|question|clue)\s+(?:says|states|tells))\b(?![^.\n]*:\s*\Z)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s*(?:so|thus|therefore|hence|then|this|that|which)\b", re.IGNORECASE)
_MAX_PREMISE_CHARACTERS: Final = 160
_MAX_EQUATION_STEPS: Final = 8  # back to the equation
_REPLY = re.compile(r"(?:but|however|so|still|anyway|therefore|thus|hence|no|i'll)\b", re.IGNORECASE)


def find_sequels(steps: Sequence[str], dead: Collection[int]) -> list[tuple[int, int]]:
    """Pairs (step, needed) of steps close together; none in dead ends, which are bound already.

    "That means x is odd." needs the sentence before, "Subtract 3 from both sides:" the last equation. "However, the
    order may differ." needs what replies to it.

    Args:
        steps: the texts of the steps, each with the white space before it.
        dead: steps of dead ends.

    >>> find_sequels(["Dan is third.", " So Ana is first.", " However, Ben is too.", " But he left."], ())
    [(2, 1), (3, 2), (2, 3)]
    """
    bare = [step.lstrip() for step in steps]
    begins = [step[: len(step) - len(solid)].count("\n") > 1 for step, solid in zip(steps, bare, strict=True)]
    pairs = []
    for place in range(1, len(steps)):
        if place in dead or place - 1 in dead:
            continue
        if (
            points_back(steps[place])
            or _CALLS_FOR.match(steps[place])
            or _follows_premise(steps[place], bare[place - 1])
        ):
            pairs.append((place, place - 1))
        if _names_equation(steps[place]):
            back = range(place - 1, max(-1, place - 1 - _MAX_EQUATION_STEPS), -1)
            pairs += [(place, other) for other in back if "=" in steps[other] and other not in dead][:1]
        if not begins[place] and _OBJECTION.match(bare[place - 1]) and _REPLY.match(bare[place]):
            pairs.append((place - 1, place))
    return pairs


def _follows_premise(step: str, before: str) -> bool:
    """Whether it goes on from what is taken from the question."""
    if len(before) > _MAX_PREMISE_CHARACTERS or not _GOES_ON.match(step):
        return False
    return _PREMISE.search(before) is not None


def _names_equation(step: str) -> bool:
    """Whether it does something to an equation that it does not write out."""
    return ("side" in step or "equation" in step) and _ON_EQUATION.search(step) is not None
