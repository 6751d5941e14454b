"""Long traces of the micro world beside real ones: how long steps are, how they doubt, repeat and take back.

    python benchmarks/world_statistics.py --data ../shared/data [--traces 200]

Steps are those of the mode auto. CV: the standard deviation of the words of a step over their mean, over all steps, and
within a trace (the mean over traces). Runs: reflective steps in a row. Taking back: as
`cotpress.text.retractions` finds it. Of the world's traces, whose truth is known, also how far the words that drop a
mistaken attempt are from it. Intervals are 95% bootstrap intervals over traces (1,000 resamples).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np

from cotpress import Trace, read
from cotpress.text import segment
from cotpress.text.markers import is_reflective
from cotpress.text.near_duplicates import find_near_duplicates
from cotpress.text.retractions import takes_back
from cotpress.world import ReasoningRole, WorldTrace, sample

RESAMPLES = 1000
REAL = {
    "LIMO-R1 (Math)": "limo_r1_distill_qwen_32b.jsonl",
    "Qwen3-8B thinking (General)": "qwen3_8b_think_on.jsonl",
}


@dataclass(frozen=True)
class StepCounts:
    """What the steps of one trace are: words and marks of each, [steps]."""

    words: np.ndarray
    reflective: np.ndarray
    duplicate: np.ndarray
    retracting: np.ndarray

    @property
    def runs(self) -> list[int]:
        """Reflective steps in a row."""
        return [len(list(run)) for marked, run in groupby(self.reflective.tolist()) if marked]


def count_steps(trace: Trace) -> StepCounts:
    """The steps of a trace."""
    bounds = segment(trace.reasoning).steps.tolist()
    steps = [trace.reasoning[start:end] for start, end in pairwise(bounds)]
    return StepCounts(
        np.array([len(step.split()) for step in steps], dtype=float),
        np.array([is_reflective(step) for step in steps]),
        find_near_duplicates(steps),
        np.array([takes_back(step) for step in steps]),
    )


def compute_cv(traces: Sequence[StepCounts]) -> float:
    """Of the words of all steps."""
    words = np.concatenate([one.words for one in traces])
    return float(words.std() / words.mean())


def compute_inner_cv(traces: Sequence[StepCounts]) -> float:
    """Within a trace, the mean over those of at least two steps."""
    return float(np.mean([one.words.std() / one.words.mean() for one in traces if len(one.words) > 1]))


def compute_run_length(traces: Sequence[StepCounts]) -> float:
    """Mean length of the runs."""
    return float(np.mean([run for one in traces for run in one.runs] or [np.nan]))


def share_of(name: str) -> Callable[[Sequence[StepCounts]], float]:
    """The share of all steps that have a mark."""
    return lambda traces: float(np.concatenate([getattr(one, name) for one in traces]).mean())


MEASURES: dict[str, Callable[[Sequence[StepCounts]], float]] = {
    "steps a trace": lambda traces: float(np.mean([len(one.words) for one in traces])),
    "words a step": lambda traces: float(np.concatenate([one.words for one in traces]).mean()),
    "CV of words a step": compute_cv,
    "CV within a trace": compute_inner_cv,
    "reflective steps": share_of("reflective"),
    "reflective steps in a row": compute_run_length,
    "near-duplicate steps": share_of("duplicate"),
    "steps that take back": share_of("retracting"),
}


def compute_interval(traces: Sequence[StepCounts], measure: Callable[[Sequence[StepCounts]], float]) -> str:
    """The figure with its interval."""
    rng = np.random.default_rng(0)
    drawn = [measure([traces[at] for at in rng.integers(0, len(traces), len(traces))]) for _ in range(RESAMPLES)]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return f"{measure(traces):.2f} [{low:.2f}, {high:.2f}]"


def measure_attempts(drawn: Sequence[WorldTrace]) -> list[int]:
    """Pieces from each mistaken attempt to the words that drop it, both counted."""
    lengths = []
    for one in drawn:
        began = None
        for at, piece in enumerate(one.pieces):
            if piece.role is ReasoningRole.DEAD_END and began is None:
                began = at
            if piece.role is ReasoningRole.DEAD_END and began is not None and takes_back(piece.plain_text):
                lengths.append(at - began + 1)
                began = None
    return lengths


def load_corpora(data: Path, traces: int) -> Iterator[tuple[str, list[Trace]]]:
    """The real corpora that are there, then the world's."""
    for name, file in REAL.items():
        if (data / "traces" / file).is_file():
            yield name, [row for row in read(data / "traces" / file) if isinstance(row, Trace)]
    for domain in ("math", "general"):
        yield f"world, {domain}", [one.trace for one in sample(domain, "long", traces, seed=500)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--traces", type=int, default=200)
    options = parser.parse_args()
    corpora = {name: [count_steps(one) for one in found] for name, found in load_corpora(options.data, options.traces)}
    print("| | " + " | ".join(f"{name}, {len(found)} traces" for name, found in corpora.items()) + " |")
    print("|---" * (len(corpora) + 1) + "|")
    for label, measure in MEASURES.items():
        print(f"| {label} | " + " | ".join(compute_interval(found, measure) for found in corpora.values()) + " |")
    print("\nDropped attempts of the world, in steps and remarks from the mistake to the words that drop it:\n")
    print("| domain | attempts | mean | longest | at least 4 |")
    print("|---|---|---|---|---|")
    for domain in ("math", "general"):
        lengths = np.array(measure_attempts(sample(domain, "long", options.traces, seed=500)))
        print(f"| {domain} | {len(lengths)} | {lengths.mean():.1f} | {lengths.max()} | {(lengths >= 4).mean():.2f} |")


if __name__ == "__main__":
    main()
