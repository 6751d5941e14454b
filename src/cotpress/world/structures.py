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
_MARK = re.compile(r"«([^«»]*+)»", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FactTelling:
    """One statement of a fact: its [start, end) characters of the reasoning. It is told while all of them stay.

    `fact` names what is stated, as in "d = 3" or "Ann: cup"; `is_first` is true of its first telling in a trace.
    """

    fact: str
    spans: tuple[tuple[int, int], ...]
    is_first: bool


@dataclass(frozen=True, slots=True)
class Deduction:
    """One inference of a rationale, with everything a teller may say about it.

    All texts are whole sentences. `brief` and `full` make the inference; `restatements` say it over; «marks» are around
    what states it, which an inference cannot do without. `confirmations` confirm it another way. `dead_end` is a
    mistaken attempt at it and what would follow from that, a sentence each, and `correction` drops them. `result` is a
    clause with what is known afterwards. `invention` is a false statement in the words of a true one. `fact` names what
    is inferred; "" for a remark that infers nothing, whose texts have no marks.
    """

    fact: str
    brief: str
    full: tuple[str, ...]
    restatements: tuple[str, ...]
    confirmations: tuple[str, ...]
    dead_end: tuple[str, ...]
    correction: str
    result: str
    invention: str

    @property
    def role(self) -> ReasoningRole:
        """Essential, or filler for a remark."""
        return ReasoningRole.ESSENTIAL if self.fact else ReasoningRole.FILLER


@dataclass(frozen=True, slots=True)
class WorldProblem:
    """A question with its truth. Every rationale alone leads to `gold`; a strict chain has just one.

    `givens` are what is given, one sentence each; `goal` is a clause that finishes "I need to find out …";
    `answer` is the sentence that states the final answer.
    """

    question: str
    gold: str
    answer: str
    goal: str
    givens: tuple[str, ...]
    rationales: tuple[tuple[Deduction, ...], ...]


@dataclass(frozen=True, slots=True)
class AnnotatedStep:
    """A step with its truth. «Marks» are around what states a fact; `facts` names the fact of each of them, in order.
    A `continues_paragraph` piece goes on in the paragraph of the one before."""

    text: str
    role: ReasoningRole
    facts: tuple[str, ...] = ()
    continues_paragraph: bool = False

    @property
    def plain_text(self) -> str:
        """The text without marks."""
        return remove_marks(self.text)

    def find_marked(self) -> list[tuple[int, int]]:
        """[start, end) of what is marked, in the plain text."""
        return [(mark.start() - 2 * at, mark.end() - 2 * at - 2) for at, mark in enumerate(_MARK.finditer(self.text))]

    def split_units(self) -> Iterator[RoleSpan]:
        """Role spans that tile the plain text. What is not marked in an essential piece is filler."""
        end, size = 0, len(self.plain_text)
        for start, last in self.find_marked() if self.role is ReasoningRole.ESSENTIAL else ():
            if start > end:
                yield end, start, ReasoningRole.FILLER
            yield start, last, ReasoningRole.ESSENTIAL
            end = last
        if end < size:
            yield end, size, self.role if end == 0 else ReasoningRole.FILLER


@dataclass(frozen=True, slots=True)
class WorldTrace:
    """A generated trace with its truth: [start, end) characters of the reasoning with a role each.

    `steps` and `units` both tile the reasoning. In `units`, an essential step is taken apart into what it cannot do
    without and the filler around it; every other step's units have the step's role. `tellings` says where each fact is
    stated, in the order of the text, and `pieces` are the steps that the reasoning was joined from.
    """

    trace: Trace
    steps: tuple[RoleSpan, ...]
    units: tuple[RoleSpan, ...]
    problem: WorldProblem
    tellings: tuple[FactTelling, ...]
    pieces: tuple[AnnotatedStep, ...]


def remove_marks(text: str) -> str:
    """A text without the marks of what states a fact.

    >>> remove_marks("So «d = 3».")
    'So d = 3.'
    """
    return text.replace("«", "").replace("»", "")


def count_marks(text: str) -> int:
    """How many marked places a text has."""
    return text.count("«")


def find_marked_text(text: str) -> str:
    """What stands in the marks of a text, with spaces between.

    >>> find_marked_text("So «d = 3».")
    'd = 3'
    """
    return " ".join(mark[1] for mark in _MARK.finditer(text))
