"""Which traces a page carries: some of every condition, from short to long."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import Any

from cotpress.tables import Tables


def chosen_traces(tables: Tables, sample: int) -> list[dict[str, Any]]:
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
        queues.append([rows[place] for place in spread(len(rows))[:sample]])
    turns = chain.from_iterable(zip_longest(*queues))
    return [row for row in turns if row is not None][:sample]


def spread(count: int) -> list[int]:
    """All positions below `count`, the middle first, then ever finer subdivisions."""
    depths = range(1, count.bit_length() + 1)
    places = (count * (2 * part + 1) // 2**depth for depth in depths for part in range(2 ** (depth - 1)))
    return list(dict.fromkeys([*places, *range(count)]))
