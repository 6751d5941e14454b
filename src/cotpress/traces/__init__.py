"""Reading real traces of any known format, row by row."""

from cotpress.traces.difficulty import DIFFICULTY_FIELD, has_other_difficulty, read_difficulty
from cotpress.traces.duplicate_ids import DuplicateIds, SortedIds, find_duplicate_ids
from cotpress.traces.fields.ids import hash_id
from cotpress.traces.file_plan import FileDescription
from cotpress.traces.files.rows_in_memory import is_row_input
from cotpress.traces.files.sources import TraceSource, assign_stems, build_source, explain_skip, find_sources
from cotpress.traces.format_definition import (
    AmbiguousFieldsError,
    FieldNames,
    RawTrace,
    RowSchema,
    TraceFormat,
    find_columns,
    format_roles,
)
from cotpress.traces.format_registry import TRACE_FORMATS, add_format, list_formats
from cotpress.traces.reader import InputPart, TraceReader, read
from cotpress.traces.references import ReferencedTraces, ReferenceSolutions, read_references
from cotpress.traces.row_selection import RowSelection
from cotpress.traces.rows import MalformedRowError, RowData, TraceRow, describe_error, reject_row

__all__ = [
    "DIFFICULTY_FIELD",
    "TRACE_FORMATS",
    "AmbiguousFieldsError",
    "DuplicateIds",
    "FieldNames",
    "FileDescription",
    "InputPart",
    "MalformedRowError",
    "RawTrace",
    "ReferenceSolutions",
    "ReferencedTraces",
    "RowData",
    "RowSchema",
    "RowSelection",
    "SortedIds",
    "TraceFormat",
    "TraceReader",
    "TraceRow",
    "TraceSource",
    "add_format",
    "assign_stems",
    "build_source",
    "describe_error",
    "explain_skip",
    "find_columns",
    "find_duplicate_ids",
    "find_sources",
    "format_roles",
    "has_other_difficulty",
    "hash_id",
    "is_row_input",
    "list_formats",
    "read",
    "read_difficulty",
    "read_references",
    "reject_row",
]
