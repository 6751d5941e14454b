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
        for one, seeds in _planned(study).items()
        for student in study.students
        for seed in study.seeds
        if seed in seeds and one.seed in (None, seed)
    ]


def at_all_ratios(study: Study, way: Compression) -> list[Compression]:
    """The same way to prune, at every ratio that the study has it at."""
    return [one for one in compressions(study) if replace(one, keep=way.keep) == way]


@dataclass(frozen=True, slots=True)
class _Part:
    """Ways to shorten that still lack their condition, the conditions and the seeds that they are for, and whether
    students are trained on them."""

    ways: Iterable[Compression]
    conditions: Iterable[str]
    seeds: tuple[int, ...]
    trained: bool = True


def _planned(study: Study) -> dict[Compression, set[int]]:
    """Every compression, and the seeds that some grid which it is in trains students with."""
    planned: dict[Compression, set[int]] = {}
    for part in _parts(study):
        for way in part.ways:
            for condition in part.conditions:
                for seed in part.seeds if way.method == RANDOM else (None,):
                    one = replace(way, condition=condition, seed=seed)
                    planned.setdefault(one, set()).update(part.seeds if part.trained else ())
    return planned


def _parts(study: Study) -> Iterator[_Part]:
    yield _Part((Compression("", BASELINE, one) for one in study.baselines), study.conditions, study.seeds)
    if study.rewriting:
        yield _Part(_levels(study.rewriting), study.conditions, study.seeds)
    for keep in dict.fromkeys(keep for grid in study.pruning for keep in grid.keep):
        for grid in study.pruning:
            if keep in grid.keep:
                conditions = grid.conditions or study.conditions
                yield _Part(_points(grid, keep), conditions, grid.seeds or study.seeds, grid.train)


def _levels(rewriting: Rewriting) -> Iterator[Compression]:
    for keep in rewriting.keep:
        for level in rewriting.levels:
            yield Compression("", LEVEL, level, keep=keep)


def _points(grid: Pruning, keep: float) -> Iterator[Compression]:
    for granularity in grid.granularities:
        for symbols in grid.symbols if granularity == "token" else (False,):
            for criterion in grid.criteria:
                yield Compression("", CRITERION, criterion, granularity, symbols, keep)
