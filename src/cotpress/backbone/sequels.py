"""Which steps need the one before or behind them, because one goes on from the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from cotpress.text.step_shapes import points_back

_OBJECTION = re.compile(r"(?:wait,?\s+)?(?:however|but|although|though)\b", re.IGNORECASE)
_REPLY = re.compile(r"(?:but|however|so|still|anyway|therefore|thus|hence|no|i'll)\b", re.IGNORECASE)


def find_sequels(steps: Sequence[str], dead: Collection[int]) -> list[tuple[int, int]]:
    """Pairs (step, needed) of neighbours; none in dead ends, which are bound already.

    "That means x is odd." needs the sentence before. "However, the order may differ." needs what replies to it.

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
        if points_back(steps[place]):
            pairs.append((place, place - 1))
        if not begins[place] and _OBJECTION.match(bare[place - 1]) and _REPLY.match(bare[place]):
            pairs.append((place - 1, place))
    return pairs
