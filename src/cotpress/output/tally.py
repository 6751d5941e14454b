"""The counts of a run: of one part, of all parts together, and as the summary that users read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cotpress.types import Compressed, Rejected


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows in = `compressed` + `rejected`. Tokens are of the reasoning of compressed traces.

    `ratio_sum` adds up realized ratios, `shortfall_sum` how far each stayed below its target.
    """

    compressed: int = 0
    rejected: int = 0
    tokens_original: int = 0
    tokens_kept: int = 0
    ratio_sum: float = 0.0
    shortfall_sum: float = 0.0
    flags: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows accounted for."""
        return self.compressed + self.rejected

    @classmethod
    def of(cls, outcomes: Iterable[Compressed | Rejected]) -> Tally:
        """Count the outcomes of some rows."""
        kept: list[Compressed] = []
        reasons: Counter[str] = Counter()
        for one in outcomes:
            if isinstance(one, Rejected):
                reasons[one.reason] += 1
            else:
                kept.append(one)
        return cls(
            compressed=len(kept),
            rejected=reasons.total(),
            tokens_original=sum(one.tokens_original for one in kept),
            tokens_kept=sum(one.tokens_kept for one in kept),
            ratio_sum=sum(one.realized_ratio for one in kept),
            shortfall_sum=sum(max(0.0, (one.target_ratio or 0.0) - one.realized_ratio) for one in kept),
            flags=dict(Counter(flag for one in kept for flag in one.flags)),
            reasons=dict(reasons),
        )

    def __add__(self, other: Tally) -> Tally:
        ours, theirs = asdict(self), asdict(other)
        return Tally(**{name: _added(ours[name], theirs[name]) for name in ours})

    def figures(self) -> dict[str, Any]:
        """The counts and ratios of a summary; ratios are None where nothing was compressed."""
        return {
            "traces": self.rows,
            "compressed": self.compressed,
            "rejected": self.rejected,
            "tokens_original": self.tokens_original,
            "tokens_kept": self.tokens_kept,
            "realized_ratio": _ratio(self.tokens_kept, self.tokens_original),
            "mean_realized_ratio": _ratio(self.ratio_sum, self.compressed),
            "mean_shortfall": _ratio(self.shortfall_sum, self.compressed),
            "flags": dict(sorted(self.flags.items())),
            "rejected_reasons": dict(sorted(self.reasons.items())),
        }


def total(tallies: Sequence[Tally]) -> Tally:
    """All tallies added up."""
    return sum(tallies, Tally())


def _added(one: Any, other: Any) -> Any:
    return dict(Counter(one) + Counter(other)) if isinstance(one, dict) else one + other


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None
