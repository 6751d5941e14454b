"""The gauges by name. A new one is a decorated function in any file of this package, or comes with a plugin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from cotpress.errors import OptionError
from cotpress.gauges.text_pair import TextPair
from cotpress.registry import Registry, first_line

GaugeFunction = Callable[[TextPair], float | None]
"""Gives one figure of a compressed text against its original; None where the figure means nothing for the pair."""

COLUMN_PREFIX: Final = "gauge_"  # of the columns of traces.parquet


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure of a compressed text, and what is said of a run where it is bad.

    Args:
        name: as it is written in summaries and, after "gauge_", in column names.
        function: gives the figure of a pair of texts, None where it does not apply.
        higher_is_better: the direction.
        is_share: whether the figure is a share, 0..1; otherwise it is a count for each trace.
        bound: the worst mean over a run that is no reason for a warning; None for no bound.
        fine: a mean that is good enough whatever random pruning has; None where the comparison always counts.
        compared: whether a run is warned of when the figure is worse than that of random pruning.
        of_original: whether the figure says something of an original by itself, not only what is kept of it.
        fault: what is wrong where it is bad: a clause with {value} and, for the comparison, {random} in it.
        remedies: what to try then, the best first: options as they are typed, or a few words. A pruning run is told of
            "another level" never, a rewriting run of nothing that only pruning has.
    """

    name: str
    function: GaugeFunction
    higher_is_better: bool = True
    is_share: bool = True
    bound: float | None = None
    fine: float | None = None
    compared: bool = True
    of_original: bool = False
    fault: str = ""
    remedies: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The first line of the function's docstring: what the figure means."""
        return first_line(self.function)

    @property
    def column(self) -> str:
        """The column of `traces.parquet` that holds the figure."""
        return f"{COLUMN_PREFIX}{self.name}"


def _adapt_gauge(name: str, given: Any) -> Gauge:
    if isinstance(given, Gauge):
        return replace(given, name=name)
    if callable(given) and not isinstance(given, type):
        declared = (gauge for gauge in GAUGES.values() if gauge.function is given)
        return replace(next(declared, Gauge("", given)), name=name)
    raise OptionError(f"The gauge '{name}' is a {type(given).__name__}.", "Give a function of a TextPair, or a Gauge.")


GAUGES: Final[Registry[Gauge]] = Registry("gauge", "cotpress.gauges", "cotpress.gauges", _adapt_gauge)


def register_gauge(name: str, **about: Any) -> Callable[[GaugeFunction], GaugeFunction]:
    """A decorator that adds a function to the gauges; the function itself stays as it is.

    Args:
        name: letters, digits and underscores.
        about: fields of `Gauge`: direction, bound and what is said where the figure is bad.

    >>> decorate = register_gauge("exclamations", higher_is_better=False, is_share=False)  # @decorate adds a function
    """

    def add(function: GaugeFunction) -> GaugeFunction:
        GAUGES.add(name, Gauge(name, function, **about))
        return function

    return add
