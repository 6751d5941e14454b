"""The criteria by name. A new one is a decorated function in any file of this package, or comes with a plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

import numpy as np

from cotpress.criteria.evidence import REDUCTIONS, Evidence
from cotpress.criteria.order import Order, find_coverage_fault, find_importance_fault, find_order_fault
from cotpress.deprecation import rename_fields, rename_parameters
from cotpress.errors import CotpressError, ModelError, OptionError, build_unknown_name_error, describe_failure
from cotpress.registry import Registry, first_line
from cotpress.source_hash import hash_source
from cotpress.types import FloatArray

CriterionFunction = Callable[[Evidence], FloatArray | Order]


@rename_fields(source="published_in")
@dataclass(frozen=True, slots=True)
class Criterion:
    """What decides which segments of a trace are kept.

    Args:
        name: as users type it.
        function: gives the importance of each segment, [n], higher = keep; or an `Order` of all of them.
        published_in: where the method was published.
        needs: the names of the signals that it reads; empty for none.
        version: raised when it ranks otherwise than before for the same input.
        reduction: how its source makes a segment's value of token values: a name of REDUCTIONS.
        seeded: whether it draws at random, by the seed of the evidence.
        gives_coverage: whether it knows what the answer rests on, so that `--keep auto` can stop where that is kept.
            It then gives an `Order` whose importance of a segment is 1 - (the share of what is needed that the segments
            before it cover), in 0..1 and comparable between traces.

    Raises:
        OptionError: on construction, for a reduction that does not exist or needs that are one text.
    """

    name: str
    function: CriterionFunction
    published_in: str = ""
    needs: frozenset[str] = frozenset()
    version: int = 1
    reduction: str = "mean"
    seeded: bool = False
    gives_coverage: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", _check_needs(self.needs))
        if self.reduction not in REDUCTIONS:
            raise build_unknown_name_error("reduction", str(self.reduction), REDUCTIONS)

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return first_line(self.function)

    @property
    def key(self) -> list[Any]:
        """What rankings by this criterion depend on besides the evidence: JSON-able, for content keys.

        The source text of the function's module is in it, so that a changed criterion is never taken for what it was.
        """
        return [self.name, self.version, hash_source(self.function)]

    def rank(self, evidence: Evidence) -> Order:
        """The order of deletion of a trace's segments.

        Raises:
            ModelError: the function gave neither sound importances nor a sound order, or lacks a signal.
        """
        count = len(evidence)
        try:
            given = self.function(evidence)
        except CotpressError:
            raise
        except Exception as error:  # whatever somebody's function raises
            why = describe_failure(error)
            raise ModelError(f"The criterion '{self.name}' failed on trace '{evidence.trace.id}' ({why}).") from error
        fault = self._find_fault(given, count)
        if fault:
            raise ModelError(
                f"The criterion '{self.name}' failed on trace '{evidence.trace.id}': {fault}.",
                "It gives one finite number a segment, or an Order of all segments.",
            )
        return given if isinstance(given, Order) else Order.from_importance(np.asarray(given).astype(np.float64))

    def _find_fault(self, given: FloatArray | Order, count: int) -> str:
        """What is wrong with what the function gave, in a few words; "" where it is sound."""
        importance = given.importance if isinstance(given, Order) else np.asarray(given)
        fault = (
            find_order_fault(given, count)
            if isinstance(given, Order)
            else find_importance_fault(np.asarray(given), count)
        )
        if fault or not self.gives_coverage:
            return fault
        return find_coverage_fault(importance)


def _check_needs(needs: Iterable[str]) -> frozenset[str]:
    if isinstance(needs, str):
        raise OptionError(f"needs='{needs}' is one text.", f"Give a set of names: needs={{'{needs}'}}.")
    return frozenset(needs)


def _adapt_criterion(name: str, given: Any) -> Criterion:
    if isinstance(given, Criterion):
        return given
    if callable(given) and not isinstance(given, type):
        # A decorated function brings along what its decorator says, such as the signals that it reads.
        declared = (criterion for criterion in CRITERIA.values() if criterion.function is given)
        return replace(next(declared, Criterion("", given)), name=name)
    raise OptionError(
        f"The criterion '{name}' is a {type(given).__name__}.", "Give a function of Evidence, or a Criterion."
    )


CRITERIA: Registry[Criterion] = Registry("criterion", "cotpress.criteria", "cotpress.criteria", _adapt_criterion)


class CriterionFields(TypedDict, total=False):
    """What `register_criterion` takes beside the name: the other fields of `Criterion`, and what they mean there."""

    published_in: str
    needs: Iterable[str]
    version: int
    reduction: str
    seeded: bool
    gives_coverage: bool


@rename_parameters(source="published_in")
def register_criterion(name: str, **about: Unpack[CriterionFields]) -> Callable[[CriterionFunction], CriterionFunction]:
    """A decorator that adds a function to the criteria; the function itself stays as it is.

    Args:
        name: as users type it.
        about: the other fields of `Criterion`: published_in, needs, version, reduction, seeded, gives_coverage.

    >>> decorate = register_criterion("alternate", published_in="an example")  # @decorate above a function adds it
    """

    def add(function: CriterionFunction) -> CriterionFunction:
        fields: dict[str, Any] = dict(about)
        CRITERIA.add(name, Criterion(name, function, **fields))
        return function

    return add


def get_criterion(name: str) -> Criterion:
    """The criterion of that name, or the one that "module:function" means.

    Raises:
        OptionError: there is none; the nearest name is offered.

    >>> get_criterion("entropy").needs
    frozenset({'entropy'})
    """
    return CRITERIA.get_entry(name)
