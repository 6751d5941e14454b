"""From a study to what there is to do: compressions, and the cells that train students on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cotpress.prune import Method
from cotpress.study.config import Study

CRITERION, LEVEL, BASELINE = "criterion", "level", "baseline"
RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Compression:
    """A condition with one way to shorten its traces. `seed` is set where the way itself draws at random."""

    condition: str
    kind: str
    method: str
    granularity: str = ""
    symbols: bool = False
    keep: float | None = None
    seed: int | None = None

    @property
    def name(self) -> str:
        """Unique in a study, for people: "math-long nll token+symbols @0.5"."""
        return f"{self.condition} {self.how}"

    @property
    def how(self) -> str:
        """What is done to the traces: the name without the condition."""
        parts = [self.method, self.granularity + ("+symbols" if self.symbols else "")]
        parts += [] if self.keep is None else [f"@{self.keep:g}"]
        parts += [] if self.seed is None else [f"#{self.seed}"]
        return " ".join(part for part in parts if part)

    @property
    def pruning(self) -> Method:
        """The pruning method, for a criterion."""
        protect = ("answer", "symbols") if self.symbols else ("answer",)
        return Method(self.method, self.granularity, protect, seed=self.seed or 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A compression with the student that is trained on it, and the seed of the training."""

    compression: Compression
    student: str
    seed: int

    @property
    def name(self) -> str:
        """Unique in a study, for people."""
        return f"{self.compression.name} | {self.student} | seed {self.seed}"


def compressions(study: Study) -> list[Compression]:
    """Every way to shorten every condition's traces, in the order of the study's ratios: baselines, levels, criteria;
    each for all conditions before the next, so that a run that is cut short has whole comparisons."""
    return [way for one in _ways(study) for name in study.conditions for way in one(name)]


def cells(study: Study) -> list[Cell]:
    """Every student to train. A way that draws at random is trained with the seed that it drew with."""
    return [
        Cell(one, student, seed)
        for one in compressions(study)
        for student in study.students
        for seed in study.seeds
        if one.seed is None or one.seed == seed
    ]


class _Way:
    """One point of the grid but for the condition; calling it gives its compressions, one a seed where it draws."""

    def __init__(self, study: Study, kind: str, method: str, rest: tuple[str, bool, float | None]) -> None:
        self._seeds: tuple[int | None, ...] = study.seeds if method == RANDOM else (None,)
        self._kind, self._method, self._rest = kind, method, rest

    def __call__(self, condition: str) -> Iterator[Compression]:
        granularity, symbols, keep = self._rest
        for seed in self._seeds:
            yield Compression(condition, self._kind, self._method, granularity, symbols, keep, seed)


def _ways(study: Study) -> Iterator[_Way]:
    for baseline in study.baselines:
        yield _Way(study, BASELINE, baseline, ("", False, None))
    if study.rewriting:
        for ratio in study.rewriting.keep:
            for level in study.rewriting.levels:
                yield _Way(study, LEVEL, level, ("", False, ratio))
    if study.pruning:
        grid = study.pruning
        for keep in grid.keep:
            for granularity in grid.granularities:
                for symbols in grid.symbols if granularity == "token" else (False,):
                    for criterion in grid.criteria:
                        yield _Way(study, CRITERION, criterion, (granularity, symbols, keep))
