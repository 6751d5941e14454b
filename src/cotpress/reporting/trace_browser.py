"""Traces with their rankings and rewritings, in the form that the page's trace browser reads."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from itertools import chain, zip_longest
from typing import Any

import numpy as np

from cotpress.analysis.bisection_order import order_by_bisection
from cotpress.backbone import find_backbone, find_links
from cotpress.reporting.trace_gauges import TraceGauges, choose_ratios
from cotpress.tables import StudyTables
from cotpress.types import Trace

SHADE_COUNT = 10
UNIT_CLASS_DIGITS = ("other", "symbol", "stopword")  # a digit each, in this order
NEVER_KEPT_PERCENT = 101  # percent: more than any keep ratio
_PERCENT_TOLERANCE = 1e-3  # percent; kept_from is stored as float32, 0.3 as 0.30000001


def build_browser_data(tables: StudyTables, sample: int, room: int, sizes: Any = len) -> list[dict[str, Any]]:
    """The traces of the sample as the browser's data, as many as fit into `room` characters of JSON each with its own.

    `sizes` measures one entry. A trace that does not fit is passed over, so one giant does not empty the page.
    """
    entries, left = [], room
    for row in choose_traces(tables, sample):
        entry = build_trace_entry(row, tables)
        size = sizes(entry)
        if size <= left:
            entries.append(entry)
            left -= size
    return sorted(entries, key=lambda entry: (entry["condition"], entry["tokens"]))


def build_trace_entry(row: dict[str, Any], tables: StudyTables) -> dict[str, Any]:
    """One trace: its units as texts (joined they are the reasoning), and what each ranking and rewriting made of it."""
    rankings, rewrites = (_select_trace_rows(frame, row) for frame in (tables.rankings, tables.rewrites))
    gauges = TraceGauges(row)
    methods = _build_methods(rankings)
    ratios = choose_ratios(tables, row["condition"], len(row["reasoning"]) * len(methods))
    return {
        "condition": row["condition"],
        "id": row["trace"],
        "question": row["question"],
        "answer": row["answer"],
        "tokens": int(row["tokens"]),
        "counted": row["counted_with"],
        "units": split_text(row["reasoning"], row["unit_ends"]),
        "steps": [int(step) for step in row["unit_step"]],
        "weights": [int(count) for count in row["unit_tokens"]],
        "classes": "".join(str(UNIT_CLASS_DIGITS.index(name)) for name in row["unit_class"]),
        "essential": _encode_flags(row["unit_essential"]),
        "reflective": _encode_flags(row["step_reflective"]),
        "duplicate": _encode_flags(row["step_duplicate"]),
        **build_map(row),
        "gauged": [round(100 * ratio) for ratio in ratios],
        "original": gauges.measure_original(),
        "methods": [{**method, "gauges": _gauge_method(method, ratios, gauges)} for method in methods],
        "rewrites": _build_rewrites(rewrites, tables, gauges),
    }


def build_map(row: dict[str, Any]) -> dict[str, Any]:
    """Which step of a trace feeds which: `links` of [source, step, share in percent], and `need`, a digit a step, 0 to
    9, by how much rests on it."""
    steps = split_text(row["reasoning"], row["step_ends"])
    costs = np.bincount(np.asarray(row["unit_step"], np.int64), np.asarray(row["unit_tokens"]), len(steps))
    trace = Trace(str(row["trace"]), row["question"], row["reasoning"], row["answer"])
    need = find_backbone(trace, steps, costs.astype(np.int64)).need
    links = [[link.source, link.step, round(100 * link.share)] for link in find_links(row["question"], steps)]
    return {"links": links, "need": encode_shades(need)}


def _gauge_method(method: dict[str, Any], ratios: Iterable[float], gauges: TraceGauges) -> list[Any]:
    """What the gauges say of the trace at each ratio."""
    least = np.frombuffer(base64.b64decode(method["percents"]), np.uint8)
    return [gauges.measure_kept(least <= round(100 * ratio)) for ratio in ratios]


def split_text(text: str, ends: Iterable[int]) -> list[str]:
    """The text's parts. Python counts code points and JavaScript counts UTF-16 units: texts travel, offsets do not."""
    parts, start = [], 0
    for end in ends:
        parts.append(text[start : int(end)])
        start = int(end)
    return parts


