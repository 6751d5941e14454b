"""Nothing is calculated from a number that the original works out and the rewrite does not."""

from __future__ import annotations

from cotpress.backbone.calculations import TAKEN, find_derived_numbers, find_missing_operands, list_number_uses
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check

MAX_MISSING_SHARE = 0.1  # of the worked-out numbers that a rewrite calculates with
_MAX_LISTED = 5


@register_check("operands-kept")
def operands_kept(draft: Draft) -> str | None:
    """Fails where a step is left of which an operand comes from nowhere: "8 - 1 = 7" without "4 * 2 = 8"."""
    derived = find_derived_numbers(draft.trace.reasoning, draft.trace.question)
    missing = find_missing_operands(draft.text, derived)
    if not missing:
        return None
    taken = {number for number, use in list_number_uses(draft.text) if use == TAKEN and number in derived}
    if len(missing) <= MAX_MISSING_SHARE * len(taken):
        return None
    return f"It calculates with numbers that it does not work out: {', '.join(missing[:_MAX_LISTED])}."
