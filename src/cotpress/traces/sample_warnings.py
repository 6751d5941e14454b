"""What looks odd in the first rows of a file, in sentences for people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from cotpress.traces.fields.field_detection import find_text_fields
from cotpress.traces.format_definition import GOLD_FIELDS, QUESTION_FIELDS, RowSample
from cotpress.traces.row_parser import RowParser
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.types import Trace

_OPENING_TAG: Final = re.compile(r"<([A-Za-z][\w:-]{0,40})>")
NO_QUESTION: Final = "no field asks a question"
MIN_CHARACTERS: Final = 5  # of a reasoning
MIN_LONG_CHARACTERS: Final = 100  # of the texts of a column, on the mean, that is worth a word
MAX_NAMED_COLUMNS: Final = 5


def collect_warnings(sample: RowSample, parser: RowParser) -> tuple[str, ...]:
    """What to tell of a file: no question, ids that repeat, long columns that are left out, rows that cannot be used.

    Args:
        sample: the first rows.
        parser: how they are read.
    """
    traces, reasons = _parse_sample(sample, parser)
    found_traces = [trace for _, found in traces for trace in found]
    warnings = list(parser.schema.notes)
    if not parser.schema.has_question and not parser.fields.question:
        warnings.append(f"{NO_QUESTION}; --question FIELD names one, --join FILE adds one by id")
    twice = [row_id for row_id, count in Counter(found[0].id for _, found in traces).items() if count > 1]
    if twice:
        warnings.append(f"the id '{twice[0]}' comes more than once; --id auto numbers the rows instead")
    if left := find_unread_columns(traces, parser):
        more = f" and {len(left) - MAX_NAMED_COLUMNS} more" if len(left) > MAX_NAMED_COLUMNS else ""
        names = ", ".join(f"'{name}'" for name in left[:MAX_NAMED_COLUMNS])
        warnings.append(f"long text in {names}{more} is neither question, reasoning nor answer: it is not read")
    if tag := find_unknown_tag(found_traces):
        pair = f"<{tag}>,</{tag}>"
        warnings.append(f"the reasoning begins with <{tag}>; --think-tags '{pair}' reads what is between as reasoning")
    if parser.counts_options:
        warnings.append(
            f"'{parser.gold_field}' counts the options from 0: the gold answer is the letter of that option"
        )
    if verdicts := find_verdict_lists(traces):
        warnings.append(
            f"'{verdicts[0]}' says of each reply whether it is right, and is not used: "
            "--drop-wrong compares the answer of each with the gold one"
        )
    if parser.fields.turns == "thinking" and _is_mostly_unmarked(found_traces):
        warnings.append("no message marks its reasoning: the last reply is read as one; --turns all reads every reply")
    if found_traces and 2 * sum(len(trace.reasoning) < MIN_CHARACTERS for trace in found_traces) > len(found_traces):
        warnings.append("most reasonings are a few characters; --reasoning FIELD names another field")
    if reasons.total() == len(sample):
        warnings.append(_describe_unusable(reasons, len(sample)))
    return tuple(warnings)


def _parse_sample(sample: RowSample, parser: RowParser) -> tuple[list[tuple[RowData, list[Trace]]], Counter[str]]:
    """(the rows that can be used with their traces, why the others cannot)."""
    traces: list[tuple[RowData, list[Trace]]] = []
    reasons: Counter[str] = Counter()
    for line, data in enumerate(sample, 1):
        try:
            traces.append((data, [found for found in parser.parse(data, line) if isinstance(found, Trace)]))
        except MalformedRowError as bad:
            reasons[bad.reason] += 1
    return traces, reasons


def find_unread_columns(traces: Sequence[tuple[RowData, list[Trace]]], parser: RowParser) -> list[str]:
    """Columns of long text that no trace has any of.

    Args:
        traces: rows with the traces that are in them.
        parser: how they were read.
    """
    rows = [data for data, _ in traces]
    known = {*parser.schema.used_fields, *parser.fields.to_flags().values(), parser.gold_field, *GOLD_FIELDS}
    known |= {"system", "system_prompt", *QUESTION_FIELDS, parser.options_field, *parser.option_columns.values()}
    return [
        name
        for name in (find_text_fields(rows) if rows else ())
        if name not in known and _is_long(rows, name) and not _is_read(traces, name)
    ]


def find_verdict_lists(traces: Sequence[tuple[RowData, list[Trace]]]) -> list[str]:
    """Columns with a list of truth values, one for each of the replies of a row, in all rows with several replies.

    Args:
        traces: rows with the traces that are in them.

    >>> from cotpress.types import TraceOrigin
    >>> row = {"question": "2+3?", "generations": ["It is 5.", "It is 6."], "correct": [True, False]}
    >>> traces = [Trace(name, "2+3?", "Hmm.", origin=TraceOrigin("", 1, "1", row, (), at, 2, False, True))
    ...           for at, name in enumerate("ab", 1)]
    >>> find_verdict_lists([(row, traces)])
    ['correct']
    """
    several = [
        (data, found[0].origin.turns)
        for data, found in traces
        if found and found[0].origin and found[0].origin.alternative
    ]
    names = dict.fromkeys(name for data, _ in several for name in data)
    return [name for name in names if all(_judges(data.get(name), count) for data, count in several)]


def _judges(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) >= count and all(isinstance(said, bool) for said in value)


def find_unknown_tag(traces: Sequence[Trace]) -> str | None:
    """The name of a tag that most reasonings begin with and close before their end, None where there is none.

    Args:
        traces: traces as they were read.

    >>> find_unknown_tag([Trace("1", "2+3?", "<plan>2+3=5.</plan> It is 5.")])
    'plan'
    """
    names: Counter[str] = Counter()
    for trace in traces:
        tag = _OPENING_TAG.match(trace.reasoning)
        if tag and f"</{tag[1]}>" in trace.reasoning:
            names[tag[1]] += 1
    name, count = names.most_common(1)[0] if names else ("", 0)
    return name if 2 * count > len(traces) else None


def _is_mostly_unmarked(traces: Sequence[Trace]) -> bool:
    """Whether most traces are the last of several replies, none of which marks its reasoning."""
    whole = [
        trace
        for trace in traces
        if trace.origin and trace.origin.structured and trace.origin.turns == 1 and not trace.tagged
    ]
    return 2 * len(whole) > len(traces)


def _is_long(rows: RowSample, name: str) -> bool:
    return sum(len(str(row.get(name) or "")) for row in rows) >= MIN_LONG_CHARACTERS * len(rows)


def _is_read(traces: Sequence[tuple[RowData, list[Trace]]], name: str) -> bool:
    """Whether most of the rows have the column's text somewhere in their traces, too."""
    found = 0
    for data, parts in traces:
        text = str(data.get(name) or "").strip()
        found += any(
            text in part or (trace.reasoning and trace.reasoning in text)
            for trace in parts
            for part in (trace.question, trace.reasoning, trace.answer, trace.system)
        )
    return 2 * found >= len(traces)


def _describe_unusable(reasons: Counter[str], count: int) -> str:
    most = reasons.most_common(1)[0][0]
    advice = (
        "--reasoning FIELD names another field" if most in ("empty-reasoning", "missing-think") else "see the rejects"
    )
    many = f"none of the first {count} rows can be used, most for"
    return f"{many if count > 1 else 'the first row cannot be used, for'} '{most}'; {advice}"
