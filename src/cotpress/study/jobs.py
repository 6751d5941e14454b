"""The jobs of a study: pieces of work that a process does whole, in stages that follow each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cotpress.criteria import get_criterion
from cotpress.study.artifacts import ArtifactStore
from cotpress.study.compression_steps import get_texts_artifact, make_texts_folder, score_condition, score_part
from cotpress.study.config import SIGNALS_OF_SCORER, Study
from cotpress.study.context import StudyContext
from cotpress.study.plan import CRITERION, Cell, Compression, KeepTarget, list_cells, list_compressions
from cotpress.study.pruning_steps import is_pruned
from cotpress.study.student_steps import (
    is_cell_done,
    make_evaluation_folder,
    make_training_folder,
    read_evaluation_rows,
    read_training_summary,
)
from cotpress.study.text_rows import read_texts


@dataclass(frozen=True, slots=True)
class Usage:
    """What a job took: tokens that models read in training and wrote, US dollars, and a figure for people.
    `written_tokens` are those of the tokens that a student wrote."""

    tokens: int = 0
    cost: float = 0.0
    note: str = ""
    written_tokens: int = 0


ActivityCallback = Callable[[str], None]
"""A job calls it, in one word, with what is done at it now."""


@dataclass(frozen=True, slots=True)
class ScoreJob:
    """Have a condition's traces scored by the model behind a signal."""

    condition: str
    needs: str

    @property
    def name(self) -> str:
        return f"{self.condition}: {self.needs}"

    @property
    def short_name(self) -> str:
        """The signal."""
        return self.needs

    @property
    def keep(self) -> None:
        """A signal is the same at every ratio."""

    def run(self, context: StudyContext, say: ActivityCallback) -> Usage:
        say("scoring")
        score_condition(context, self.condition, self.needs)
        return Usage()


@dataclass(frozen=True, slots=True)
class CompressJob:
    """Compress a condition's traces by one method; for a criterion, at every keep ratio at once."""

    compression: Compression

    @property
    def condition(self) -> str:
        return self.compression.condition

    @property
    def name(self) -> str:
        """Without a ratio for a criterion, as it is done at every ratio at once."""
        return replace(self.compression, keep=self.keep).name

    @property
    def short_name(self) -> str:
        """What is done to the traces, besides the ratio."""
        return replace(self.compression, keep=None).short_name

    @property
    def keep(self) -> KeepTarget:
        """The ratio; None where there is none, or all."""
        return None if self.compression.kind == CRITERION else self.compression.keep

    def run(self, context: StudyContext, say: ActivityCallback) -> Usage:
        say("shortening")
        rows = read_texts(make_texts_folder(context, self.compression), self.compression.target)
        return Usage(cost=sum(row["cost"] or 0.0 for row in rows))


@dataclass(frozen=True, slots=True)
class TrainJob:
    """Train a student and ask it."""

    cell: Cell

    @property
    def condition(self) -> str:
        return self.cell.compression.condition

    @property
    def name(self) -> str:
        return self.cell.name

    @property
    def short_name(self) -> str:
        """What was done to the traces, besides the ratio; the seed is the cell's."""
        return replace(self.cell.compression, keep=None, seed=None).short_name

    @property
    def keep(self) -> KeepTarget:
        """The ratio; None where there is none."""
        return self.cell.compression.keep

    def run(self, context: StudyContext, say: ActivityCallback) -> Usage:
        say("training")
        trained = read_training_summary(make_training_folder(context, self.cell))[
            "tokens"
        ]  # first, so that each step's time is its own
        say("evaluating")
        rows = read_evaluation_rows(make_evaluation_folder(context, self.cell))
        written = sum(row.generated_tokens for row in rows)
        right = sum(row.outcome == "right" for row in rows)
        return Usage(trained + written, note=f"{right} of {len(rows)} right", written_tokens=written)


StudyJob = ScoreJob | CompressJob | TrainJob


def plan_stages(context: StudyContext) -> Iterator[list[StudyJob]]:
    """All jobs of the study, by stages: none needs another of its own stage."""
    compressions = list_compressions(context.study)
    yield list(dict.fromkeys(job for compression in compressions for job in list_score_jobs(compression)))
    yield list({get_compression_group(compression): CompressJob(compression) for compression in compressions}.values())
    yield [TrainJob(cell) for cell in list_cells(context.study)]


def is_done(context: StudyContext, job: StudyJob) -> bool:
    """Whether what the job makes is in the store, whole."""
    if isinstance(job, TrainJob):
        return is_cell_done(context, job.cell)
    if isinstance(job, CompressJob) and job.compression.kind == CRITERION:
        return is_pruned(context, job.compression)
    return (
        isinstance(job, CompressJob)
        and context.artifacts.find(get_texts_artifact(context, job.compression)) is not None
    )


def get_compression(job: StudyJob) -> Compression | None:
    """The compression that a job is about; None for a scoring, which serves several."""
    return (
        job.cell.compression if isinstance(job, TrainJob) else job.compression if isinstance(job, CompressJob) else None
    )


def list_score_jobs(compression: Compression) -> list[ScoreJob]:
    """The jobs that score for a compression; none where it needs no signal."""
    needs = get_criterion(compression.method).needs if compression.kind == CRITERION else ()
    # nll and entropy come from one pass of one model
    signals = dict.fromkeys("nll" if signal in SIGNALS_OF_SCORER else signal for signal in sorted(needs))
    return [ScoreJob(compression.condition, signal) for signal in signals]


def get_required_group(job: StudyJob) -> tuple[object, ...]:
    """The key of the compression that a job needs. Compressions that one job makes together have the same key."""
    return get_compression_group(job.cell.compression) if isinstance(job, TrainJob) else ()


def get_produced_group(job: StudyJob) -> tuple[object, ...]:
    """The key of what the job makes, as `get_required_group` names it."""
    return get_compression_group(job.compression) if isinstance(job, CompressJob) else ()


def get_compression_group(compression: Compression) -> tuple[object, ...]:
    """Equal for compressions that one job makes: all keep ratios of a pruning method."""
    keep = None if compression.kind == CRITERION else compression.keep
    return (
        compression.condition,
        compression.kind,
        compression.method,
        compression.granularity,
        compression.symbols,
        keep,
        compression.seed,
        compression.reduction,
        compression.drop_restatements,
    )


class StudyScoring:
    """What of a study is scored by models, into a store that all who share the work can write to."""

    def __init__(self, study: Study, store: Path) -> None:
        self._context = StudyContext(study, ArtifactStore(store))
        first = next(plan_stages(self._context))
        self._jobs = [job for job in first if isinstance(job, ScoreJob) and self._context.is_model_based(job.needs)]

    def __len__(self) -> int:
        """How many traces there are to score; one counts for each model that scores it."""
        return sum(len(self._context.load_condition(job.condition).traces) for job in self._jobs)

    def run_part(self, part: int, parts: int) -> int:
        """Every `parts`-th trace from number `part` on, those that are stored left out; how many were looked at.

        Raises:
            CotpressError: the traces or the models cannot be read.
        """
        return sum(score_part(self._context, job.condition, job.needs, part, parts) for job in self._jobs)
