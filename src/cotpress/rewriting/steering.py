"""How a rewriter is held to its level and its budget."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.errors import OptionError, unknown_name

FALLBACKS = ("best", "reject", "keep-original", "prune")


@dataclass(frozen=True, slots=True)
class Steering:
    """How often a writer is asked, what is near enough, and what happens when nothing is.

    A draft whose realized ratio is within `tolerance` x target of the target is near enough. After `tries`
    drafts, `fallback` decides: "best" keeps the draft nearest to the budget that passed every check and
    rejects the trace where none did; "reject" rejects it; "keep-original" keeps the reasoning as it was;
    "prune" prunes it to the budget.

    Raises:
        OptionError: on construction, for values out of range.
    """

    tries: int = 3
    tolerance: float = 0.2
    fallback: str = "best"

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise OptionError(f"tries is {self.tries}.", "Give 1 or more.")
        if not 0 <= self.tolerance < 1:
            raise OptionError(
                f"The tolerance {self.tolerance} is out of range.",
                "It is a fraction of the target, at least 0 and below 1.",
            )
        if self.fallback not in FALLBACKS:
            raise unknown_name("fallback", self.fallback, FALLBACKS)

    def near(self, realized: float, target: float | None) -> bool:
        """Whether a realized ratio is near enough to the target; any is where there is no target."""
        return target is None or abs(realized - target) <= self.tolerance * target
