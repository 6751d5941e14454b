"""Options of reading: which columns hold what, which rows are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

if TYPE_CHECKING:
    from cotpress.traces import FieldNames, RowSelection, TraceReader

READING_GROUP = Group("Reading", sort_key=1)
DEFAULT_SHUFFLE_BUFFER = 10_000  # that of `cotpress.traces`, which a help text does not import


@Parameter(name="*", group=READING_GROUP)
@dataclass(frozen=True)
class ReadOptions:
    """Which columns hold what; the format is recognised where none is named."""

    question: str | None = None
    "Field with the question."
    reasoning: str | None = None
    "Field with the reasoning."
    answer: str | None = None
    "Field with the text after the reasoning."
    gold: str | None = None
    "Field with the reference answer."
    id: str | None = None
    "Field with the id, or auto to number the rows."
    join: Path | None = None
    "File whose columns are added to the rows with the same id."
    rows: str | None = None
    "List inside a file's object whose elements are the rows, such as data or result.rows."
    think_tags: str | None = None
    "Another pair of tags that marks reasoning in the input: OPEN,CLOSE."
    turns: str = "thinking"
    "Reasoning of a conversation: thinking (all that is marked, the last reply where none is), last, or all (replies)."
    skip_unreadable: Annotated[bool, Parameter(negative=())] = False
    "Go on without files that cannot be read or are not recognised; they are named."
    limit: int | None = None
    "Read at most this many rows; the first ones, or with --shuffle the first ones of the mixed input."
    shuffle: Annotated[bool, Parameter(negative=())] = False
    "Mix the rows within a buffer that is refilled from the input; the files come in a mixed order, too."
    shuffle_seed: int = 0
    "Seed of --shuffle; the same seed gives the same order."
    shuffle_buffer: int = DEFAULT_SHUFFLE_BUFFER
    "Rows that --shuffle holds in memory; input that fits is mixed evenly."

    def build_selection(self) -> RowSelection:
        """Which rows are read, and in which order."""
        from cotpress.traces import RowSelection

        return RowSelection(self.limit, self.shuffle, self.shuffle_seed, self.shuffle_buffer)

    def build_fields(self) -> FieldNames:
        """Which field is what."""
        from cotpress.traces import FieldNames

        tags = None if self.think_tags is None else tuple(part.strip() for part in self.think_tags.split(","))
        return FieldNames(
            self.question,
            self.reasoning,
            self.answer,
            self.gold,
            self.id,
            rows=self.rows,
            think_tags=tags,  # type: ignore[arg-type]  # FieldNames refuses what is no pair
            turns=self.turns,
        )

    def open_inputs(self, inputs: Sequence[str]) -> TraceReader:
        """Open the inputs."""
        from cotpress.traces import read

        return read(
            inputs,
            self.build_fields(),
            join=self.join,
            skip_unreadable=self.skip_unreadable,
            select=self.build_selection(),
        )
