"""A pruning method: every choice but the budget and the model."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.criteria import REDUCTIONS, get_criterion
from cotpress.errors import OptionError, unknown_name
from cotpress.prune.protect import check_protections, compile_patterns
from cotpress.segment import STEP_MODES

GRANULARITIES = ("step", "token")


@dataclass(frozen=True, slots=True)
class Method:
    """How a pruner chooses: everything but the budget and the model.

    Raises:
        OptionError: on construction, for a name that does not exist or a pattern that does not compile.
    """

    criterion: str = "nll"
    granularity: str = "step"
    protect: tuple[str, ...] = ("answer",)
    patterns: tuple[str, ...] = ()
    steps: str = "auto"
    reduction: str = "mean"
    fill: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        get_criterion(self.criterion)
        for name, value in (("protect", self.protect), ("patterns", self.patterns)):
            if isinstance(value, str):
                raise OptionError(f"{name}='{value}' is one text.", f"Give a tuple of texts: {name}=('{value}',).")
        check_protections(self.protect)
        compile_patterns(self.patterns)
        for kind, name, allowed in (
            ("granularity", self.granularity, GRANULARITIES),
            ("step mode", self.steps, STEP_MODES),
            ("reduction", self.reduction, REDUCTIONS),
        ):
            if name not in allowed:
                raise unknown_name(kind, name, allowed)
        if self.seed < 0:
            raise OptionError(f"The seed {self.seed} is negative.", "Give 0 or a positive whole number.")
