"""The counts of a run: of one part, of all parts together, and as the summary that users read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cotpress.types import Call, Compressed, Rejected


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows in = `compressed` + `rejected`. Tokens are of the reasoning of compressed traces.

    `ratio_sum` adds up realized ratios, `shortfall_sum` how far each stayed below its target; `measures` adds
    up each figure of rewrites, `calls` what language models were asked for all rows together.
    """

    compressed: int = 0
    rejected: int = 0
    tokens_original: int = 0
    tokens_kept: int = 0
    ratio_sum: float = 0.0
    shortfall_sum: float = 0.0
    flags: dict[str, int] = field(default_factory=dict)
    measures: dict[str, float] = field(default_factory=dict)
    calls: dict[str, float] = field(default_factory=dict)
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
        calls: list[Call] = []
        for one in outcomes:
            calls += one.calls
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
            measures=_sums((name, value) for one in kept for name, value in one.measures.items()),
            calls=_called(calls) if calls else {},
            reasons=dict(reasons),
        )

    def __add__(self, other: Tally) -> Tally:
        ours, theirs = asdict(self), asdict(other)
        return Tally(**{name: _added(ours[name], theirs[name]) for name in ours})

    def _means(self) -> dict[str, float]:
        return {name: round(value / self.compressed, 6) for name, value in self.measures.items()}

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
            **({"measures": self._means()} if self.measures else {}),
            **({"calls": self.calls} if self.calls else {}),
            "flags": dict(sorted(self.flags.items())),
            "rejected_reasons": dict(sorted(self.reasons.items())),
        }


def _called(calls: Sequence[Call]) -> dict[str, float]:
    return {
        "asked": len(calls),
        "cached": sum(call.cached for call in calls),
        "failed_checks": sum(call.verdict != "ok" for call in calls),
        "prompt_tokens": sum(call.prompt_tokens for call in calls),
        "completion_tokens": sum(call.completion_tokens for call in calls),
        **_costs(calls),
    }


def _costs(calls: Sequence[Call]) -> dict[str, float]:
    """US dollars of all answers, and of those that were not in the cache; nothing where no prices are known."""
    known = [(call.cost, call.cached) for call in calls if call.cost is not None]
    paid = sum(cost for cost, cached in known if not cached)
    return {"cost": sum(cost for cost, _ in known), "cost_not_cached": paid} if known else {}


def _sums(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for name, value in pairs:
        sums[name] = sums.get(name, 0) + value
    return sums


def total(tallies: Sequence[Tally]) -> Tally:
    """All tallies added up."""
    return sum(tallies, Tally())


def _added(one: Any, other: Any) -> Any:
    return _sums([*one.items(), *other.items()]) if isinstance(one, dict) else one + other


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None
