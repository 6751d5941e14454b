"""A pruning method: every choice but the budget and the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cotpress.criteria import CRITERIA, REDUCTIONS, Criterion, get_criterion
from cotpress.criteria.registry import CriterionFunction
from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.pruning.protection import PROTECTIONS, SOFT_PROTECTIONS, Protection, check_protections
from cotpress.pruning.user_patterns import check_patterns
from cotpress.source_hash import hash_source
from cotpress.text import FORMULA_MODES, STEP_MODES

GRANULARITIES = ("step", "token")
AUTO_REDUCTION = "auto"


@dataclass(frozen=True, slots=True)
class Method:
    """How a pruner chooses: everything but the budget and the model. All fields are plain text and numbers.

    Args:
        criterion: a name (`cotpress criteria` lists them), "module:function", a function of `Evidence`, or a
            `Criterion`. The name is what is stored: worker processes find a function that can be imported.
        granularity: "step" deletes whole steps, "token" single units: words, numbers, operators, LaTeX commands.
        protect: names of protections, or functions of a trace and its segmentation. "symbols-first" gives way to the
            budget: where a criterion reads a model's signals, it puts symbols before words.
        patterns: regular expressions; what they match is kept.
        steps: how the reasoning is cut into steps: a name of STEP_MODES.
        reduction: how token values become a segment's: a name of REDUCTIONS, or "auto" for what the criterion's source
            does (a mean for nll, a sum for entropy).
        fill: whether later segments that still fit are kept, too. Smaller budgets then nest no longer in larger ones.
        seed: of the random criteria and of mixed budgets, 0 or more.
        drop_restatements: whether steps that state the answer before its final statement are removed from what the
            budget keeps: a control for what a student learns from the answer alone.
        formulas: at token granularity, whether formulas stay or go "whole", or are pruned "inside".

    Raises:
        OptionError: on construction, for a value of the wrong type, a name that does not exist, or a pattern that does
            not compile.

    >>> Method("random", "token", protect=["symbols"]).protect
    ('symbols',)
    >>> Method(granularity="word")
    Traceback (most recent call last):
    cotpress.errors.OptionError: There is no granularity 'word'. Known: step, token.
    """

    criterion: str | CriterionFunction | Criterion = "backbone"
    granularity: str = "step"
    protect: Sequence[str | Protection] = ("answer", "symbols-first")
    patterns: Sequence[str] = ()
    steps: str = "auto"
    reduction: str = AUTO_REDUCTION
    fill: bool = False
    seed: int = 0
    drop_restatements: bool = False
    formulas: str = "whole"

    def __post_init__(self) -> None:
        self._store("criterion", _name_entry(CRITERIA, self.criterion, "criterion"))
        for name, example in (("protect", "answer"), ("patterns", "[0-9]+")):
            self._store(name, _check_texts(name, getattr(self, name), example))
        self._store("protect", tuple(_name_entry(PROTECTIONS, entry, "protection") for entry in self.protect))
        get_criterion(str(self.criterion))
        check_protections(self.protection_names)
        check_patterns(self.patterns)
        for kind, name, allowed in (
            ("granularity", self.granularity, GRANULARITIES),
            ("step mode", self.steps, STEP_MODES),
            ("reduction", self.reduction, (AUTO_REDUCTION, *REDUCTIONS)),
            ("way to prune formulas", self.formulas, FORMULA_MODES),
        ):
            if not isinstance(name, str) or name not in allowed:
                raise build_unknown_name_error(kind, str(name), allowed)
        for name in ("fill", "drop_restatements"):
            if not isinstance(given := getattr(self, name), bool):
                raise OptionError(f"{name}={given!r} is neither true nor false.", f"Give {name}=True or {name}=False.")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or self.seed < 0:
            raise OptionError(f"The seed {self.seed!r} is no whole number from 0 on.", "Give one, such as seed=0.")

    @property
    def resolved_criterion(self) -> Criterion:
        """The criterion that the name means."""
        return get_criterion(str(self.criterion))

    @property
    def resolved_reduction(self) -> str:
        """The reduction by its own name: the criterion's where none was chosen."""
        return self.resolved_criterion.reduction if self.reduction == AUTO_REDUCTION else self.reduction

    @property
    def key(self) -> dict[str, Any]:
        """What outcomes depend on besides the fields: JSON-able versions and source texts of what the names mean."""
        protections = {name: hash_source(PROTECTIONS.get_entry(name)) for name in self.protection_names}
        return {
            "criterion": self.resolved_criterion.key,
            "reduction": self.resolved_reduction,
            "protections": protections,
        }

    @property
    def protection_names(self) -> tuple[str, ...]:
        """The protections by their names."""
        return tuple(str(name) for name in self.protect)

    @property
    def strict_protections(self) -> tuple[str, ...]:
        """Those that keep what they mark whatever the budget."""
        return tuple(name for name in self.protection_names if name not in SOFT_PROTECTIONS)

    @property
    def puts_symbols_first(self) -> bool:
        """Whether symbols come before words: at token granularity, where a model's signals decide.

        To a model symbols are no surprise, so by its signals alone they go first. Other criteria are left alone: chance
        stays chance, truncation stays truncation, and the backbone tells symbols from words itself.
        """
        by_signal = self.granularity == "token" and bool(self.resolved_criterion.needs)
        return by_signal and "symbols-first" in self.protection_names

    def _store(self, field: str, value: Any) -> None:
        object.__setattr__(self, field, value)


def _name_entry(registry: Any, given: Any, kind: str) -> str:
    if isinstance(given, str):
        return given
    if not callable(getattr(given, "function", given)):
        raise OptionError(f"The {kind} is {given!r}, a {type(given).__name__}.", f"Give the name of a {kind}.")
    name: str = registry.name_object(given)
    return name


def _check_texts(name: str, given: Any, example: str) -> tuple[Any, ...]:
    if isinstance(given, str):
        raise OptionError(f"{name}='{given}' is one text.", f"Give a tuple of texts: {name}=('{given}',).")
    allowed = isinstance(given, Sequence) and all(
        isinstance(value, str) or (name == "protect" and callable(value)) for value in given
    )
    if not allowed:
        raise OptionError(f"{name}={given!r} is no list of texts.", f"Give a tuple of texts: {name}=('{example}',).")
    return tuple(given)
