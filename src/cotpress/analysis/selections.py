"""The units of a condition's traces in one array, and what each criterion would keep of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cotpress.errors import InputError
from cotpress.number_formatting import count_noun
from cotpress.tables import StudyTables
from cotpress.types import BoolArray, FloatArray, IntArray

KEEP_RATIOS = (0.1, 0.3, 0.5, 0.7, 0.9)
UNIT_CLASSES = ("symbol", "stopword", "other")


@dataclass(frozen=True, slots=True, eq=False)
class ConditionFacts:
    """What the generated traces of a condition state, and where: all facts of all traces in one row.

    `unit_tellings` [units] has the number of the telling that a unit is part of, -1 for none; `telling_facts`
    [tellings] the fact that is told; `first_tellings` [facts] the first telling of each, and `fact_traces` [facts] its
    trace.
    """

    unit_tellings: IntArray
    telling_facts: IntArray
    first_tellings: IntArray
    fact_traces: IntArray

    def find_told(self, kept: BoolArray) -> tuple[BoolArray, BoolArray]:
        """Which facts are told where they were first, and which anywhere, [facts] each, when these units [units] stay.

        A telling is there where all its units are.
        """
        told = np.ones(len(self.telling_facts), dtype=bool)
        told[self.unit_tellings[~kept & (self.unit_tellings >= 0)]] = False
        anywhere = np.zeros(len(self.first_tellings), dtype=bool)
        anywhere[self.telling_facts[told]] = True
        return told[self.first_tellings], anywhere


@dataclass(frozen=True, slots=True, eq=False)
class ConditionUnits:
    """All units of a condition's traces in one row.

    Arrays are [units], except `trace_first_units` [traces], the first unit of each trace; `step_first_units` [steps],
    the first unit of each step; and `trace_first_steps` [traces], the first step of each trace. `essential` and
    `facts` are None without the truth.
    """

    condition: str
    domain: str
    regime: str
    trace_ids: tuple[str, ...]
    unit_tokens: FloatArray
    unit_classes: NDArray[np.str_]
    reflective: BoolArray
    duplicate: BoolArray
    essential: BoolArray | None
    trace_first_units: IntArray
    step_first_units: IntArray
    trace_first_steps: IntArray
    facts: ConditionFacts | None = None

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name the condition."""
        return {"condition": self.condition, "domain": self.domain, "regime": self.regime}


