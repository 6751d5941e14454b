"""What a format is, and what all formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from cotpress.traces.rows import Data

Sample: TypeAlias = Sequence[Data]

QUESTIONS = ("question", "problem", "prompt", "query", "instruction", "input")
THOUGHTS = (
    "thinking", "reasoning_content", "reasoning", "thinking_content", "thought", "thoughts",
    "cot", "complex_cot", "chain_of_thought", "rationale",
)  # fmt: skip
REPLIES = ("content", "response", "output", "completion", "reply")
SOLUTIONS = ("solution", "generation", "generated_solution", "explanation", "response", "output", "completion")
GOLDS = (
    "gold_answer", "gold", "ground_truth", "reference_answer", "expected_answer", "correct_answer",
    "final_answer", "answer", "target", "label",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that the user named; None means: recognise it. `id` may be "auto": number the rows.

    "a.b.0" names a field inside objects and lists.
    """

    question: str | None = None
    reasoning: str | None = None
    answer: str | None = None
    gold: str | None = None
    id: str | None = None

    def named(self) -> dict[str, str]:
        """Flag -> field, for those that were given."""
        given = {name: getattr(self, name) for name in ("question", "reasoning", "answer", "gold", "id")}
        return {name: field for name, field in given.items() if field and (name, field) != ("id", "auto")}


class Raw(NamedTuple):
    """A row whose fields are known. `reasoning` is None where it must be found in `text`.

    With a `reasoning` of its own, `text` is what follows it. `gold` is the answer that closes the
    reasoning's own text: the two were then not kept apart by the source.
    """

    question: str
    text: str
    reasoning: str | None = None
    gold: str | None = None
    system: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of one file are read.

    `roles` says in words which field is what. `used` are fields that cannot be the gold answer.
    `thinks`: every row must bring its reasoning apart or in think tags (None: as most rows do).
    `gold` says in words where the text itself states the gold answer.
    """

    raw: Callable[[Data], Raw]
    roles: str
    used: frozenset[str]
    thinks: bool | None = None
    has_question: bool = True
    gold: str | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A known way of writing traces. `recognise` gives the shape of a sample of rows, None if it is another format.

    It raises `Ambiguous` where the rows could be read in more than one way.
    """

    name: str
    about: str
    example: Data
    recognise: Callable[[Sample, Fields], Shape | None]


class Ambiguous(Exception):
    """Rows that can be read in more than one way, or in none: what is wrong, and the flags to give."""

    def __init__(self, problem: str, flags: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.flags = flags


def columns(sample: Sample, names: Iterable[str], kind: type | tuple[type, ...] = str) -> list[str]:
    """The sample's own spelling of those `names` that at least half of its rows hold as `kind`."""
    spelled = {name.lower(): name for row in sample for name in row}
    return [spelled[name] for name in names if name in spelled and holds(sample, spelled[name], kind)]


def holds(sample: Sample, field: str, kind: type | tuple[type, ...]) -> bool:
    """Whether at least half of the rows have a `kind` in the field."""
    return 2 * sum(isinstance(row.get(field), kind) for row in sample) >= len(sample)


def said(**roles: str | None) -> str:
    """ "question=problem, reasoning=solution" """
    return ", ".join(f"{role}={field}" for role, field in roles.items() if field)
