"""How well a trace suits a student before any training: the rank-surprisal ratio, lower is better.

Yang et al., "Which Reasoning Trajectories Teach Students to Reason Better? A Simple Metric of Informative Alignment"
(arXiv 2601.14249): the ratio of a trajectory's average token rank to its average surprisal (negative log-likelihood)
under the student. Ranks are clipped at 100, as in the authors' code (github.com/UmeanNever/RankSurprisalRatio,
`rank_clip_r`), which also gives the ratio of a set: its mean rank over its mean surprisal, traces counted alike.

A trajectory is what the student would be trained to write: the reasoning with its think tags, if the source had some,
and the answer after it. A trace that is longer than the student's context is read in windows (`signals/causal_lm.py`);
the authors' code can cut it off instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cotpress.export import ExampleStyle, build_example
from cotpress.types import Compressed, Signals, Trace


@dataclass(frozen=True, slots=True)
class RankSurprisal:
    """Of the tokens of a trajectory: how many, the sum of their ranks (each 1 to 100), of their surprisals in nats."""

    tokens: int
    ranks: float
    surprisals: float

    @property
    def rank(self) -> float | None:
        """The average rank; None of no token."""
        return self.ranks / self.tokens if self.tokens else None

    @property
    def surprisal(self) -> float | None:
        """The average surprisal in nats; None of no token."""
        return self.surprisals / self.tokens if self.tokens else None

    @property
    def ratio(self) -> float | None:
        """The rank-surprisal ratio; None where nothing surprises the student.

        >>> RankSurprisal(4, 10.0, 5.0).ratio
        2.0
        """
        return self.ranks / self.surprisals if self.surprisals > 0 else None

    def __add__(self, other: RankSurprisal) -> RankSurprisal:
        """Two parts of one trajectory, such as turns of a conversation."""
        return RankSurprisal(self.tokens + other.tokens, self.ranks + other.ranks, self.surprisals + other.surprisals)


def build_trajectory(trace: Trace) -> Trace:
    """The trace whose reasoning is all that a student would be trained to write.

    >>> build_trajectory(Trace("1", "2+3?", "2+3=5.", "It is 5.", tagged=True)).reasoning
    '<think>\\n2+3=5.\\n</think>\\n\\nIt is 5.'
    """
    whole = Compressed(trace, trace.reasoning, None, 1, 1, None)
    return replace(trace, reasoning=build_example(whole, ExampleStyle()).completion, answer="")


def sum_rank_surprisal(signals: Signals) -> RankSurprisal:
    """The sums over a trajectory's "rank" and "nll".

    >>> import numpy as np
    >>> values = {"rank": np.array([1.0, 7.0]), "nll": np.array([0.5, 1.5])}
    >>> sum_rank_surprisal(Signals(np.zeros((2, 2), np.int64), values)).ratio
    4.0
    """
    return RankSurprisal(len(signals), float(signals.values["rank"].sum()), float(signals.values["nll"].sum()))


@dataclass(slots=True)
class RankSurprisalMeans:
    """Running means over trajectories, each counted alike; their ratio is that of the set.

    >>> means = RankSurprisalMeans()
    >>> for one in (RankSurprisal(1, 2.0, 1.0), RankSurprisal(10, 40.0, 10.0)):
    ...     means.add(one)
    >>> means.to_dict()
    {'traces': 2, 'ratio': 3.0, 'rank': 3.0, 'surprisal': 1.0}
    """

    traces: int = 0
    ranks: float = 0.0
    surprisals: float = 0.0

    def add(self, one: RankSurprisal) -> None:
        """Count a trajectory in; one without a ratio is left out."""
        if one.ratio is not None:
            self.traces += 1
            self.ranks += one.ranks / one.tokens
            self.surprisals += one.surprisals / one.tokens

    def to_dict(self) -> dict[str, float]:
        """The number of trajectories, and where there are some the ratio of the set and both means."""
        if not self.traces:
            return {"traces": 0}
        means = {"rank": self.ranks / self.traces, "surprisal": self.surprisals / self.traces}
        rounded = {name: round(value, 6) for name, value in means.items()}
        return {"traces": self.traces, "ratio": round(self.ranks / self.surprisals, 6), **rounded}
