"""Input of any kind as a stream of traces and rejections that can be read again; an id that comes twice is rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from cotpress.errors import InputError
from cotpress.notebook_view import NotebookView
from cotpress.traces.extraction import get_scalar
from cotpress.traces.fields.ids import SeenIds, hash_id
from cotpress.traces.file_plan import FileDescription, FilePlan, merge_row, plan_files
from cotpress.traces.files.rows_in_memory import build_row_source, is_row_input, name_fields_in_python
from cotpress.traces.files.sources import TraceSource, check_unchanged, find_sources
from cotpress.traces.format_definition import FieldNames
from cotpress.traces.joined_columns import JoinTable
from cotpress.traces.row_selection import RowSelection
from cotpress.traces.rows import MalformedRowError, RowData, TraceRow, reject_row
from cotpress.types import Rejected, Trace

_BATCH_TRACES, _BATCH_CHARACTERS = 256, 1 << 22  # traces, and characters, whose ids are looked up at once
_FILE_PLACES = 1 << 40  # lines of a file, at most; a place is the number of the file and the line in one number
_ParsedRow = tuple[int, TraceRow, Trace | Rejected]  # the first is the number of the file


def read(
    source: str | Path | Sequence[str | Path] | Iterable[Mapping[str, Any]],
    fields: FieldNames = FieldNames(),  # noqa: B008 (frozen)
    *,
    join: Path | None = None,
    format: str | None = None,  # noqa: A002 (the word users know)
    skip_unreadable: bool = False,
    select: RowSelection = RowSelection(),  # noqa: B008 (frozen)
) -> TraceReader:
    """Open files, folders, globs and datasets, and recognise what they hold from their first rows.

    Hugging Face datasets are named as 'org/name', 'org/name:split' or 'org/name/config:split', or by
    the folder that `save_to_disk` wrote. Rows that the program holds already are taken, too: dictionaries, a loaded
    dataset, a data frame.

    Args:
        source: a file, folder, glob or dataset, or several; or rows.
        fields: the fields that are named; the others are recognised.
        join: a file whose columns are added to the rows with the same id.
        format: a name in `TRACE_FORMATS`, or `module:object`, for files that are not recognised as what they are.
        skip_unreadable: go on without files that cannot be read or are not recognised; `skipped` names them.
        select: how many rows are read, and whether they are mixed.

    Raises:
        InputError: something does not exist, cannot be read, or is not recognised without a flag.
        OptionError: there is no such format.
        MissingExtraError: a dataset is named and the library `datasets` is not installed.

    >>> from pathlib import Path
    >>> _ = Path('t.jsonl').write_text('{"question": "2+3?", "reasoning": "2+3=5.", "answer": "5"}')
    >>> [trace] = read('t.jsonl')
    >>> trace.question
    '2+3?'
    >>> [trace] = read([{"question": "2+3?", "reasoning": "2+3=5.", "answer": "5"}])
    >>> trace.gold
    '5'
    >>> [trace.id for trace in read('t.jsonl', select=RowSelection(limit=1))]
    ['t-1']
    """
    skipped: list[str] = []
    if is_row_input(source):
        sources = [build_row_source(cast(Iterable[Mapping[str, Any]], source))]
    else:
        paths = cast(str | Path | Sequence[str | Path], source)
        named = [paths] if isinstance(paths, str | Path) else list(paths)
        sources, skipped = find_sources(named, skip_unreadable=skip_unreadable)
    table = JoinTable(join, fields) if join else None
    try:
        plans, unreadable = plan_files(sources, fields, table, format, skip_unreadable)
    except InputError as error:
        raise InputError(error.message, name_fields_in_python(error.hint)) if is_row_input(source) else error from None
    how = {"fields": asdict(fields), "format": format}
    if not select.is_everything:
        how["select"] = asdict(select)
    reading = TraceReader(plans, [*skipped, *unreadable], how, table, select=select)
    if all(about["format"] == "empty" for about in reading.recognised):
        names = ", ".join(source.name for source in sources[:3])
        raise InputError(f"There is nothing to read in {names}: no rows.", "Give a file with at least one row.")
    return reading


@dataclass(frozen=True, slots=True)
class InputPart:
    """Some files of a larger input, read by themselves as they are read among the others.

    `earlier` maps the key of an id (see `hash_id`) to the line and the file that had it first, for ids that files
    before these have too. `limit` is how many rows are read; None: all.
    """

    sources: tuple[TraceSource, ...]
    fields: FieldNames = FieldNames()  # noqa: RUF009 (frozen)
    join: Path | None = None
    earlier: Mapping[bytes, tuple[int, str]] = field(default_factory=dict)
    limit: int | None = None

    def open_reader(self) -> TraceReader:
        """The part's traces and rejections; there may be none.

        Raises:
            InputError: a file cannot be read, or is not recognised.
        """
        join = JoinTable(self.join, self.fields) if self.join else None
        plans, _ = plan_files(self.sources, self.fields, join, None, skip=False)
        how = {"fields": asdict(self.fields), "format": None}
        return TraceReader(plans, (), how, join, self.earlier, RowSelection(self.limit))


class TraceReader(NotebookView):
    """Traces and rejections in the order of the input. Every iteration reads it from the start.

    `skipped` names files of folders and globs that were not read, and why; `how` is what the user said of the fields
    and the format, and the layouts that were recognised, JSON-able. For `earlier` see `InputPart`.
    """

    def __init__(
        self,
        files: Sequence[FilePlan],
        skipped: Sequence[str],
        how: Mapping[str, Any],
        join: JoinTable | None,
        earlier: Mapping[bytes, tuple[int, str]] | None = None,
        select: RowSelection = RowSelection(),  # noqa: B008 (frozen)
    ) -> None:
        self.skipped = tuple(skipped)
        self._join, self._earlier, self._select = join, earlier or {}, select
        self._files = list(files)
        # with another plugin installed the same files may be read as another layout
        formats = sorted({file.description.format for file in self._files})
        self.how: dict[str, Any] = {**how, "formats": formats}

    def __repr__(self) -> str:
        first = self._files[0].description
        more = f" and {len(self._files) - 1} more" if len(self._files) > 1 else ""
        return f"TraceReader({first.source!r}{more}, read as {first.format}{f': {first.roles}' if first.roles else ''})"

    @property
    def recognised(self) -> list[dict[str, Any]]:
        """For each file: source, container, format, roles (which field is what) and warnings."""
        return [asdict(file.description) for file in self._files]

    @property
    def is_structured(self) -> bool:
        """Whether one of the first rows has several turns, tool calls or other parts that few formats can hold."""
        return any(file.structured for file in self._files)

    @property
    def identity(self) -> list[list[Any]]:
        """[path, bytes, mtime in ns] of every file read, [name, 0, 0] of a dataset on the hub. JSON-able."""
        joined = self._join.identity if self._join else ()
        return [list(part) for file in self._files for part in file.source.identity] + [list(part) for part in joined]

    def describe(self) -> list[str]:
        """Sentences for people: what was recognised as what, and what was passed over."""
        alike: dict[FileDescription, list[str]] = {}
        for file in self._files:
            alike.setdefault(replace(file.description, source=""), []).append(file.description.source)
        lines = []
        for about, names in alike.items():
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            roles = f": {about.roles}" if about.roles else ""
            lines.append(f"{names[0]}{more} ({about.container}) read as {about.format}{roles}.")
            lines.extend(f"Note: {warning}" for warning in about.warnings)
        if self.skipped:
            rest = f" and {len(self.skipped) - 5} more" if len(self.skipped) > 5 else ""
            lines.append(f"Not read: {', '.join(self.skipped[:5])}{rest}.")
        if not self._select.is_everything:
            lines.append(self._select.describe())
        return lines

    def __iter__(self) -> Iterator[Trace | Rejected]:
        return (outcome for _, outcome in self.iterate_numbered())

    def iterate_numbered(self) -> Iterator[tuple[int, Trace | Rejected]]:
        """The same, each with its line in its file."""
        seen = SeenIds()
        for batch in _split_batches(self._parse_rows()):
            yield from self._reject_duplicates(batch, seen)

    def _read_rows(self) -> Iterator[tuple[int, TraceRow]]:
        """All rows, each with the number of its file."""
        for number in self._select.order_files(range(len(self._files))):
            source = self._files[number].source
            for row in source.read_rows():
                yield number, row
            check_unchanged(source)

    def _parse_rows(self) -> Iterator[_ParsedRow]:
        for number, row in self._select.select(self._read_rows()):
            file = self._files[number]
            data: RowData | MalformedRowError = row.data
            try:
                data = merge_row(row, self._join, file.join_field)
                if file.parser is None:
                    raise InputError(f"{file.source.name} changed while it was read.", "Run it again.")
                for trace in file.parser.parse(data, row.line):
                    yield number, row, trace
            except MalformedRowError as bad:
                yield number, row, reject_row(row, bad, file.source.name, _find_id(data, row.line, file))

    def _reject_duplicates(self, batch: list[_ParsedRow], seen: SeenIds) -> Iterator[tuple[int, Trace | Rejected]]:
        """The batch, with a rejection for each trace whose id another had before."""
        traces = [
            (number * _FILE_PLACES + row.line, outcome.id)
            for number, row, outcome in batch
            if isinstance(outcome, Trace)
        ]
        firsts = iter(seen.find_first([row_id for _, row_id in traces], [place for place, _ in traces]))
        for number, row, outcome in batch:
            where = self._find_first(outcome, next(firsts)) if isinstance(outcome, Trace) else None
            if where is None:
                yield row.line, outcome
            else:
                source = self._files[number].source.name
                yield row.line, reject_row(row, _build_duplicate_error(outcome.id, *where), source, outcome.id)

    def _find_first(self, trace: Trace, place: int | None) -> tuple[int, str] | None:
        """The line and the file where the trace's id was met first, None where it is new."""
        earlier = self._earlier.get(hash_id(trace.id)) if self._earlier else None
        if earlier is not None or place is None:
            return earlier
        number, line = divmod(place, _FILE_PLACES)
        return line, self._files[number].source.name


def _build_duplicate_error(row_id: str | None, line: int, source: str) -> MalformedRowError:
    advice = "--id FIELD names another field, --id auto numbers the rows"
    return MalformedRowError("duplicate-id", f"The id '{row_id}' is that of line {line} of {source}; {advice}.")


def _split_batches(outcomes: Iterator[_ParsedRow]) -> Iterator[list[_ParsedRow]]:
    batch: list[_ParsedRow] = []
    size = 0
    for outcome in outcomes:
        batch.append(outcome)
        _, row, result = outcome
        size += len(result.reasoning) if isinstance(result, Trace) else len(row.raw or b"")
        if len(batch) >= _BATCH_TRACES or size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _find_id(data: RowData | MalformedRowError, line: int, file: FilePlan) -> str | None:
    """The id of a row that is rejected; before it is joined, that is the field that joins it."""
    if file.parser is None or isinstance(data, MalformedRowError):
        return None
    with suppress(MalformedRowError):
        return file.parser.get_id(data, line)
    with suppress(MalformedRowError):
        return get_scalar(data, file.join_field) if file.join_field else None
    return None
