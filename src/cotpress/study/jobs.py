"""The jobs of a study: pieces of work that a process does whole, in stages that follow each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cotpress.criteria import get_criterion
from cotpress.study.desk import Desk
from cotpress.study.plan import CRITERION, Cell, Compression, cells, compressions
from cotpress.study.pruning import is_pruned
from cotpress.study.schooling import evaluation_folder, evaluation_step, rows_of, told, training_folder, training_step
from cotpress.study.shortening import score, texts_folder, texts_step
from cotpress.study.texts import read_texts


@dataclass(frozen=True, slots=True)
class Spent:
    """What a job took: tokens that models read in training and wrote, US dollars, and a figure for people."""

    tokens: int = 0
    cost: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Have a condition's traces scored by the model behind a signal."""

    condition: str
    needs: str

    @property
    def name(self) -> str:
        return f"{self.condition}: {self.needs}"

    def do(self, desk: Desk) -> Spent:
        score(desk, self.condition, self.needs)
        return Spent()


@dataclass(frozen=True, slots=True)
class Shorten:
    """Shorten a condition's traces one way; for a criterion, at every keep ratio at once."""

    way: Compression

    @property
    def condition(self) -> str:
        return self.way.condition

    @property
    def name(self) -> str:
        return self.way.name

    def do(self, desk: Desk) -> Spent:
        rows = read_texts(texts_folder(desk, self.way), self.way.keep)
        return Spent(cost=sum(row["cost"] or 0.0 for row in rows))


@dataclass(frozen=True, slots=True)
class Teach:
    """Train a student and ask it."""

    cell: Cell

    @property
    def condition(self) -> str:
        return self.cell.compression.condition

    @property
    def name(self) -> str:
        return self.cell.name

    def do(self, desk: Desk) -> Spent:
        trained = told(training_folder(desk, self.cell))["tokens"]  # first, so that each step's time is its own
        rows = rows_of(evaluation_folder(desk, self.cell))
        tokens = trained + sum(row.generated_tokens for row in rows)
        right = sum(row.outcome == "right" for row in rows)
        return Spent(tokens, note=f"{right} of {len(rows)} right")


Job = Score | Shorten | Teach


def stages(desk: Desk) -> Iterator[list[Job]]:
    """All jobs of the study, by stages: none needs another of its own stage."""
    ways = compressions(desk.study)
    needs = [(way.condition, get_criterion(way.method).needs) for way in ways if way.kind == CRITERION]
    # nll and entropy come from one pass of one model
    models = {(at, "keep_probability" if one == "keep_probability" else "nll"): None for at, one in needs if one}
    yield [Score(at, one) for at, one in models]
    yield list({made_together(way): Shorten(way) for way in ways}.values())
    yield [Teach(cell) for cell in cells(desk.study)]


def is_done(desk: Desk, job: Job) -> bool:
    """Whether what the job makes is in the store, whole."""
    if isinstance(job, Teach):
        steps = (training_step(desk, job.cell), evaluation_step(desk, job.cell))
        return all(desk.artifacts.find(step) is not None for step in steps)
    if isinstance(job, Shorten) and job.way.kind == CRITERION:
        return is_pruned(desk, job.way)
    return isinstance(job, Shorten) and desk.artifacts.find(texts_step(desk, job.way)) is not None


def waits_for(job: Job) -> tuple[object, ...]:
    """What a job needs: ways to shorten have a common key where one job makes them together."""
    return made_together(job.cell.compression) if isinstance(job, Teach) else ()


def made_by(job: Job) -> tuple[object, ...]:
    """The key of what the job makes, as `waits_for` names it."""
    return made_together(job.way) if isinstance(job, Shorten) else ()


def made_together(way: Compression) -> tuple[object, ...]:
    """Equal for the ways that one job makes: all keep ratios of a pruning method."""
    keep = None if way.kind == CRITERION else way.keep
    return (way.condition, way.kind, way.method, way.granularity, way.symbols, keep, way.seed)
