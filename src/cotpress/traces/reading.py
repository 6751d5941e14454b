"""Input of any kind as a stream of traces and rejections that can be read again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cotpress.errors import InputError
from cotpress.traces.ids import Seen, id_key
from cotpress.traces.join import Join
from cotpress.traces.plan import File, Recognised, merged, planned
from cotpress.traces.rows import Data, Malformed, Row, rejected
from cotpress.traces.shape import Fields
from cotpress.traces.sources import Source, find
from cotpress.traces.text import scalar_of
from cotpress.types import Rejected, Trace

_TOGETHER, _CHARACTERS = 256, 1 << 22  # traces, and characters, whose ids are looked up at once
_Outcome = tuple[Row, Trace | Rejected]


def read(
    source: str | Path | Sequence[str | Path],
    fields: Fields = Fields(),  # noqa: B008 (frozen)
    *,
    join: Path | None = None,
    format: str | None = None,  # noqa: A002 (the word users know)
) -> Reading:
    """Open files, folders, globs and datasets, and recognise what they hold from their first rows.

    Hugging Face datasets are named as 'org/name', 'org/name:split' or 'org/name/config:split', or by
    the folder that `save_to_disk` wrote. `join` is a file whose columns are added to the rows with the
    same id. `format` is a name in `FORMATS`, for files that are not recognised as what they are.

    Raises:
        InputError: something does not exist, cannot be read, or is not recognised without a flag.
        OptionError: there is no such format.
        MissingExtra: a dataset is named and the library `datasets` is not installed.
    """
    given = [source] if isinstance(source, str | Path) else list(source)
    sources, skipped = find(given)
    reading = Reading(sources, skipped, fields, Join(join, fields) if join else None, format)
    if all(about["format"] == "empty" for about in reading.recognised):
        names = ", ".join(source.name for source in sources[:3])
        raise InputError(f"There is nothing to read in {names}: no rows.", "Give a file with at least one row.")
    return reading


@dataclass(frozen=True, slots=True)
class Part:
    """Some files of a larger input, read by themselves as they are read among the others.

    `earlier` maps the key of an id (see `id_key`) to the line and the file that had it first, for ids that files
    before these have too.
    """

    sources: tuple[Source, ...]
    fields: Fields = Fields()  # noqa: RUF009 (frozen)
    join: Path | None = None
    earlier: Mapping[bytes, tuple[int, str]] = field(default_factory=dict)

    def reading(self) -> Reading:
        """The part's traces and rejections; there may be none.

        Raises:
            InputError: a file cannot be read, or is not recognised.
        """
        join = Join(self.join, self.fields) if self.join else None
        return Reading(self.sources, (), self.fields, join, None, self.earlier)


class Reading:
    """Traces and rejections in the order of the input. Every iteration reads it from the start.

    `skipped` names files of folders and globs that were not read, and why; `how` is what the user said of the fields
    and the format, JSON-able. For `earlier` see `Part`.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        skipped: Sequence[str],
        fields: Fields,
        join: Join | None,
        named: str | None,
        earlier: Mapping[bytes, tuple[int, str]] | None = None,
    ) -> None:
        self.skipped = tuple(skipped)
        self._join, self._earlier = join, earlier or {}
        self.how: dict[str, Any] = {"fields": asdict(fields), "format": named}
        self._files = [planned(source, fields, join, named) for source in sources]

    @property
    def recognised(self) -> list[dict[str, Any]]:
        """For each file: source, container, format, roles (which field is what) and warnings."""
        return [asdict(file.about) for file in self._files]

    @property
    def identity(self) -> list[list[Any]]:
        """[path, bytes, mtime in ns] of every file read, [name, 0, 0] of a dataset on the hub. JSON-able."""
        joined = self._join.identity if self._join else ()
        return [list(part) for file in self._files for part in file.source.identity] + [list(part) for part in joined]

    def announcements(self) -> list[str]:
        """Sentences for people: what was recognised as what, and what was passed over."""
        alike: dict[Recognised, list[str]] = {}
        for file in self._files:
            alike.setdefault(replace(file.about, source=""), []).append(file.about.source)
        lines = []
        for about, names in alike.items():
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            roles = f": {about.roles}" if about.roles else ""
            lines.append(f"{names[0]}{more} ({about.container}) read as {about.format}{roles}.")
            lines.extend(f"Note: {warning}" for warning in about.warnings)
        if self.skipped:
            rest = f" and {len(self.skipped) - 5} more" if len(self.skipped) > 5 else ""
            lines.append(f"Not read: {', '.join(self.skipped[:5])}{rest}.")
        return lines

    def __iter__(self) -> Iterator[Trace | Rejected]:
        return (one for _, one in self.numbered())

    def numbered(self) -> Iterator[tuple[int, Trace | Rejected]]:
        """The same, each with its line in its file."""
        seen, bases = Seen(), [0]
        for file in self._files:
            last = 0
            for batch in _batches(self._outcomes(file)):
                last = batch[-1][0].line
                yield from self._unrepeated(batch, seen, bases)
            bases.append(bases[-1] + last)

    def _outcomes(self, file: File) -> Iterator[_Outcome]:
        for row in file.source.rows():
            data: Data | Malformed = row.data
            try:
                data = merged(row, self._join, file.key)
                if file.recipe is None:
                    raise InputError(f"{file.source.name} changed while it was read.", "Run it again.")
                yield row, file.recipe.trace(data, row.line)
            except Malformed as bad:
                yield row, rejected(row, bad, file.source.name, _id_of(data, row.line, file))

    def _unrepeated(
        self, batch: list[_Outcome], seen: Seen, bases: list[int]
    ) -> Iterator[tuple[int, Trace | Rejected]]:
        """The batch, with a rejection for each trace whose id another had before."""
        traces = [(row.line, one.id) for row, one in batch if isinstance(one, Trace)]
        firsts = iter(seen.first([one for _, one in traces], [bases[-1] + line for line, _ in traces]))
        for row, one in batch:
            where = self._first(one, next(firsts), bases) if isinstance(one, Trace) else None
            if where is None:
                yield row.line, one
            else:
                source = self._files[len(bases) - 1].source.name
                yield row.line, rejected(row, _repeated(one.id, *where), source, one.id)

    def _first(self, trace: Trace, place: int | None, bases: list[int]) -> tuple[int, str] | None:
        """The line and the file where the trace's id was met first, None where it is new."""
        earlier = self._earlier.get(id_key(trace.id)) if self._earlier else None
        if earlier is not None or place is None:
            return earlier
        # places count from 1 above a file's base, so that a file without rows is passed by
        index = bisect_right(bases, place - 1) - 1
        return place - bases[index], self._files[index].source.name


def _repeated(row_id: str | None, line: int, source: str) -> Malformed:
    way = "--id FIELD names another field, --id auto numbers the rows"
    return Malformed("duplicate-id", f"The id '{row_id}' is that of line {line} of {source}; {way}.")


def _batches(outcomes: Iterator[_Outcome]) -> Iterator[list[_Outcome]]:
    batch: list[_Outcome] = []
    size = 0
    for outcome in outcomes:
        batch.append(outcome)
        size += len(outcome[1].reasoning) if isinstance(outcome[1], Trace) else len(outcome[0].raw or b"")
        if len(batch) >= _TOGETHER or size >= _CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _id_of(data: Data | Malformed, line: int, file: File) -> str | None:
    """The id of a row that is rejected; before it is joined, that is the field that joins it."""
    if file.recipe is None or isinstance(data, Malformed):
        return None
    with suppress(Malformed):
        return file.recipe.row_id(data, line)
    with suppress(Malformed):
        return scalar_of(data, file.key) if file.key else None
    return None
