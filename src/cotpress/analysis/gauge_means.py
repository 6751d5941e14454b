"""What each way to shorten traces did to the text: the means of the gauges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from cotpress.analysis.frames import DataFrame, build_frame
from cotpress.tables import StudyTables

COLUMNS = ("condition", "domain", "regime", "kind", "method", "granularity", "symbols", "keep", "realized")


def tabulate_gauges(tables: StudyTables) -> DataFrame:
    """One row for each condition and way to shorten, a column for each gauge: its mean over the traces it applies to.

    Seeds of random pruning are averaged. What the gauges mean: `cotpress gauges`.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_gauges(build_study_tables({})).columns)[-2:]
    ['keep', 'realized']
    """
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in tables.compressions.to_dict("records"):
        if measured := _read_gauges(row):
            label = tuple(_replace_missing(row[name]) for name in COLUMNS[:-1])
            groups[label].append({**measured, "realized": row["tokens_kept"] / max(1, row["tokens_original"])})
    rows = list(_build_rows(groups))
    names = dict.fromkeys(name for row in rows for name in row if name not in COLUMNS)
    return build_frame(rows, (*COLUMNS, *names))


def _build_rows(groups: Mapping[tuple[Any, ...], list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    for label, seeds in groups.items():
        names = dict.fromkeys(name for seed in seeds for name in seed)
        values = {name: [seed[name] for seed in seeds if name in seed] for name in names}
        means = {name: sum(given) / len(given) for name, given in values.items()}
        yield {**dict(zip(COLUMNS[:-1], label, strict=True)), **means}


def _read_gauges(row: Mapping[str, Any]) -> dict[str, float]:
    """The gauges of a compression; nothing where it has none."""
    given = row.get("gauges")
    pairs = given if isinstance(given, list | tuple) else []
    return {name: value for name, value in pairs if value is not None}


def _replace_missing(value: Any) -> Any:
    """None for a missing number, which would be no equal of itself."""
    return None if isinstance(value, float) and value != value else value