def encode_shades(importance: Any) -> str:
    """A digit for each unit, 0 (least important in its trace) to 9, by rank; equal importance has equal shades."""
    values = np.nan_to_num(np.asarray(importance, dtype=np.float64), nan=-np.inf)
    ordered = np.sort(values)
    rank = (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2
    return "".join(str(int(shade)) for shade in np.minimum(SHADE_COUNT * rank / max(1, len(values)), SHADE_COUNT - 1))


def encode_percents(kept_from: Any) -> str:
    """The least whole percentage at which each unit is kept, a byte a unit in base64; `NEVER_KEPT_PERCENT` where it
    never is."""
    values = np.nan_to_num(
        100 * np.asarray(kept_from, dtype=np.float64), nan=NEVER_KEPT_PERCENT, posinf=NEVER_KEPT_PERCENT
    )
    least = np.clip(np.ceil(values - _PERCENT_TOLERANCE), 0, NEVER_KEPT_PERCENT).astype(np.uint8)
    return base64.b64encode(least.tobytes()).decode("ascii")


def _select_trace_rows(frame: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
    held = frame[(frame["condition"] == row["condition"]) & (frame["trace"] == row["trace"])]
    rows: list[dict[str, Any]] = held.to_dict("records")
    return rows


def _build_methods(rankings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A method each, that of the lowest seed where there are several."""
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rankings, key=lambda row: row["seed"]):
        first.setdefault((row["criterion"], row["granularity"], bool(row["symbols"])), row)
    return [
        {
            "criterion": criterion,
            "granularity": granularity,
            "symbols": symbols,
            "shades": encode_shades(row["importance"]),
            "percents": encode_percents(row["kept_from"]),
        }
        for (criterion, granularity, symbols), row in first.items()
    ]


def _build_rewrites(rewrites: list[dict[str, Any]], tables: StudyTables, gauges: TraceGauges) -> list[dict[str, Any]]:
    targets = dict(zip(tables.compressions["compression"], tables.compressions["keep"], strict=True))
    return [
        {
            "level": row["level"],
            "target": _round_number(targets.get(row["compression"])),
            "text": row["text"] if isinstance(row["text"], str) else None,
            "reason": row["reason"] if isinstance(row["reason"], str) else "",
            "realized": _round_number(row["tokens_kept"] / row["tokens_original"]) if row["tokens_original"] else None,
            "restructuring": _round_number(row["restructuring"]),
            "gauges": _gauge_rewrite(row, gauges),
        }
        for row in rewrites
    ]


def _gauge_rewrite(row: dict[str, Any], gauges: TraceGauges) -> list[Any]:
    if not isinstance(row["text"], str):
        return []
    return gauges.measure_rewritten(row["text"], row["tokens_kept"] / max(1, row["tokens_original"]))


def _round_number(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 4)


def _encode_flags(values: Any) -> str:
    """A digit each; empty where nothing is known."""
    if values is None or any(flag is None for flag in values):
        return ""
    return "".join("1" if flag else "0" for flag in values)


def choose_traces(tables: StudyTables, sample: int) -> list[dict[str, Any]]:
    """At most `sample` rows of `tables.traces`, the same for the same tables.

    Conditions take turns. Within one, ranked traces come before unranked ones, and lengths are spread: the trace of
    median length first, then those at the quarters, the eighths and so on.
    """
    frame = tables.traces
    ranked = set(zip(tables.rankings["condition"], tables.rankings["trace"], strict=True))
    if ranked:
        frame = frame[[key in ranked for key in zip(frame["condition"], frame["trace"], strict=True)]]
    queues = []
    for _, held in frame.groupby("condition", sort=True):
        rows = held.sort_values(["tokens", "trace"], kind="stable").to_dict("records")
        queues.append([rows[place] for place in order_by_bisection(len(rows))[:sample]])
    turns = chain.from_iterable(zip_longest(*queues))
    return [row for row in turns if row is not None][:sample]
