"""What a writer is told, how often it is asked, and what happens when no draft is good enough."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.rewriting.hints import NO_HINT, check_hint

FALLBACKS = ("best", "reject", "keep-original", "prune")


@dataclass(frozen=True, slots=True)
class RewritePolicy:
    """How often a writer is asked and what it is told, which ratio is near enough, and what happens when no draft is.

    Args:
        tries: the most drafts of one trace.
        tolerance: a fraction of the target. A draft is near enough where its realized ratio differs from the target
            by at most tolerance x target.
        fallback: what happens after the last draft. "best" keeps the draft nearest to the budget that passed every
            check, and rejects the trace where none did; "reject" rejects the trace; "keep-original" keeps its
            reasoning as it was; "prune" prunes it to the budget.
        hint: what a language model is told beside the trace: "none", or "backbone" for the facts that must survive.

    Raises:
        OptionError: on construction, for values out of range.
    """

    tries: int = 3
    tolerance: float = 0.2
    fallback: str = "best"
    hint: str = NO_HINT

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise OptionError(f"tries is {self.tries}.", "Give 1 or more.")
        if not 0 <= self.tolerance < 1:
            raise OptionError(
                f"The tolerance {self.tolerance} is out of range.",
                "It is a fraction of the target, at least 0 and below 1.",
            )
        if self.fallback not in FALLBACKS:
            raise build_unknown_name_error("fallback", self.fallback, FALLBACKS)
        check_hint(self.hint)

    def is_within_tolerance(self, realized: float, target: float | None) -> bool:
        """Whether a realized ratio is near enough to the target; without a target every ratio is."""
        return target is None or abs(realized - target) <= self.tolerance * target
