"""Options that name second solutions, which what is kept is measured against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.cli.options.read_options import READING_GROUP
from cotpress.errors import OptionError

if TYPE_CHECKING:
    from cotpress.traces import ReferencedTraces, ReferenceSolutions, TraceReader

_REFERENCE_HELP = (
    "File of second, natively short solutions of the same problems, found by question or by id: the figures then say "
    "how much of their numbers, formulas and words is kept, beside random pruning to the same length."
)
_REFERENCE_GAUGES = ("reference_formal", "reference_words")


@Parameter(name="*", group=READING_GROUP)
@dataclass(frozen=True)
class ReferenceOptions:
    """What the compressed traces are measured against."""

    reference: Annotated[Path | None, Parameter(help=_REFERENCE_HELP)] = None
    reference_field: str | None = None
    "Field of that file with the solution; recognised by default."

    def read(self) -> ReferenceSolutions | None:
        """The solutions, None where no file is named.

        Raises:
            OptionError: a field is named, and no file.
        """
        from cotpress.traces import read_references

        if self.reference is None:
            if self.reference_field:
                raise OptionError("--reference-field names a field of no file.", "Add --reference FILE.")
            return None
        return read_references(self.reference, self.reference_field)

    def find_fault(self, gauges: Mapping[str, Mapping[str, object]]) -> list[str]:
        """That no trace of a run shares anything with a reference, as its gauges tell; nothing where none was named."""
        if self.reference is None or any(gauges.get(name, {}).get("traces") for name in _REFERENCE_GAUGES):
            return []
        return [
            f"no trace shares a number or word with a reference in {self.reference}: they are found by the question, "
            "word for word, or by the id where one of the two has no question"
        ]

    def attach(self, reading: TraceReader) -> TraceReader | ReferencedTraces:
        """The traces that are read, each with its reference solution where there is one."""
        from cotpress.traces import ReferencedTraces

        references = self.read()
        return reading if references is None else ReferencedTraces(reading, references)
