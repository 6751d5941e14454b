"""A pair step by step: its parts, cut at the steps of the original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cotpress.analysis.pairs.marked_text import MarkedPart, PartKind

StepKind: TypeAlias = Literal["kept", "deleted", "mixed"]


@dataclass(frozen=True, slots=True)
class StepText:
    """One step of the original with its parts, and what was inserted there. It is "mixed" unless all of it was kept
    or deleted; white space does not count."""

    kind: StepKind
    parts: tuple[MarkedPart, ...]


def split_into_steps(parts: Sequence[MarkedPart], bounds: Sequence[int]) -> list[StepText]:
    """The parts of a pair, cut at the steps of the original.

    Args:
        parts: of the whole pair, in order.
        bounds: the ascending boundaries of the original's steps, in characters: 0, ..., its length.

    >>> steps = split_into_steps([MarkedPart("deleted", "Hm."), MarkedPart("kept", " 2+3=5.")], [0, 3, 10])
    >>> [step.kind for step in steps]
    ['deleted', 'kept']
    """
    steps: list[list[MarkedPart]] = [[]]
    place, ends = 0, [*bounds[1:-1]]
    for part in parts:
        rest = part.text
        while part.kind != "inserted" and len(steps) <= len(ends) and place + len(rest) > ends[len(steps) - 1]:
            room = ends[len(steps) - 1] - place
            _append_part(steps[-1], part.kind, rest[:room])
            steps.append([])
            place, rest = place + room, rest[room:]
        _append_part(steps[-1], part.kind, rest)
        place += 0 if part.kind == "inserted" else len(rest)
    return [StepText(_classify_step(step), tuple(step)) for step in steps if step]


def _append_part(step: list[MarkedPart], kind: PartKind, text: str) -> None:
    if text:
        step.append(MarkedPart(kind, text))


def _classify_step(parts: Sequence[MarkedPart]) -> StepKind:
    kinds = {part.kind for part in parts if not part.text.isspace()}
    return "kept" if kinds <= {"kept"} else "deleted" if kinds == {"deleted"} else "mixed"
