"""From a study to what there is to do: compressions, and the cells that train students on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cotpress.prune import Method
from cotpress.study.config import Pruning, Rewriting, Study

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
    return list(_planned(study))


def cells(study: Study) -> list[Cell]:
    """Every student to train. A way that draws at random is trained with the seed that it drew with."""
    return [
        Cell(one, student, seed)
        for one, trained in _planned(study).items()
        if trained
        for student in study.students
        for seed in study.seeds
        if one.seed is None or one.seed == seed
    ]


def at_all_ratios(study: Study, way: Compression) -> list[Compression]:
    """The same way to prune, at every ratio that the study has it at."""
    return [one for one in compressions(study) if replace(one, keep=way.keep) == way]


def _planned(study: Study) -> dict[Compression, bool]:
    """Every compression, and whether students are trained on it: some grid that it is in says so."""
    planned: dict[Compression, bool] = {}
    for conditions, ways, trained in _parts(study):
        for way in ways:
            for condition in conditions:
                for seed in study.seeds if way.method == RANDOM else (None,):
                    one = replace(way, condition=condition, seed=seed)
                    planned[one] = planned.get(one, False) or trained
    return planned


def _parts(study: Study) -> Iterator[tuple[Iterable[str], Iterator[Compression], bool]]:
    """Conditions, ways to shorten that still lack theirs, and whether students are trained on them."""
    yield study.conditions, (Compression("", BASELINE, one) for one in study.baselines), True
    if study.rewriting:
        yield study.conditions, _levels(study.rewriting), True
    for keep in dict.fromkeys(keep for grid in study.pruning for keep in grid.keep):
        for grid in study.pruning:
            if keep in grid.keep:
                yield grid.conditions or study.conditions, _points(grid, keep), grid.train


def _levels(rewriting: Rewriting) -> Iterator[Compression]:
    for keep in rewriting.keep:
        for level in rewriting.levels:
            yield Compression("", LEVEL, level, keep=keep)


def _points(grid: Pruning, keep: float) -> Iterator[Compression]:
    for granularity in grid.granularities:
        for symbols in grid.symbols if granularity == "token" else (False,):
            for criterion in grid.criteria:
                yield Compression("", CRITERION, criterion, granularity, symbols, keep)
