"""Outcomes one after the other into the parts of an output directory."""

from __future__ import annotations

from dataclasses import dataclass, field

from cotpress.export import ExampleStyle
from cotpress.pipeline.output import OutputDirectory
from cotpress.pipeline.row_outcomes import make_example_formatter, settle_rows
from cotpress.pipeline.stream import Outcome, ends_row


@dataclass(slots=True)
class PartWriter:
    """Writes a part as soon as it has `size` outcomes; the turns of a conversation stay together.

    Args:
        directory: the output directory that the parts are of.
        format_name: the export format of the training examples.
        style: how examples are worded.
        size: the least number of outcomes of a part; the last one may have fewer.
        index: the number of the next part.

    >>> from pathlib import Path
    >>> from cotpress.pipeline.output import open_output_directory
    >>> from cotpress.types import Rejected
    >>> with open_output_directory(Path("out"), "key") as directory:
    ...     parts = PartWriter(directory, "messages", ExampleStyle(), 2)
    ...     for line in range(3):
    ...         parts.add(Rejected("empty-reasoning", "The row has none.", "a.jsonl", line))
    ...     parts.finish()
    ...     [counts.rows for counts in directory.read_counts()]
    [2, 1]
    """

    directory: OutputDirectory
    format_name: str
    style: ExampleStyle
    size: int
    index: int = 0
    _waiting: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Take the next outcome, and write the part that it ends."""
        self._waiting.append(outcome)
        if len(self._waiting) >= self.size and ends_row(outcome):
            self.finish()

    def finish(self) -> None:
        """Write what waits as a part; nothing where nothing waits."""
        if not self._waiting:
            return
        outcomes = settle_rows(self._waiting, self.format_name)
        self.directory.write_part(self.index, outcomes, make_example_formatter(self.format_name, self.style, outcomes))
        self.index += 1
        self._waiting = []
