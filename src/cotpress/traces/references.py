"""Second solutions of the problems of some traces, found by question or by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from cotpress.errors import InputError
from cotpress.number_formatting import count_noun
from cotpress.traces.format_definition import FieldNames
from cotpress.traces.reader import TraceReader, read
from cotpress.types import Rejected, Trace


class ReferenceSolutions:
    """Solutions by the question that they answer, else by the id of its row.

    Args:
        solutions: the solutions as traces; a solution is the reasoning and what follows it. Of several to one
            question, the first counts.
        name: where they are from.
        identity: what changes when they do, JSON-able: [path, bytes, mtime in ns] of each file.

    >>> solutions = ReferenceSolutions([Trace("7", "2 + 3?", "2 + 3 = 5.", "#### 5")])
    >>> solutions.find("another id", "2 +  3?")
    '2 + 3 = 5.\\n#### 5'
    """

    def __init__(self, solutions: Iterable[Trace], name: str = "", identity: Iterable[list[Any]] = ()) -> None:
        self.name, self.identity = name, list(identity)
        self._by_question: dict[str, Trace] = {}
        self._by_id: dict[str, Trace] = {}
        for solution in solutions:
            self._by_id.setdefault(solution.id, solution)
            if solution.question.strip():
                self._by_question.setdefault(_fold_question(solution.question), solution)

    def __len__(self) -> int:
        return len(self._by_id)

    def find(self, row_id: str, question: str) -> str | None:
        """The solution for a trace, None where there is none.

        An id decides only where one of the two has no question: rows that are numbered share ids by accident.
        """
        solution = self._by_question.get(_fold_question(question)) if question.strip() else None
        if solution is None:
            named = self._by_id.get(row_id)
            solution = named if named and not (question.strip() and named.question.strip()) else None
        return f"{solution.reasoning}\n{solution.answer}".strip() if solution else None


class ReferencedTraces:
    """Traces that are read, each with its reference solution where there is one.

    Args:
        reading: the traces.
        references: solutions of the same problems.

    >>> references = ReferenceSolutions([Trace("1", "2+3?", "2+3=5.")])
    >>> _ = Path("long.jsonl").write_text('{"question": "2+3?", "reasoning": "Hmm. 2+3=5.", "answer": "5"}')
    >>> [trace] = ReferencedTraces(read("long.jsonl"), references)
    >>> trace.reference
    '2+3=5.'
    """

    def __init__(self, reading: TraceReader, references: ReferenceSolutions) -> None:
        self._reading, self._references = reading, references

    @property
    def identity(self) -> list[Any]:
        """What changes when the input or the references do, JSON-able."""
        return [*self._reading.identity, *self._references.identity]

    @property
    def how(self) -> dict[str, Any]:
        """How the input is read."""
        return {**self._reading.how, "references": self._references.name}

    @property
    def recognised(self) -> list[dict[str, Any]]:
        """What the input was taken for, a file each."""
        return self._reading.recognised

    def describe(self) -> list[str]:
        """What was recognised, in sentences."""
        solutions = count_noun(len(self._references), "reference solution")
        return [*self._reading.describe(), f"{self._references.name} has {solutions}."]

    def __iter__(self) -> Iterator[Trace | Rejected]:
        for row in self._reading:
            reference = self._references.find(row.id, row.question) if isinstance(row, Trace) else None
            yield replace(row, reference=reference) if isinstance(row, Trace) and reference else row


def read_references(path: str | Path, field: str | None = None) -> ReferenceSolutions:
    """The solutions of a file, a folder or a dataset, in any layout that is read as traces.

    Args:
        path: where they are.
        field: the field that holds a solution; recognised by default.

    Raises:
        InputError: it cannot be read, or no row of it holds a solution.

    >>> _ = Path("short.jsonl").write_text('{"question": "2+3?", "solution": "2+3=5.", "gold_answer": "5"}')
    >>> len(read_references("short.jsonl"))
    1
    """
    reading = read(path, FieldNames(reasoning=field))
    rows = list(reading)
    solutions = [row for row in rows if isinstance(row, Trace)]
    if not solutions:
        raise _build_empty_error(path, reading, [row for row in rows if isinstance(row, Rejected)])
    return ReferenceSolutions(solutions, str(path), reading.identity)


def _build_empty_error(path: str | Path, reading: TraceReader, rejected: list[Rejected]) -> InputError:
    roles = "; ".join(str(about["roles"]) for about in reading.recognised if about["roles"])
    return InputError(
        f"None of the {count_noun(len(rejected), 'row')} of {path} (--reference) holds a solution: "
        f"{rejected[0].detail} It was read as {roles}.",
        "Name the field that holds the solution with --reference-field FIELD.",
    )


def _fold_question(question: str) -> str:
    return " ".join(question.split())
