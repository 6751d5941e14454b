"""How each file of the input is read, decided from its first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from cotpress.errors import InputError
from cotpress.traces.extraction import get_scalar
from cotpress.traces.fields.ids import build_id_getter, find_id_field
from cotpress.traces.files.inner_rows import find_known_rows, holds_columns, holds_table, open_columns, open_inner_rows
from cotpress.traces.files.sessions import MESSAGES, is_chat_log, is_session, open_sessions
from cotpress.traces.files.sources import TraceSource
from cotpress.traces.format_definition import FieldNames, RowSample, format_roles
from cotpress.traces.joined_columns import JoinTable
from cotpress.traces.recognition import recognise_format
from cotpress.traces.row_parser import RowParser, build_row_parser
from cotpress.traces.rows import MalformedRowError, RowData, TraceRow
from cotpress.traces.sample_warnings import collect_warnings
from cotpress.types import Trace

MAX_SAMPLE_ROWS = 64  # good rows of each file, by which its format is recognised
MAX_SAMPLE_SESSIONS = 8  # the same, of lines that make or hold many rows
MAX_SAMPLE_BYTES = 1 << 24  # bytes of rows after which fewer will do
MAX_EXAMINED_ROWS = 4096  # rows among which there must be a good one


@dataclass(frozen=True, slots=True)
class FileDescription:
    """What one file was taken for. `roles` says in words which field is what."""

    source: str
    container: str
    format: str
    roles: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilePlan:
    """A source and how it is read: no recipe where it has no good row; `join_field` is the field that joins.

    `structured` says that one of the first rows has several turns, tool calls or other parts (see `TraceOrigin`).
    """

    source: TraceSource
    description: FileDescription
    parser: RowParser | None = None
    join_field: str | None = None
    structured: bool = False


def plan_file(source: TraceSource, fields: FieldNames, join: JoinTable | None, named: str | None) -> FilePlan:
    """Look at the first rows of a source and decide how it is read.

    Raises:
        InputError: none of many rows can be read, or they are not recognised.
        OptionError: there is no format `named`.
    """
    if fields.rows:
        source = open_inner_rows(source, fields.rows)
    sample, key, bad = _take_sample(source, fields, join)
    if source.container.startswith("JSON") and not fields.rows and (holds_columns(sample) or holds_table(sample)):
        source = open_columns(source)
        sample, key, bad = _take_sample(source, fields, join)
    if not fields.rows and (opened := _open_known(source, sample)) is not None:
        source = opened
        sample, key, bad = _take_sample(source, fields, join, MAX_SAMPLE_SESSIONS)
    if not sample:
        about = FileDescription(source.name, source.container, "unreadable" if bad else "empty")
        return FilePlan(source, about, join_field=key)
    form, shape = recognise_format(sample, fields, source.name, named)
    row_id = find_id_field(sample, fields)
    how = build_row_parser(sample, shape, fields, build_id_getter(row_id, source.stem), source.name)
    answer = None if "answer=" in shape.roles else fields.answer
    named_roles = format_roles(answer=answer, gold=how.gold_field or shape.gold, id=row_id or "numbered")
    roles = ", ".join(filter(None, (shape.roles, named_roles)))
    about = FileDescription(source.name, source.container, form.name, roles, collect_warnings(sample, how))
    return FilePlan(source, about, how, key, any(_is_structured(how, data) for data in sample))


def _open_known(source: TraceSource, sample: RowSample) -> TraceSource | None:
    """The source of the rows that lines of a known kind hold or make together; None where each line is a row."""
    if is_session(sample):
        return open_sessions(source)
    if is_chat_log(sample):
        return open_sessions(source, MESSAGES)
    path = find_known_rows(sample) if sample else None
    return open_inner_rows(source, path) if path else None


def _is_structured(how: RowParser, data: RowData) -> bool:
    try:
        return any(
            isinstance(trace, Trace) and trace.origin is not None and trace.origin.structured
            for trace in how.parse(data, 1)
        )
    except MalformedRowError:
        return False


def _take_sample(
    source: TraceSource, fields: FieldNames, join: JoinTable | None, most: int = MAX_SAMPLE_ROWS
) -> tuple[RowSample, str | None, MalformedRowError | None]:
    """(the first good rows, the field that joins, the first thing wrong with a row)."""
    sample: list[RowData] = []
    key: str | None = None
    bad: MalformedRowError | None = None
    count = size = 0
    for row in islice(source.read_rows(), MAX_EXAMINED_ROWS):
        count += 1
        try:
            if join is not None and key is None and not isinstance(row.data, MalformedRowError):
                key = _find_join_field(row.data, fields, source.name)
            sample.append(merge_row(row, join, key))
        except MalformedRowError as error:
            bad = bad or error
        size += len(row.raw or b"")
        if len(sample) == most or (sample and size > MAX_SAMPLE_BYTES):
            break
    if not sample and count == MAX_EXAMINED_ROWS and bad is not None:
        problem = f"none of the first {MAX_EXAMINED_ROWS} rows can be read; the first: {bad.detail}"
        raise InputError(f"{source.name}: {problem}", "Check that it is a file of traces.")
    return sample, key, bad


def _find_join_field(data: RowData, fields: FieldNames, source: str) -> str:
    key = find_id_field([data], FieldNames(id=None if fields.id == "auto" else fields.id))
    if key is None:
        raise InputError(f"{source}: no field is known to hold ids to join by.", "Name it with --id FIELD.")
    return key


def merge_row(row: TraceRow, join: JoinTable | None, key: str | None) -> RowData:
    """The fields of a row, with its partner's where there is a file to join.

    Raises:
        MalformedRowError: the row cannot be read, or has no partner.
    """
    if isinstance(row.data, MalformedRowError):
        raise row.data
    if join is None:
        return row.data
    return join.merge(row.data, get_scalar(row.data, key) if key else None)


def plan_files(
    sources: Sequence[TraceSource], fields: FieldNames, join: JoinTable | None, named: str | None, skip: bool
) -> tuple[list[FilePlan], list[str]]:
    """The plans of all sources, and those that were passed over, each with why, where `skip` allows it.

    Raises:
        InputError: a source cannot be read or is not recognised (and not `skip`), or none of them can.
    """
    plans: list[FilePlan] = []
    skipped: list[str] = []
    for source in sources:
        try:
            plans.append(plan_file(source, fields, join, named))
        except InputError as error:
            if not skip:
                hint = f"{error.hint} --skip-unreadable goes on without it." if len(sources) > 1 else error.hint
                raise InputError(error.message, hint) from error
            skipped.append(f"{source.name} ({error.message.removeprefix(f'{source.name}: ').rstrip('.')})")
            last = error
    if skipped and not plans:
        raise last
    return plans, skipped
