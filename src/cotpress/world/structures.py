"""What the micro world is made of: problems with their truth, and traces whose every step and unit has a role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cotpress.types import Trace


class ReasoningRole(StrEnum):
    """What a step or a unit does for its trace. Only what is essential is needed to reach the answer."""

    ESSENTIAL = "essential"
    RESTATEMENT = "restatement"
    FILLER = "filler"
    REFLECTION = "reflection"
    DEAD_END = "dead-end"


RoleSpan = tuple[int, int, ReasoningRole]
_ESSENTIAL_MARK = re.compile(r"«([^«»]*+)»", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Deduction:
    """One inference of a rationale, with everything a teller may say about it.

    All texts are whole sentences. `brief` and `full` make the inference, what it cannot do without in «marks»;
    `restatements` says it over; `confirmations` confirms it another way; `mistake` is a mistaken attempt at it and
    `correction` drops that attempt. `result` is a clause with what is known afterwards.
    """

    brief: str
    full: tuple[str, ...]
    restatements: tuple[str, ...]
    confirmations: tuple[str, ...]
    mistake: str
    correction: str
    result: str


@dataclass(frozen=True, slots=True)
class WorldProblem:
    """A question with its truth. Every rationale alone leads to `gold`; a strict chain has just one.

    `facts` are the givens, one sentence each; `goal` is a clause that finishes "I need to find out …";
    `answer` is the sentence that states the final answer.
    """

    question: str
    gold: str
    answer: str
    goal: str
    facts: tuple[str, ...]
    rationales: tuple[tuple[Deduction, ...], ...]


@dataclass(frozen=True, slots=True)
class AnnotatedStep:
    """A step with its truth; marks say which part of an essential one is. A `continues_paragraph` piece goes on in
    the paragraph of the one before."""

    text: str
    role: ReasoningRole
    continues_paragraph: bool = False

    @property
    def plain_text(self) -> str:
        """The text without marks."""
        return remove_marks(self.text)

    def split_units(self) -> Iterator[RoleSpan]:
        """Role spans that tile the plain text. What is not marked in an essential piece is filler."""
        end = shift = 0
        for match in _ESSENTIAL_MARK.finditer(self.text if self.role is ReasoningRole.ESSENTIAL else ""):
            start = match.start() - shift
            if start > end:
                yield end, start, ReasoningRole.FILLER
            end, shift = start + len(match[1]), shift + 2
            yield start, end, ReasoningRole.ESSENTIAL
        if end < len(self.plain_text):
            yield end, len(self.plain_text), self.role if end == 0 else ReasoningRole.FILLER


@dataclass(frozen=True, slots=True)
class WorldTrace:
    """A generated trace with its truth: [start, end) characters of the reasoning with a role each.

    `steps` and `split_units` both tile the reasoning. In `split_units`, an essential step is taken apart into what it
    cannot do without and the filler around it; every other step's units have the step's role.
    """

    trace: Trace
    steps: tuple[RoleSpan, ...]
    units: tuple[RoleSpan, ...]
    problem: WorldProblem


def remove_marks(text: str) -> str:
    """A text without the marks of what is essential in it."""
    return text.replace("«", "").replace("»", "")
