"""Spoiling an oracle's text by doses: facts left out, told in the wrong order, or made up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.rewriting.oracle.oracle_statements import OracleStatement

CORRUPTIONS: Final = ("drop", "swap", "invent")


@dataclass(frozen=True, slots=True)
class Corruption:
    """What is done to facts, and to how many.

    Args:
        kind: "drop" leaves a fact out, "swap" tells it after the next one, "invent" has a false one follow it.
        dose: the probability of each fact to be spoiled, 0..1. What a dose spoils, every larger dose spoils too.

    Raises:
        OptionError: on construction, for an unknown kind or a dose out of range.
    """

    kind: str
    dose: float

    def __post_init__(self) -> None:
        if self.kind not in CORRUPTIONS:
            raise build_unknown_name_error("corruption", self.kind, CORRUPTIONS)
        if not 0 <= self.dose <= 1:
            raise OptionError(f"The dose is {self.dose}.", "Give a share from 0 to 1.")


def corrupt_statements(
    statements: Sequence[OracleStatement], corruption: Corruption, name: str
) -> list[OracleStatement]:
    """The statements with some facts spoiled; what is no fact stays as it is.

    Args:
        statements: of one trace, in order.
        corruption: what is done, and to how many.
        name: of the trace, which decides which facts those are.

    >>> first = OracleStatement("c = 2.", "c = 2.", "c = 2", invention="c = 8.")
    >>> told = [first, OracleStatement("d = 3.", "d = 3.", "d = 3")]
    >>> [one.text for one in corrupt_statements(told, Corruption("swap", 1.0), "1")]
    ['d = 3.', 'c = 2.']
    """
    rng = random.Random(f"{corruption.kind}-{name}")
    spoiled = [bool(told.fact) and rng.random() < corruption.dose for told in statements]
    if corruption.kind == "swap":
        return _swap(statements, spoiled)
    result = []
    for told, bad in zip(statements, spoiled, strict=True):
        if not bad or corruption.kind == "invent":
            result.append(told)
        if bad and corruption.kind == "invent" and told.invention:
            result.append(OracleStatement(told.invention, told.invention))
    return result


def _swap(statements: Sequence[OracleStatement], spoiled: Sequence[bool]) -> list[OracleStatement]:
    """Each spoiled fact changes places with the next fact, unless that one has moved already."""
    order = list(statements)
    facts = [at for at, told in enumerate(statements) if told.fact]
    moved = set[int]()
    for at, follower in pairwise(facts):
        if spoiled[at] and at not in moved:
            order[at], order[follower] = order[follower], order[at]
            moved |= {at, follower}
    return order
