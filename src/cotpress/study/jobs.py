"""The jobs of a study: pieces of work that a process does whole, in stages that follow each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cotpress.criteria import get_criterion
from cotpress.study.desk import Desk
from cotpress.study.plan import CRITERION, Cell, Compression, cells, compressions
from cotpress.study.pruning import is_pruned
from cotpress.study.schooling import evaluation_folder, is_taught, rows_of, told, training_folder
from cotpress.study.shortening import score, texts_folder, texts_step
from cotpress.study.texts import read_texts


@dataclass(frozen=True, slots=True)
class Spent:
    """What a job took: tokens that models read in training and wrote, US dollars, and a figure for people. `written`
    are those of the tokens that a student wrote."""

    tokens: int = 0
    cost: float = 0.0
    note: str = ""
    written: int = 0


Say = Callable[[str], None]
"""Told by a job, in one word, what is done at it now."""


@dataclass(frozen=True, slots=True)
class Score:
    """Have a condition's traces scored by the model behind a signal."""

    condition: str
    needs: str

    @property
    def name(self) -> str:
        return f"{self.condition}: {self.needs}"

    @property
    def how(self) -> str:
        """The signal."""
        return self.needs

    @property
    def keep(self) -> None:
        """A signal is the same at every ratio."""

    def do(self, desk: Desk, say: Say) -> Spent:
        say("scoring")
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

    @property
    def how(self) -> str:
        """What is done to the traces, besides the ratio."""
        return replace(self.way, keep=None).how

    @property
    def keep(self) -> float | None:
        """The ratio; None where there is none, or all."""
        return None if self.way.kind == CRITERION else self.way.keep

    def do(self, desk: Desk, say: Say) -> Spent:
        say("shortening")
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

    @property
    def how(self) -> str:
        """What was done to the traces, besides the ratio; the seed is the cell's."""
        return replace(self.cell.compression, keep=None, seed=None).how

    @property
    def keep(self) -> float | None:
        """The ratio; None where there is none."""
        return self.cell.compression.keep

    def do(self, desk: Desk, say: Say) -> Spent:
        say("training")
        trained = told(training_folder(desk, self.cell))["tokens"]  # first, so that each step's time is its own
        say("evaluating")
        rows = rows_of(evaluation_folder(desk, self.cell))
        written = sum(row.generated_tokens for row in rows)
        right = sum(row.outcome == "right" for row in rows)
        return Spent(trained + written, note=f"{right} of {len(rows)} right", written=written)


Job = Score | Shorten | Teach


def stages(desk: Desk) -> Iterator[list[Job]]:
    """All jobs of the study, by stages: none needs another of its own stage."""
    ways = compressions(desk.study)
    yield list(dict.fromkeys(job for way in ways if (job := scored_by(way))))
    yield list({made_together(way): Shorten(way) for way in ways}.values())
    yield [Teach(cell) for cell in cells(desk.study)]


def is_done(desk: Desk, job: Job) -> bool:
    """Whether what the job makes is in the store, whole."""
    if isinstance(job, Teach):
        return is_taught(desk, job.cell)
    if isinstance(job, Shorten) and job.way.kind == CRITERION:
        return is_pruned(desk, job.way)
    return isinstance(job, Shorten) and desk.artifacts.find(texts_step(desk, job.way)) is not None


def way_of(job: Job) -> Compression | None:
    """The way to shorten that a job is about; None for a scoring, which is for several."""
    return job.cell.compression if isinstance(job, Teach) else job.way if isinstance(job, Shorten) else None


def scored_by(way: Compression) -> Score | None:
    """The job that scores for this way, None where it needs no signal."""
    needs = get_criterion(way.method).needs if way.kind == CRITERION else ""
    # nll and entropy come from one pass of one model
    return Score(way.condition, needs if needs == "keep_probability" else "nll") if needs else None


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
