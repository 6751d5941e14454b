"""A condition's traces laid end to end, and what each criterion would keep of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cotpress.errors import InputError
from cotpress.tables import Tables
from cotpress.types import BoolArray, FloatArray, IntArray
from cotpress.wording import counted

KEEPS = (0.1, 0.3, 0.5, 0.7, 0.9)
CLASSES = ("symbol", "stopword", "other")


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """All units of a condition's traces in one row.

    Arrays are [units], except `starts` [traces], the first unit of each trace; `steps` [steps], the first unit of
    each step; and `step_starts` [traces], the first step of each trace. `essential` is None without the truth.
    """

    condition: str
    domain: str
    regime: str
    traces: tuple[str, ...]
    tokens: FloatArray
    classes: NDArray[np.str_]
    reflective: BoolArray
    duplicate: BoolArray
    essential: BoolArray | None
    starts: IntArray
    steps: IntArray
    step_starts: IntArray

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name the condition."""
        return {"condition": self.condition, "domain": self.domain, "regime": self.regime}


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What one criterion keeps at every ratio: `kept_from` [seeds, units]; `present` [traces] says which it ranked."""

    corpus: Corpus
    criterion: str
    granularity: str
    symbols: bool
    kept_from: NDArray[np.float32]
    present: BoolArray

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name the condition and the method."""
        method = {"criterion": self.criterion, "granularity": self.granularity, "symbols": self.symbols}
        return {**self.corpus.labels, **method}

    def kept(self, keep: float) -> BoolArray:
        """Which units stay, [seeds, units]. Compared as the float32 that the table holds."""
        return self.kept_from <= np.float32(keep)

    def per_trace(self, values: Any, starts: IntArray | None = None) -> FloatArray:
        """Sums of values [units] or [seeds, units] over each trace and all seeds, [traces]; 0 where it ranked none.

        `starts` is `corpus.step_starts` where the values are of steps.
        """
        rows = np.broadcast_to(values, (len(self.kept_from), np.shape(values)[-1])).astype(np.float64)
        summed = np.add.reduceat(rows.sum(axis=0), self.corpus.starts if starts is None else starts)
        return np.where(self.present, summed, 0.0)


def corpora(tables: Tables) -> Iterator[Corpus]:
    """A condition at a time, in the order of their names; traces without units are left out."""
    for condition, traces in tables.traces.groupby("condition", sort=True):
        told = traces[[len(ends) > 0 for ends in traces["unit_ends"]]]
        if len(told):
            yield _corpus(str(condition), told)


def _corpus(condition: str, traces: Any) -> Corpus:
    sizes = np.array([len(ends) for ends in traces["unit_ends"]])
    starts, unit_steps = np.cumsum(sizes) - sizes, list(traces["unit_step"])
    firsts = [np.unique(steps, return_index=True)[1] for steps in unit_steps]
    counts = np.array([len(first) for first in firsts])
    essential = traces["unit_essential"]
    return Corpus(
        condition,
        str(traces["domain"].iloc[0]),
        str(traces["regime"].iloc[0]),
        tuple(traces["trace"].tolist()),
        np.concatenate(list(traces["unit_tokens"])).astype(np.float64),
        np.concatenate(list(traces["unit_class"])).astype(str),
        _of_steps(traces["step_reflective"], unit_steps),
        _of_steps(traces["step_duplicate"], unit_steps),
        None if essential.isna().any() else np.concatenate(list(essential)).astype(bool),
        starts,
        np.concatenate([first + start for first, start in zip(firsts, starts, strict=True)]),
        np.cumsum(counts) - counts,
    )


def _of_steps(marks: Any, unit_steps: list[Any]) -> BoolArray:
    """A mark of each step as one of its units."""
    return np.concatenate([np.asarray(mark, dtype=bool)[steps] for mark, steps in zip(marks, unit_steps, strict=True)])


def selections(tables: Tables, corpus: Corpus) -> list[Selection]:
    """Every method that ranked this condition's traces, by granularity, protection and criterion.

    Raises:
        InputError: a ranking has another number of units than its trace.
    """
    rankings = tables.rankings[tables.rankings["condition"] == corpus.condition]
    groups = rankings.groupby(["granularity", "symbols", "criterion"], sort=True)
    return [_selection(corpus, key, rows) for key, rows in groups]


def _selection(corpus: Corpus, key: tuple[str, bool, str], rows: Any) -> Selection:
    granularity, symbols, criterion = key
    place = {trace: at for at, trace in enumerate(corpus.traces)}
    sizes = np.diff(corpus.starts, append=len(corpus.tokens))
    seeds = [dict(zip(one["trace"].tolist(), one["kept_from"], strict=True)) for _, one in rows.groupby("seed")]
    kept_from = np.full((len(seeds), len(corpus.tokens)), np.nan, dtype=np.float32)
    for row, seed in zip(kept_from, seeds, strict=True):
        for trace, values in seed.items():
            at = place.get(trace)
            if at is not None:
                _check(trace, len(values), int(sizes[at]))
                row[corpus.starts[at] : corpus.starts[at] + sizes[at]] = values
    present = np.array([all(trace in seed for seed in seeds) for trace in corpus.traces])
    return Selection(corpus, criterion, granularity, bool(symbols), kept_from, present)


def _check(trace: str, ranked: int, units: int) -> None:
    if ranked != units:
        raise InputError(
            f"The ranking of trace '{trace}' has {counted(ranked, 'unit')}, the trace has {units}.",
            "Run the sweep again: both tables have to be of one study.",
        )
