"""The counts of a run: of one part, of all parts together, and as the summary that users read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cotpress.pipeline.output.gauge_sums import compute_gauge_means, find_gauge_faults, sum_gauges
from cotpress.types import Compressed, ModelCall, Rejected


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """Rows in = `compressed` + `rejected`. Tokens are of the reasoning of compressed traces.

    `ratio_sum` adds up realized ratios, `shortfall_sum` how far each stayed below its target; `measures` adds
    up each figure of rewrites, `calls` what language models were asked for all rows together, `gauges` what the means
    of gauges are made of (`gauge_sums.py`), `conversations` the rows that hold several traces.
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
    gauges: dict[str, float] = field(default_factory=dict)
    conversations: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows accounted for."""
        return self.compressed + self.rejected

    @classmethod
    def from_outcomes(cls, outcomes: Iterable[Compressed | Rejected]) -> OutcomeCounts:
        """Count the outcomes of some rows."""
        kept: list[Compressed] = []
        reasons: Counter[str] = Counter()
        calls: list[ModelCall] = []
        counted = list(outcomes)
        for outcome in counted:
            calls += outcome.calls
            if isinstance(outcome, Rejected):
                reasons[outcome.reason] += 1
            else:
                kept.append(outcome)
        return cls(
            compressed=len(kept),
            rejected=reasons.total(),
            tokens_original=sum(outcome.tokens_original for outcome in kept),
            tokens_kept=sum(outcome.tokens_kept for outcome in kept),
            ratio_sum=sum(outcome.realized_ratio for outcome in kept),
            shortfall_sum=sum(max(0.0, (outcome.target_ratio or 0.0) - outcome.realized_ratio) for outcome in kept),
            flags=dict(Counter(flag for outcome in kept for flag in outcome.flags)),
            measures=_sum_by_name((name, value) for outcome in kept for name, value in outcome.measures.items()),
            calls=_count_calls(calls) if calls else {},
            reasons=dict(reasons),
            gauges=sum_gauges(kept),
            conversations=_count_conversations(counted),
        )

    def __add__(self, other: OutcomeCounts) -> OutcomeCounts:
        ours, theirs = asdict(self), asdict(other)
        return OutcomeCounts(**{name: _add_values(ours[name], theirs[name]) for name in ours})

    def _compute_means(self) -> dict[str, float]:
        return {name: round(value / self.compressed, 6) for name, value in self.measures.items()}

    def to_summary(self, method: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The counts and ratios of a summary; ratios are None where nothing was compressed.

        `method` is what the run did, as JSON-able data: what its warnings advise is something else.
        """
        return {
            "traces": self.rows,
            "compressed": self.compressed,
            "rejected": self.rejected,
            "tokens_original": self.tokens_original,
            "tokens_kept": self.tokens_kept,
            "realized_ratio": _compute_ratio(self.tokens_kept, self.tokens_original),
            "mean_realized_ratio": _compute_ratio(self.ratio_sum, self.compressed),
            "mean_shortfall": _compute_ratio(self.shortfall_sum, self.compressed),
            **({"measures": self._compute_means()} if self.measures else {}),
            **({"calls": self.calls} if self.calls else {}),
            **({"conversations": self.conversations} if self.conversations else {}),
            "flags": dict(sorted(self.flags.items())),
            "rejected_reasons": dict(sorted(self.reasons.items())),
            **({"gauges": compute_gauge_means(self.gauges)} if self.gauges else {}),
            "warnings": find_gauge_faults(self.gauges, method),
        }


def _count_conversations(outcomes: Iterable[Compressed | Rejected]) -> dict[str, int]:
    """Rows with several traces, their turns, and how many rows were compressed whole, partly or not at all."""
    turns: dict[str, list[bool]] = {}
    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            row_id = outcome.conversation
        else:
            origin = outcome.trace.origin
            row_id = origin.row_id if origin and origin.turns > 1 else None
        if row_id is not None:
            turns.setdefault(row_id, []).append(isinstance(outcome, Compressed))
    if not turns:
        return {}
    whole, none = sum(map(all, turns.values())), sum(not any(done) for done in turns.values())
    return {
        "read": len(turns),
        "turns": sum(map(len, turns.values())),
        "compressed": whole,
        "partly": len(turns) - whole - none,
        "rejected": none,
    }


def _count_calls(calls: Sequence[ModelCall]) -> dict[str, float]:
    return {
        "asked": len(calls),
        "cached": sum(call.cached for call in calls),
        "failed_checks": sum(call.verdict != "ok" for call in calls),
        "prompt_tokens": sum(call.prompt_tokens for call in calls),
        "completion_tokens": sum(call.completion_tokens for call in calls),
        **_sum_costs(calls),
    }


def _sum_costs(calls: Sequence[ModelCall]) -> dict[str, float]:
    """US dollars of all answers, and of those that were not in the cache; nothing where no prices are known."""
    known = [(call.cost, call.cached) for call in calls if call.cost is not None]
    paid = sum(cost for cost, cached in known if not cached)
    return {"cost": sum(cost for cost, _ in known), "cost_not_cached": paid} if known else {}


def _sum_by_name(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for name, value in pairs:
        sums[name] = sums.get(name, 0) + value
    return sums


def sum_counts(counts: Sequence[OutcomeCounts]) -> OutcomeCounts:
    """All counts added up.

    >>> sum_counts([OutcomeCounts(compressed=2), OutcomeCounts(compressed=1, rejected=1)]).rows
    4
    """
    return sum(counts, OutcomeCounts())


def _add_values(value: Any, other: Any) -> Any:
    return _sum_by_name([*value.items(), *other.items()]) if isinstance(value, dict) else value + other


def _compute_ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None
