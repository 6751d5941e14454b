"""Traces with their rankings and rewritings, in the form that the page's trace browser reads."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import numpy as np

from cotpress.report.sampling import chosen_traces
from cotpress.tables import Tables

SHADES = 10
CLASSES = ("other", "symbol", "stopword")  # a digit each, in this order
NEVER = 101  # percent: more than any keep ratio
_ROUNDING = 1e-3  # percent; kept_from is stored as float32, 0.3 as 0.30000001


def browsable(tables: Tables, sample: int, room: int, sizes: Any = len) -> list[dict[str, Any]]:
    """The traces of the sample as the browser's data, as many as fit into `room` characters of JSON each with its own.

    `sizes` measures one entry. A trace that does not fit is passed over, so one giant does not empty the page.
    """
    entries, left = [], room
    for row in chosen_traces(tables, sample):
        entry = trace_entry(row, tables)
        size = sizes(entry)
        if size <= left:
            entries.append(entry)
            left -= size
    return sorted(entries, key=lambda entry: (entry["condition"], entry["tokens"]))


def trace_entry(row: dict[str, Any], tables: Tables) -> dict[str, Any]:
    """One trace: its units as texts (joined they are the reasoning), and what each ranking and rewriting made of it."""
    rankings, rewrites = (_of_trace(frame, row) for frame in (tables.rankings, tables.rewrites))
    return {
        "condition": row["condition"],
        "id": row["trace"],
        "question": row["question"],
        "answer": row["answer"],
        "tokens": int(row["tokens"]),
        "counted": row["counted_with"],
        "units": cut(row["reasoning"], row["unit_ends"]),
        "steps": [int(step) for step in row["unit_step"]],
        "weights": [int(count) for count in row["unit_tokens"]],
        "classes": "".join(str(CLASSES.index(name)) for name in row["unit_class"]),
        "essential": _flags(row["unit_essential"]),
        "reflective": _flags(row["step_reflective"]),
        "duplicate": _flags(row["step_duplicate"]),
        "methods": _methods(rankings),
        "rewrites": _rewrites(rewrites, tables),
    }


def cut(text: str, ends: Iterable[int]) -> list[str]:
    """The text's parts. Python counts code points and JavaScript counts UTF-16 units: texts travel, offsets do not."""
    parts, start = [], 0
    for end in ends:
        parts.append(text[start : int(end)])
        start = int(end)
    return parts


def shades(importance: Any) -> str:
    """A digit for each unit, 0 (least important in its trace) to 9, by rank; equal importance has equal shades."""
    values = np.nan_to_num(np.asarray(importance, dtype=np.float64), nan=-np.inf)
    ordered = np.sort(values)
    rank = (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2
    return "".join(str(int(shade)) for shade in np.minimum(SHADES * rank / max(1, len(values)), SHADES - 1))


def percents(kept_from: Any) -> str:
    """The least whole percentage at which each unit is kept, a byte a unit in base64; `NEVER` where it never is."""
    values = np.nan_to_num(100 * np.asarray(kept_from, dtype=np.float64), nan=NEVER, posinf=NEVER)
    least = np.clip(np.ceil(values - _ROUNDING), 0, NEVER).astype(np.uint8)
    return base64.b64encode(least.tobytes()).decode("ascii")


def _of_trace(frame: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
    held = frame[(frame["condition"] == row["condition"]) & (frame["trace"] == row["trace"])]
    rows: list[dict[str, Any]] = held.to_dict("records")
    return rows


def _methods(rankings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A method each, that of the lowest seed where there are several."""
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rankings, key=lambda row: row["seed"]):
        first.setdefault((row["criterion"], row["granularity"], bool(row["symbols"])), row)
    return [
        {
            "criterion": criterion,
            "granularity": granularity,
            "symbols": symbols,
            "shades": shades(row["importance"]),
            "percents": percents(row["kept_from"]),
        }
        for (criterion, granularity, symbols), row in first.items()
    ]


def _rewrites(rewrites: list[dict[str, Any]], tables: Tables) -> list[dict[str, Any]]:
    targets = dict(zip(tables.compressions["compression"], tables.compressions["keep"], strict=True))
    return [
        {
            "level": row["level"],
            "target": _number(targets.get(row["compression"])),
            "text": row["text"] if isinstance(row["text"], str) else None,
            "reason": row["reason"] if isinstance(row["reason"], str) else "",
            "realized": _number(row["tokens_kept"] / row["tokens_original"]) if row["tokens_original"] else None,
            "restructuring": _number(row["restructuring"]),
        }
        for row in rewrites
    ]


def _number(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 4)


def _flags(values: Any) -> str:
    """A digit each; empty where nothing is known."""
    if values is None or any(flag is None for flag in values):
        return ""
    return "".join("1" if flag else "0" for flag in values)
