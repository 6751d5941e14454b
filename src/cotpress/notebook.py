"""What notebooks show: compressed traces with what was struck out, summaries, readings and tables.

Plain HTML without scripts or style sheets, so that it looks the same where a host shows it without running it.
Everything that comes from data is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from html import escape
from typing import Any

from cotpress.analysis.advice import Advice
from cotpress.analysis.pairs import MarkedPart, mark_pair
from cotpress.errors import CotpressError
from cotpress.evaluation import EvaluationResult
from cotpress.notebook_view import RunSummary
from cotpress.number_formatting import count_noun
from cotpress.pipeline import measure_gauges
from cotpress.tables import StudyTables
from cotpress.traces import TraceReader
from cotpress.types import Compressed, GaugeValues, Rejected, Trace

MAX_SHOWN_CHARACTERS = 20_000  # of one text
MAX_SHOWN_ROWS = 30
_BOX = "max-height:24em;overflow:auto;white-space:pre-wrap;text-align:left;border:1px solid #8886;padding:0.6em"
_TAGS = {"deleted": ("<del style='opacity:0.5'>", "</del>"), "inserted": ("<ins>", "</ins>"), "kept": ("", "")}


@singledispatch
def render(value: object) -> str:
    """An object as HTML for a notebook.

    Args:
        value: a trace, a compressed or rejected one, a reading, a summary, a study's tables or an evaluation.

    >>> render(Rejected("empty-reasoning", "x < y"))
    '<p><b>rejected: empty-reasoning</b> x &lt; y</p>'
    """
    return f"<pre>{escape(repr(value))}</pre>"


@render.register
def _render_compressed(outcome: Compressed) -> str:
    spans = None if outcome.kept_spans is None else outcome.kept_spans.tolist()
    parts = mark_pair(outcome.trace.reasoning, outcome.text, spans)
    counts = f"{outcome.tokens_original:,} \u2192 {count_noun(outcome.tokens_kept, 'token')}"
    facts = [f"{counts}, {outcome.realized_ratio:.2f} kept", *outcome.flags]
    return "".join(
        [
            f"<p><b>{escape(outcome.trace.id)}</b> {escape('; '.join(facts))}</p>",
            f"<p>{_cut(outcome.trace.question)}</p>" if outcome.trace.question else "",
            _draw_box(_draw_parts(parts)),
            f"<p>{_cut(outcome.trace.answer)}</p>" if outcome.trace.answer else "",
            _render_gauges(outcome),
        ]
    )


def _draw_parts(parts: Iterable[MarkedPart]) -> str:
    """The parts in the order of reading, as many as are shown."""
    drawn, room = [], MAX_SHOWN_CHARACTERS
    for part in parts:
        before, after = _TAGS[part.kind]
        drawn.append(f"{before}{escape(part.text[: max(0, room)])}{after}" if room > 0 else "")
        room -= len(part.text)
    return "".join(drawn) + (f" \u2026 ({-room:,} more characters)" if room < 0 else "")


def _render_gauges(outcome: Compressed) -> str:
    """The gauges of the text that mean something for it, those of a run as they were measured."""
    try:
        gauges = outcome.gauges or measure_gauges(outcome)
    except CotpressError as error:
        return f"<p>The gauges were not measured: {escape(str(error))}</p>"
    rows = [(name, *_format_gauge(values)) for name, values in gauges.items() if values.compressed is not None]
    return _draw_table(("gauge", "kept", "random", "original"), rows) if rows else ""


def _format_gauge(values: GaugeValues) -> list[str]:
    return [_format_value(value) for value in (values.compressed, values.random, values.original)]


@render.register
def _render_rejected(rejected: Rejected) -> str:
    return f"<p><b>rejected: {escape(rejected.reason)}</b> {_cut(rejected.detail)}</p>"


@render.register
def _render_trace(trace: Trace) -> str:
    box = _draw_box(_cut(trace.reasoning))
    return f"<p><b>{escape(trace.id)}</b> {_cut(trace.question)}</p>{box}<p>{_cut(trace.answer)}</p>"


@render.register
def _render_reading(reading: TraceReader) -> str:
    names = ("source", "container", "format", "roles")
    rows = [[about[name] for name in names] for about in reading.recognised]
    notes = [line for about in reading.recognised for line in about["warnings"]]
    return _draw_table(names, rows) + "".join(f"<p>{_cut(note)}</p>" for note in notes[:MAX_SHOWN_ROWS])


@render.register
def _render_summary(summary: RunSummary) -> str:
    plain = [(name, _format_value(value)) for name, value in summary.items() if not _is_table(value) and value != {}]
    tables = [(name, value) for name, value in summary.items() if _is_table(value)]
    return _draw_table(("", ""), plain) + "".join(_render_rows(name, value) for name, value in tables)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(row, Mapping) for row in value.values())


def _render_rows(name: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Entries of one kind, such as gauges: a row an entry, a column a figure."""
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    return _draw_table(
        (name, *columns), [[key, *(_format_value(row.get(column)) for column in columns)] for key, row in rows.items()]
    )


@render.register
def _render_advice(advice: Advice) -> str:
    told = [("evidence", advice.evidence), ("warnings", advice.warnings), ("disagrees", advice.disagreements)]
    rows = [[name, line] for name, lines in told for line in lines]
    return f"<pre>{escape(advice.command)}</pre>" + _draw_table(["", "what it rests on"], rows)


@render.register
def _render_tables(tables: StudyTables) -> str:
    frames = tables.list_frames()
    return _draw_table(("table", "rows", "columns"), [(name, len(f), ", ".join(f.columns)) for name, f in frames])


@render.register
def _render_evaluation(result: EvaluationResult) -> str:
    parts = result.summarize()["benchmarks"]
    rows = [(name, part["problems"], *map(_format_interval, _list_estimates(part))) for name, part in parts.items()]
    return _draw_table(("benchmark", "problems", "accuracy", "generated tokens"), rows)


def _list_estimates(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [part["accuracy"], part["generated_tokens"]]


def _format_interval(estimate: Mapping[str, Any]) -> str:
    value, low, high = (_format_value(estimate[name]) for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def _format_value(value: Any) -> str:
    """A value in few characters: three digits of a fraction, the entries of a mapping, the first of a list."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.3f}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_format_value(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_format_value(part) for part in value[:3]) + (" \u2026" if len(value) > 3 else "")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _draw_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    lines = ["".join(f"<td style='text-align:left'>{_cut(str(cell), 400)}</td>" for cell in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines[:MAX_SHOWN_ROWS])
    more = f"<p>and {len(rows) - MAX_SHOWN_ROWS:,} more</p>" if len(rows) > MAX_SHOWN_ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _draw_box(html: str) -> str:
    """A text in a box of its own; dollars in it are no formulas to a notebook."""
    return f"<div class='tex2jax_ignore mathjax_ignore' style='{_BOX}'>{html}</div>"


def _cut(text: str, most: int = 2_000) -> str:
    """The beginning of a text, escaped."""
    more = f" \u2026 ({len(text) - most:,} more characters)" if len(text) > most else ""
    return escape(text[:most]) + more
