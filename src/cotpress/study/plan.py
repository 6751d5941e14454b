"""From a study to what there is to do: compressions, and the cells that train students on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from cotpress.criteria import get_criterion
from cotpress.pruning import Method
from cotpress.study.config import PruningGrid, RewritingGrid, Study
from cotpress.tables import format_method

KeepTarget: TypeAlias = float | Literal["auto"] | None
"""A keep ratio; "auto" for what the answer rests on; None where there is no budget."""
CRITERION, LEVEL, BASELINE = "criterion", "level", "baseline"
AUTO_REDUCTION, NO_RESTATEMENTS = "auto", "no-restatements"


def format_keep(keep: KeepTarget) -> str:
    """A keep target for people, "" where there is none.

    >>> format_keep(0.5), format_keep("auto")
    ('0.5', 'auto')
    """
    return "" if keep is None else keep if isinstance(keep, str) else f"{keep:g}"


@dataclass(frozen=True, slots=True)
class Compression:
    """A condition and a method that shortens its traces. `seed` is set where the method itself draws at random.

    `reduction` is "auto" for what the criterion's source does, and wherever another name means the same.
    """

    condition: str
    kind: str
    method: str
    granularity: str = ""
    symbols: bool = False
    keep: KeepTarget = None
    seed: int | None = None
    reduction: str = AUTO_REDUCTION
    drop_restatements: bool = False
    steps: str = "auto"

    @property
    def label(self) -> str:
        """The method as tables name it: "nll", "nll/sum", "nll without restatements"."""
        return format_method(self.ranking_label, self.drop_restatements)

    @property
    def ranking_label(self) -> str:
        """The criterion as tables name it, with its reduction where that is not the criterion's own."""
        return self.method if self.reduction == AUTO_REDUCTION else f"{self.method}/{self.reduction}"

    @property
    def target(self) -> float | None:
        """The keep ratio that was asked for; None where there is none, as for "auto"."""
        return None if isinstance(self.keep, str) else self.keep

    @property
    def name(self) -> str:
        """Unique in a study, for people: "math-long nll token+symbols @0.5"."""
        return f"{self.condition} {self.short_name}"

    @property
    def short_name(self) -> str:
        """What is done to the traces: the name without the condition."""
        parts = [self.label, self.granularity + ("+symbols" if self.symbols else "")]
        parts += [] if self.keep is None else [f"@{format_keep(self.keep)}"]
        parts += [] if self.seed is None else [f"#{self.seed}"]
        return " ".join(part for part in parts if part)

    @property
    def pruning_method(self) -> Method:
        """The pruning method, for a criterion: as in the published study, a criterion alone decides on each token."""
        protect = ("answer", "symbols") if self.symbols else ("answer",)
        return Method(
            self.method,
            self.granularity,
            protect,
            steps=self.steps,
            reduction=self.reduction,
            seed=self.seed or 0,
            drop_restatements=self.drop_restatements,
            formulas="inside",
        )


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


def list_compressions(study: Study) -> list[Compression]:
    """Every compression of every condition: baselines, levels, then criteria by the order of the study's ratios.

    Each comes for all conditions before the next, so that a run that is cut short has whole comparisons.

    >>> from cotpress.study import read_study
    >>> list_compressions(read_study("demo"))[0].method
    'uncompressed'
    """
    return list(_plan_compressions(study))


def list_cells(study: Study) -> list[Cell]:
    """Every student to train. A compression that draws at random is trained with the seed that it drew with.

    >>> from cotpress.study import read_study
    >>> sorted({cell.seed for cell in list_cells(read_study("demo"))})
    [0, 1, 2]
    """
    return [
        Cell(compression, student, seed)
        for compression, seeds in _plan_compressions(study).items()
        for student in study.students
        for seed in study.seeds
        if seed in seeds and compression.seed in (None, seed)
    ]


def expand_ratios(study: Study, compression: Compression) -> list[Compression]:
    """The same pruning at every ratio that the study has it at."""
    return [other for other in list_compressions(study) if replace(other, keep=compression.keep) == compression]


@dataclass(frozen=True, slots=True)
class _GridPart:
    """Compressions that still lack their condition; their conditions and seeds; and whether students are trained on
    them."""

    compressions: Iterable[Compression]
    conditions: Iterable[str]
    seeds: tuple[int, ...]
    trained: bool = True


def _plan_compressions(study: Study) -> dict[Compression, set[int]]:
    """Every compression, and the seeds that some grid which it is in trains students with."""
    planned: dict[Compression, set[int]] = {}
    for part in _expand_study(study):
        for compression in part.compressions:
            for condition in part.conditions:
                for seed in part.seeds if _draws_at_random(compression) else (None,):
                    complete = replace(compression, condition=condition, seed=seed)
                    planned.setdefault(complete, set()).update(part.seeds if part.trained else ())
    return planned


def _expand_study(study: Study) -> Iterator[_GridPart]:
    yield _GridPart((Compression("", BASELINE, name) for name in study.baselines), study.conditions, study.seeds)
    if study.rewriting:
        yield _GridPart(_expand_rewriting(study.rewriting), study.conditions, study.seeds)
    for keep in dict.fromkeys(keep for grid in study.pruning for keep in grid.keep):
        for grid in study.pruning:
            if keep in grid.keep:
                conditions = grid.conditions or study.conditions
                ways = (replace(way, steps=study.steps) for way in _expand_pruning(grid, keep))
                yield _GridPart(ways, conditions, grid.seeds or study.seeds, grid.train)


def _expand_rewriting(rewriting: RewritingGrid) -> Iterator[Compression]:
    for keep in rewriting.keep:
        for level in rewriting.levels:
            yield Compression("", LEVEL, level, keep=keep)


def _expand_pruning(grid: PruningGrid, keep: KeepTarget) -> Iterator[Compression]:
    for granularity in grid.granularities:
        for symbols in grid.symbols if granularity == "token" else (False,):
            for criterion in grid.criteria:
                for reduction in _list_reductions(criterion, grid.reductions):
                    for control in grid.controls:
                        whole = Compression("", CRITERION, criterion, granularity, symbols, keep, reduction=reduction)
                        yield replace(whole, drop_restatements=control == NO_RESTATEMENTS)


def _list_reductions(criterion: str, wanted: Iterable[str]) -> list[str]:
    """The reductions that differ for a criterion: its own by the name "auto", and none besides where it reads no
    signal."""
    entry = get_criterion(criterion)
    if not entry.needs:
        return [AUTO_REDUCTION]
    return list(dict.fromkeys(AUTO_REDUCTION if name == entry.reduction else name for name in wanted))


def _draws_at_random(compression: Compression) -> bool:
    return compression.kind == CRITERION and get_criterion(compression.method).seeded
