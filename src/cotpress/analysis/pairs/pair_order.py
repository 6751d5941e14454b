"""Which pairs are looked at first: the worst or best by a figure, or a sample of all lengths."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from cotpress.analysis.bisection_order import order_by_bisection
from cotpress.analysis.pairs.output_pairs import OutputPairs, PairFigures
from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.gauges import GAUGES

_MAX_COMPARED = 5000  # ids: comparing one takes some 20 microseconds


@dataclass(frozen=True, slots=True)
class SortFigure:
    """A figure by which pairs are sorted: what its worse values are, and what it means."""

    name: str
    low_is_worse: bool
    about: str = ""
    best: float | None = None  # where no value can be better
    compared: bool = True  # whether being worse than random pruning says that something is wrong
    fine: float | None = None  # good enough whatever random pruning has

    def is_worse(self, value: float, other: float) -> bool:
        """Whether a value is worse than another.

        >>> SortFigure("equations", low_is_worse=True).is_worse(0.2, 0.5)
        True
        """
        return value < other if self.low_is_worse else value > other

    def is_fault(self, value: float, chance: float) -> bool:
        """Whether a value is a fault beside random pruning: worse, of a compared figure, and not fine by itself.

        >>> SortFigure("facts", low_is_worse=True, fine=0.9).is_fault(0.95, 0.97)
        False
        """
        is_fine = self.fine is not None and not self.is_worse(value, self.fine)
        return self.compared and self.is_worse(value, chance) and not is_fine

    def read(self, figures: PairFigures) -> float | None:
        """Its value for a pair; None where it does not apply."""
        return list_values(figures).get(self.name)


_COMMON_FIGURES: Final = (
    SortFigure("realized", True, "Share of the reasoning's tokens that was kept."),
    SortFigure("tokens", False, "Tokens of the original reasoning."),
)
_MEASURES: Final = (
    SortFigure("restructuring", False, "Share of what is left whose wording, order or step is not the original's."),
    SortFigure("faithfulness", True, "Share of its numbers that the trace bears out."),
)


COMMON_NAMES: Final = tuple(figure.name for figure in _COMMON_FIGURES)


def list_values(figures: PairFigures) -> dict[str, float | None]:
    """The figures of a pair by name, those that every output has first.

    >>> list_values(PairFigures(0, "1", 20, 5, 0.25, gauges={"code": None}))
    {'realized': 0.25, 'tokens': 20, 'code': None}
    """
    common = {"realized": figures.realized_ratio, "tokens": figures.tokens_original}
    return {**common, **figures.measures, **figures.gauges}


def list_sort_figures(pairs: OutputPairs) -> list[SortFigure]:
    """The figures by which the pairs of an output can be sorted: those that every output has, those of rewrites, and
    its gauges.

    >>> from pathlib import Path
    >>> [figure.name for figure in list_sort_figures(OutputPairs(Path("out"), (), (), {}))]
    ['realized', 'tokens']
    """
    measures = (figure for figure in _MEASURES if figure.name in pairs.measure_names)
    return [*_COMMON_FIGURES, *measures, *map(_describe_gauge, pairs.gauge_names)]


def _describe_gauge(name: str) -> SortFigure:
    """A gauge; of one whose plugin is not installed any more, high values are taken for the better ones."""
    gauge = GAUGES.get(name)
    if gauge is None:
        return SortFigure(name, True)
    best = 0.0 if not gauge.higher_is_better else 1.0 if gauge.is_share else None
    return SortFigure(name, gauge.higher_is_better, gauge.summary, best, gauge.compared, gauge.fine)


def compute_means(pairs: OutputPairs) -> dict[str, float | None]:
    """The mean of each figure over the pairs to which it applies; None where there is none.

    >>> from pathlib import Path
    >>> figures = (PairFigures(0, "a", 9, 4, 0.4, gauges={"code": 0.5}), PairFigures(1, "b", 7, 3, 0.4))
    >>> compute_means(OutputPairs(Path("out"), (), figures, {}))
    {'realized': 0.4, 'tokens': 8.0, 'code': 0.5}
    """
    valued: dict[str, list[float]] = {}
    for figures in pairs.figures:
        for name, value in list_values(figures).items():
            valued.setdefault(name, []).extend([] if value is None else [value])
    return {name: fmean(values) if values else None for name, values in valued.items()}


def order_pairs(pairs: OutputPairs, name: str = "", best: bool = False) -> list[PairFigures]:
    """The pairs in the order in which they are looked at.

    Args:
        pairs: an opened output.
        name: the figure by which they are sorted, one of `list_sort_figures`: the worst first, without pairs
            to which it does not apply. The worst "realized" is the lowest, the worst "tokens" the longest original. ""
            gives a sample: the original of median length, then those at the quarters, the eighths and so on.
        best: the other way round.

    Raises:
        OptionError: there is no such figure, or it applies to no pair.

    >>> from pathlib import Path
    >>> figures = tuple(PairFigures(row, f"t{row}", 10, kept, kept / 10) for row, kept in enumerate((5, 2, 9)))
    >>> [entry.id for entry in order_pairs(OutputPairs(Path("out"), (), figures, {}), "realized")]
    ['t1', 't0', 't2']
    """
    if not name:
        by_length = sorted(pairs.figures, key=lambda figures: (figures.tokens_original, figures.row))
        return [by_length[place] for place in order_by_bisection(len(by_length))]
    known = {figure.name: figure for figure in list_sort_figures(pairs)}
    if name not in known:
        raise build_unknown_name_error("figure of this output", name, known)
    valued = [(value, figures) for figures in pairs.figures if (value := known[name].read(figures)) is not None]
    if not valued:
        raise OptionError(f"The figure '{name}' applies to no trace of this output.", "Sort by another one.")
    sign = 1 if known[name].low_is_worse != best else -1
    return [figures for _, figures in sorted(valued, key=lambda entry: (sign * entry[0], entry[1].row))]


def find_pairs(pairs: OutputPairs, ids: Sequence[str]) -> list[PairFigures]:
    """The pairs with these ids, in that order.

    Raises:
        OptionError: there is no such id; the nearest one is named.

    >>> from pathlib import Path
    >>> find_pairs(OutputPairs(Path("out"), (), (PairFigures(0, "t1", 10, 5, 0.5),), {}), ["t2"])
    Traceback (most recent call last):
    cotpress.errors.OptionError: There is no trace 't2' in out. Did you mean 't1'? cotpress show out --list names them.
    """
    by_id = {figures.id: figures for figures in pairs.figures}
    for trace_id in ids:
        if trace_id not in by_id:
            raise _build_unknown_id_error(trace_id, pairs)
    return [by_id[trace_id] for trace_id in ids]


def _build_unknown_id_error(received: str, pairs: OutputPairs) -> OptionError:
    ids = [figures.id for figures in pairs.figures]
    holding = [trace_id for trace_id in ids if received in trace_id]
    likely = sorted(holding or ids, key=lambda trace_id: abs(len(trace_id) - len(received)))[:_MAX_COMPARED]
    close = difflib.get_close_matches(received, likely, n=1, cutoff=0.0 if holding else 0.5)
    guess = f"Did you mean '{close[0]}'? " if close else ""
    return OptionError(
        f"There is no trace '{received}' in {pairs.folder}.", f"{guess}cotpress show {pairs.folder} --list names them."
    )
