"""What a study will take, told before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from cotpress.study.artifacts import Artifacts
from cotpress.study.config import Study
from cotpress.study.desk import Desk
from cotpress.study.jobs import Score, Shorten, Teach, is_done, stages
from cotpress.study.plan import LEVEL, compressions
from cotpress.study.schooling import evaluation_step, recipe_of, training_step
from cotpress.study.shortening import rewrite_estimate
from cotpress.tokens import UNITS


@dataclass(frozen=True, slots=True)
class Estimate:
    """`done` are jobs that are in the store. `calls` are those of a rewriter that asks a model, `call_tokens` what they
    read and write, and `cost` their price in US dollars (None: no prices are given), if every first draft is accepted.
    `train_tokens` are the reasoning that the missing cells will read, over all epochs; `reply_tokens` the most that
    they may write. `seconds` is for one worker, from cells of the same students that are in the store: None where
    there are none, or not for every student."""

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


def estimate_study(study: Study, store: Path) -> Estimate:
    """Look at the traces and into the store; nothing is scored, trained or written.

    Raises:
        InputError, ModelError: traces or models cannot be read.
    """
    desk = Desk(study, Artifacts(store))
    sizes = {name: sum(desk.counts(name)) for name in study.conditions}
    jobs = [job for stage in stages(desk) for job in stage if not isinstance(job, Score)]
    done = {job for job in jobs if is_done(desk, job)}
    cells = [job for job in jobs if isinstance(job, Teach)]
    missing = [job for job in cells if job not in done]
    asked = _asked(desk, [job for job in jobs if isinstance(job, Shorten) and job not in done])
    costs = [one["cost"] for one in asked]
    return Estimate(
        conditions=len(study.conditions),
        traces=sum(len(desk.material(name).traces) for name in study.conditions),
        tokens=sum(sizes.values()),
        counted_with=desk.counter.name if desk.counter else UNITS,
        compressions=len(compressions(study)),
        cells=len(cells),
        done=len(done),
        jobs=len(jobs),
        train_tokens=round(sum(_train_tokens(desk, job, sizes) for job in missing)),
        reply_tokens=sum(_problems(desk, job) for job in missing) * study.max_new_tokens,
        calls=sum(one["calls"] for one in asked),
        call_tokens=(sum(one["prompt_tokens"] for one in asked), sum(one["completion_tokens"] for one in asked)),
        cost=None if None in costs else sum(costs),
        seconds=_seconds(desk, [job for job in cells if job in done], missing),
    )


def _asked(desk: Desk, missing: Sequence[Shorten]) -> list[dict[str, Any]]:
    """What the rewritings that ask a model would take."""
    if desk.study.rewriting is None or desk.study.rewriting.rewriter == "rules":
        return []
    return [rewrite_estimate(desk, job.way) for job in missing if job.way.kind == LEVEL]


def _problems(desk: Desk, job: Teach) -> int:
    return sum(map(len, desk.items(job.cell.compression.condition).values()))


def _train_tokens(desk: Desk, job: Teach, sizes: dict[str, int]) -> float:
    way = job.cell.compression
    share = 0.0 if way.method == "no-reasoning" else 1.0 if way.keep is None else way.keep
    return recipe_of(desk, job.cell).epochs * share * sizes[way.condition]


def _seconds(desk: Desk, done: Sequence[Teach], missing: Sequence[Teach]) -> float | None:
    """The mean of what finished cells of the same student took, for every cell that is missing."""
    took: dict[str, list[float]] = {}
    for job in done:
        parts = [desk.artifacts.seconds(step(desk, job.cell)) for step in (training_step, evaluation_step)]
        took.setdefault(job.cell.student, []).append(sum(part or 0.0 for part in parts))
    if any(job.cell.student not in took for job in missing):
        return None
    return sum(mean(took[job.cell.student]) for job in missing)
