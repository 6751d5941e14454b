"""What the micro world is made of: problems with their truth, and traces whose every step has a role."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cotpress.types import Trace


class Role(StrEnum):
    """What a step does for its trace. Only essential steps are needed to reach the answer."""

    ESSENTIAL = "essential"
    RESTATEMENT = "restatement"
    FILLER = "filler"
    REFLECTION = "reflection"
    DEAD_END = "dead-end"


@dataclass(frozen=True, slots=True)
class Move:
    """One inference of a rationale, with everything a teller may say about it.

    All texts are whole sentences. `brief` and `full` make the inference and say why it holds; `again`
    says it over; `proof` confirms it another way; `wrong` is a mistaken attempt at it and `noticed`
    drops that attempt. `result` is a clause with what is known afterwards.
    """

    brief: str
    full: tuple[str, ...]
    again: tuple[str, ...]
    proof: tuple[str, ...]
    wrong: str
    noticed: str
    result: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A question with its truth. Every rationale alone leads to `gold`; a strict chain has just one.

    `facts` are the givens, one sentence each; `goal` is a clause that finishes "I need to find out …";
    `answer` is the sentence that states the final answer.
    """

    question: str
    gold: str
    answer: str
    goal: str
    facts: tuple[str, ...]
    rationales: tuple[tuple[Move, ...], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A step with its truth. A `joined` piece goes on in the paragraph of the one before."""

    text: str
    role: Role
    joined: bool = False


@dataclass(frozen=True, slots=True)
class WorldTrace:
    """A generated trace. `roles` are [start, end) characters of the reasoning, and tile it."""

    trace: Trace
    roles: tuple[tuple[int, int, Role], ...]
    problem: Problem
