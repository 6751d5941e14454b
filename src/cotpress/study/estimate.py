"""What a study will take, before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from cotpress.study.artifacts import ArtifactStore
from cotpress.study.compression_steps import estimate_missing_rewriting
from cotpress.study.config import Study
from cotpress.study.context import StudyContext
from cotpress.study.jobs import CompressJob, ScoreJob, TrainJob, is_done, plan_stages
from cotpress.study.plan import LEVEL, KeepTarget, list_compressions
from cotpress.study.student_steps import get_evaluation_artifact, get_training_artifact, load_cell_recipe
from cotpress.token_counting import UNIT_COUNTER_NAME

AUTO_SHARE = 0.5  # of the tokens that keep `auto` leaves: a guess, on the high side


@dataclass(frozen=True, slots=True)
class StudyEstimate:
    """`done` are jobs that are in the store. `calls` are those of a rewriter that asks a model, `call_tokens` what they
    read and write, and `cost` their price in US dollars (None: no prices are given), if every first draft is accepted.
    `train_tokens` are the reasoning that the missing cells will read, over all epochs; `reply_tokens` the most that
    they may write. `read_seconds` is for one worker, from cells of the same students that are in the store: None where
    there are none, or not for every student. `rejected` are rows of the traces' files that cannot be read."""

    conditions: int
    traces: int
    tokens: int
    counted_with: str
    compressions: int
    cells: int
    done: int
    jobs: int
    train_tokens: int
    reply_tokens: int
    calls: int
    call_tokens: tuple[int, int]
    cost: float | None
    seconds: float | None
    rejected: int = 0


def estimate_study(study: Study, store: Path) -> StudyEstimate:
    """Look at the traces and into the store; nothing is scored, trained or written.

    Raises:
        InputError, ModelError: traces or models cannot be read.

    >>> from cotpress.study import parse_study
    >>> conditions = "{m: {traces: world, domain: math, regime: long, limit: 2}}"
    >>> text = f"name: a\\nconditions: {conditions}\\npruning: {{criteria: [nll]}}"
    >>> estimate_study(parse_study(text, "a"), Path("store")).traces
    2
    """
    context = StudyContext(study, ArtifactStore(store))
    sizes = {name: sum(context.get_token_counts(name)) for name in study.conditions}
    jobs = [job for stage in plan_stages(context) for job in stage if not isinstance(job, ScoreJob)]
    done = {job for job in jobs if is_done(context, job)}
    cells = [job for job in jobs if isinstance(job, TrainJob)]
    missing = [job for job in cells if job not in done]
    estimates = _estimate_missing_calls(
        context, [job for job in jobs if isinstance(job, CompressJob) and job not in done]
    )
    costs = [estimate["cost"] for estimate in estimates]
    return StudyEstimate(
        conditions=len(study.conditions),
        traces=sum(len(context.load_condition(name).traces) for name in study.conditions),
        tokens=sum(sizes.values()),
        counted_with=context.counter.name if context.counter else UNIT_COUNTER_NAME,
        compressions=len(list_compressions(study)),
        cells=len(cells),
        done=len(done),
        jobs=len(jobs),
        train_tokens=round(sum(_estimate_train_tokens(context, job, sizes) for job in missing)),
        reply_tokens=sum(_count_problems(context, job) for job in missing) * study.max_new_tokens,
        calls=sum(estimate["calls"] for estimate in estimates),
        call_tokens=(
            sum(estimate["prompt_tokens"] for estimate in estimates),
            sum(estimate["completion_tokens"] for estimate in estimates),
        ),
        cost=None if None in costs else sum(costs),
        seconds=_estimate_seconds(context, [job for job in cells if job in done], missing),
        rejected=sum(len(context.load_condition(name).rejected) for name in study.conditions),
    )


def _estimate_missing_calls(context: StudyContext, missing: Sequence[CompressJob]) -> list[dict[str, Any]]:
    """What the rewritings that ask a model would take."""
    if context.study.rewriting is None or not context.study.rewriting.asks_model:
        return []
    return [estimate_missing_rewriting(context, job.compression) for job in missing if job.compression.kind == LEVEL]


def _count_problems(context: StudyContext, job: TrainJob) -> int:
    return sum(map(len, context.load_problems(job.cell.compression.condition).values()))


def _estimate_train_tokens(context: StudyContext, job: TrainJob, sizes: dict[str, int]) -> float:
    compression = job.cell.compression
    share = 0.0 if compression.method == "no-reasoning" else _estimate_share(compression.keep)
    return load_cell_recipe(context, job.cell).epochs * share * sizes[compression.condition]


def _estimate_share(keep: KeepTarget) -> float:
    return AUTO_SHARE if isinstance(keep, str) else 1.0 if keep is None else keep


def _estimate_seconds(context: StudyContext, done: Sequence[TrainJob], missing: Sequence[TrainJob]) -> float | None:
    """The mean of what finished cells of the same student took, for every cell that is missing."""
    took: dict[str, list[float]] = {}
    for job in done:
        parts = [
            context.artifacts.read_seconds(step(context, job.cell))
            for step in (get_training_artifact, get_evaluation_artifact)
        ]
        took.setdefault(job.cell.student, []).append(sum(part or 0.0 for part in parts))
    if any(job.cell.student not in took for job in missing):
        return None
    return sum(mean(took[job.cell.student]) for job in missing)