@dataclass(frozen=True, slots=True, eq=False)
class CriterionSelection:
    """What one criterion keeps at every ratio: `kept_from` [seeds, units]; `ranked_traces` [traces] says which it
    ranked."""

    units: ConditionUnits
    criterion: str
    granularity: str
    symbols: bool
    kept_from: NDArray[np.float32]
    ranked_traces: BoolArray

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name the condition and the method."""
        method = {"criterion": self.criterion, "granularity": self.granularity, "symbols": self.symbols}
        return {**self.units.labels, **method}

    def mark_kept(self, keep: float) -> BoolArray:
        """Which units stay, [seeds, units]. Compared as the float32 that the table holds."""
        return self.kept_from <= np.float32(keep)

    def sum_per_trace(self, values: Any, starts: IntArray | None = None) -> FloatArray:
        """Sums of values [units] or [seeds, units] over each trace and all seeds, [traces]; 0 where it ranked none.

        `starts` says where each trace begins: `trace_first_units` by default, `trace_first_steps` for values of steps.
        """
        rows = np.broadcast_to(values, (len(self.kept_from), np.shape(values)[-1])).astype(np.float64)
        summed = np.add.reduceat(rows.sum(axis=0), self.units.trace_first_units if starts is None else starts)
        return np.where(self.ranked_traces, summed, 0.0)


def build_condition_units(tables: StudyTables) -> Iterator[ConditionUnits]:
    """A condition at a time, in the order of their names; traces without units are left out."""
    for condition, traces in tables.traces.groupby("condition", sort=True):
        with_units = traces[[len(ends) > 0 for ends in traces["unit_ends"]]]
        if len(with_units):
            yield _build_one_condition(str(condition), with_units)


def _build_one_condition(condition: str, traces: Any) -> ConditionUnits:
    sizes = np.array([len(ends) for ends in traces["unit_ends"]])
    starts, unit_steps = np.cumsum(sizes) - sizes, list(traces["unit_step"])
    firsts = [np.unique(steps, return_index=True)[1] for steps in unit_steps]
    counts = np.array([len(first) for first in firsts])
    essential = traces["unit_essential"]
    return ConditionUnits(
        condition,
        str(traces["domain"].iloc[0]),
        str(traces["regime"].iloc[0]),
        tuple(traces["trace"].tolist()),
        np.concatenate(list(traces["unit_tokens"])).astype(np.float64),
        np.concatenate(list(traces["unit_class"])).astype(str),
        _expand_steps_to_units(traces["step_reflective"], unit_steps),
        _expand_steps_to_units(traces["step_duplicate"], unit_steps),
        None if essential.isna().any() else np.concatenate(list(essential)).astype(bool),
        starts,
        np.concatenate([first + start for first, start in zip(firsts, starts, strict=True)]),
        np.cumsum(counts) - counts,
        _build_facts(traces),
    )


def _build_facts(traces: Any) -> ConditionFacts | None:
    """The facts of all traces, numbered through; None where a trace has no truth."""
    if traces["unit_telling"].isna().any() or traces["telling_fact"].isna().any():
        return None
    tellings = [np.asarray(numbers, dtype=np.int64) for numbers in traces["unit_telling"]]
    facts = [np.asarray(numbers, dtype=np.int64) for numbers in traces["telling_fact"]]
    told = np.cumsum([0, *(len(numbers) for numbers in facts)])
    sizes = [int(numbers.max(initial=-1)) + 1 for numbers in facts]
    telling_facts = np.concatenate([numbers + start for numbers, start in zip(facts, _sum_before(sizes), strict=True)])
    unit_tellings = [
        np.where(numbers < 0, -1, numbers + start) for numbers, start in zip(tellings, told[:-1], strict=True)
    ]
    return ConditionFacts(
        np.concatenate(unit_tellings),
        telling_facts,
        np.unique(telling_facts, return_index=True)[1],
        np.repeat(np.arange(len(sizes)), sizes),
    )


def _sum_before(sizes: Sequence[int]) -> list[int]:
    return [0, *accumulate(sizes)][:-1]


def _expand_steps_to_units(marks: Any, unit_steps: list[Any]) -> BoolArray:
    """A mark of each step as one of its units."""
    return np.concatenate([np.asarray(mark, dtype=bool)[steps] for mark, steps in zip(marks, unit_steps, strict=True)])


def build_selections(tables: StudyTables, corpus: ConditionUnits) -> list[CriterionSelection]:
    """Every method that ranked this condition's traces, by granularity, protection and criterion.

    Raises:
        InputError: a ranking has another number of units than its trace.
    """
    rankings = tables.rankings[tables.rankings["condition"] == corpus.condition]
    groups = rankings.groupby(["granularity", "symbols", "criterion"], sort=True)
    return [_build_selection(corpus, key, rows) for key, rows in groups]


def _build_selection(corpus: ConditionUnits, key: tuple[str, bool, str], rows: Any) -> CriterionSelection:
    granularity, symbols, criterion = key
    place = {trace: at for at, trace in enumerate(corpus.trace_ids)}
    sizes = np.diff(corpus.trace_first_units, append=len(corpus.unit_tokens))
    seeds = [
        dict(zip(ranking["trace"].tolist(), ranking["kept_from"], strict=True)) for _, ranking in rows.groupby("seed")
    ]
    kept_from = np.full((len(seeds), len(corpus.unit_tokens)), np.nan, dtype=np.float32)
    for row, seed in zip(kept_from, seeds, strict=True):
        for trace, values in seed.items():
            at = place.get(trace)
            if at is not None:
                _check_unit_count(trace, len(values), int(sizes[at]))
                row[corpus.trace_first_units[at] : corpus.trace_first_units[at] + sizes[at]] = values
    present = np.array([all(trace in seed for seed in seeds) for trace in corpus.trace_ids])
    return CriterionSelection(corpus, criterion, granularity, bool(symbols), kept_from, present)


def _check_unit_count(trace: str, ranked: int, units: int) -> None:
    if ranked != units:
        raise InputError(
            f"The ranking of trace '{trace}' has {count_noun(ranked, 'unit')}, the trace has {units}.",
            "Run the sweep again: both tables have to be of one study.",
        )
