"""Running a study: stage by stage, in one process or several, whatever fails recorded, the tables written last."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from cotpress.errors import OutputError
from cotpress.pipeline.output import SUMMARY_FILE
from cotpress.storage import write_atomically
from cotpress.study.artifacts import ArtifactStore, lock_run_folder
from cotpress.study.config import Study
from cotpress.study.context import StudyContext
from cotpress.study.events import JOURNAL_FILE, JobResult, Journal, SilentObserver, SweepObserver
from cotpress.study.job_executor import ExecutorConfig, JobExecutor
from cotpress.study.jobs import (
    StudyJob,
    TrainJob,
    get_compression_group,
    get_produced_group,
    get_required_group,
    is_done,
    plan_stages,
)
from cotpress.study.plan import list_cells, list_compressions
from cotpress.study.table_writing import compute_tables_key, has_current_tables, write_tables, write_tables_manifest

TABLES_FOLDER, SETTINGS_FILE, TABLES_MANIFEST_FILE = "tables", "study.json", "tables.json"


@dataclass(frozen=True, slots=True)
class SweepResult:
    """A run: where its tables are, cells that failed with their errors, cells left open, and the seconds it took."""

    tables: Path
    failed: dict[str, str]
    open_cells: int
    seconds: float


def sweep(
    study: Study,
    output: Path,
    *,
    store: Path | None = None,
    executor: ExecutorConfig | None = None,
    observer: SweepObserver | None = None,
) -> SweepResult:
    """Do what the study asks for and is not in the store, then write its tables.

    `store` keeps finished steps and is shared between studies; by default it is in `output`. Stopped at any point,
    the same call continues.

    Args:
        study: what is done.
        output: the folder of the run: its tables, its journal.
        store: the folder of finished steps, which studies may share; by default it is in `output`.
        executor: how many workers, and for how long.
        observer: receives the events.

    Raises:
        OutputError: another process runs in `output`, it is of another study, or it cannot be written.
        InputError, ModelError: the study's traces or scorers cannot be read. What fails in single cells is recorded.

    >>> from cotpress.study import parse_study
    >>> conditions = "{m: {traces: world, domain: math, regime: long, limit: 2}}"
    >>> text = f"name: a\\nconditions: {conditions}\\npruning: {{criteria: [nll]}}"
    >>> result = sweep(parse_study(text, "a"), Path("run"))
    >>> result.failed, sorted(path.name for path in result.tables.iterdir())[:2]
    ({}, ['answers.parquet', 'cells.parquet'])
    """
    began, observer, executor = time.monotonic(), observer or SilentObserver(), executor or ExecutorConfig()
    steps = store or output / "steps"
    with lock_run_folder(output):
        _check_same_study(study, output)
        with write_atomically(output / SETTINGS_FILE) as path:
            path.write_text(study.model_dump_json(indent=2) + "\n", encoding="utf-8")
        size_before = _get_journal_size(output / JOURNAL_FILE)
        context = StudyContext(study, ArtifactStore(steps, Journal(output / JOURNAL_FILE)))
        failed = _plan_and_run(context, JobExecutor.from_config(context, output, executor), observer)
        _tabulate(context, output, failed, idle=size_before == _get_journal_size(output / JOURNAL_FILE))
        left = sum(not is_done(context, TrainJob(cell)) and cell.name not in failed for cell in list_cells(study))
        context.close()
    return SweepResult(output / TABLES_FOLDER, failed, left, time.monotonic() - began)


def _tabulate(context: StudyContext, output: Path, failed: dict[str, str], idle: bool) -> None:
    """Write the tables, unless nothing was done and they are what they would become."""
    tables, manifest, key = output / TABLES_FOLDER, output / TABLES_MANIFEST_FILE, compute_tables_key(context, failed)
    if not (idle and has_current_tables(tables, manifest, key)):
        write_tables(context, tables, failed)
        write_tables_manifest(tables, manifest, key)


def _check_same_study(study: Study, output: Path) -> None:
    """A run's folder is of one study: another's tables would take the place of its own. Nor is it one of traces."""
    if (output / SUMMARY_FILE).is_file():
        raise OutputError(f"{output} holds an output of compress or rewrite.", "Name another folder with -o.")
    try:
        there = json.loads((output / SETTINGS_FILE).read_text(encoding="utf-8"))["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if there != study.name:
        raise OutputError(
            f"{output} holds a run of the study '{there}'.",
            "Give another folder with -o; --store shares finished steps between studies.",
        )


def _get_journal_size(journal: Path) -> int:
    return journal.stat().st_size if journal.exists() else 0


def _plan_and_run(context: StudyContext, executor: JobExecutor, observer: SweepObserver) -> dict[str, str]:
    """All stages; the errors of compressions and cells by name."""
    for condition in context.study.conditions:
        context.store_token_counts(condition)  # unreadable input ends the run before anything is computed
    planned = list(plan_stages(context))
    stored = {job for jobs in planned for job in jobs if is_done(context, job)}
    observer.start_sweep(planned, stored)
    try:
        return _run_stages(context, executor, observer, (planned, stored))
    finally:
        observer.end_sweep()


def _run_stages(
    context: StudyContext,
    executor: JobExecutor,
    observer: SweepObserver,
    plan: tuple[list[list[StudyJob]], set[StudyJob]],
) -> dict[str, str]:
    """Stage by stage what is not in the store."""
    planned, stored = plan
    errors: dict[tuple[object, ...], str] = {}
    failed: dict[str, str] = {}
    for jobs in planned:
        spoiled = {job: error for job in jobs if (error := errors.get(get_required_group(job)))}
        open_jobs = [job for job in jobs if job not in spoiled and job not in stored]
        observer.start_stage(jobs, [*spoiled, *open_jobs])
        for job, error in spoiled.items():
            failed[job.name] = error
            observer.end_job(job, JobResult(0.0, error))
        for job, outcome in executor.run(open_jobs, observer.update_job):
            observer.end_job(job, outcome)
            if error := outcome.error:
                errors |= {get_produced_group(job): error} if get_produced_group(job) else {}
                failed |= {job.name: error} if isinstance(job, TrainJob) else {}
    failed |= {
        compression.name: errors[key]
        for compression in list_compressions(context.study)
        if (key := get_compression_group(compression)) in errors
    }
    return failed
