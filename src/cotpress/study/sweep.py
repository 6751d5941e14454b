"""Running a study: stage by stage, in one process or several, whatever fails recorded, the tables written last."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from cotpress.errors import OutputError
from cotpress.store import writing
from cotpress.study.artifacts import Artifacts, alone
from cotpress.study.config import Study
from cotpress.study.crew import Crew, Labour
from cotpress.study.desk import Desk
from cotpress.study.fresh import are_fresh, note_fresh, tables_key
from cotpress.study.jobs import Job, Teach, is_done, made_by, made_together, stages, waits_for
from cotpress.study.plan import cells, compressions
from cotpress.study.tabulating import write_tables
from cotpress.study.telling import JOURNAL, Journal
from cotpress.study.watching import Outcome, Quiet, Watcher

TABLES, SETTINGS, FRESH = "tables", "study.json", "tables.json"


@dataclass(frozen=True, slots=True)
class Sweep:
    """A run: where its tables are, cells that failed with their errors, cells left open, and the seconds it took."""

    tables: Path
    failed: dict[str, str]
    left: int
    seconds: float


def sweep(
    study: Study,
    output: Path,
    *,
    store: Path | None = None,
    labour: Labour | None = None,
    watch: Watcher | None = None,
) -> Sweep:
    """Do what the study asks for and is not in the store, then write its tables.

    `store` keeps finished steps and is shared between studies; by default it is in `output`. Stopped at any point,
    the same call continues.

    Raises:
        OutputError: another process runs in `output`, it is of another study, or it cannot be written.
        InputError, ModelError: the study's traces or scorers cannot be read. What fails in single cells is recorded.
    """
    began, watch, labour = time.monotonic(), watch or Quiet(), labour or Labour()
    place = store or output / "steps"
    with alone(output):
        _refuse_another(study, output)
        with writing(output / SETTINGS) as path:
            path.write_text(study.model_dump_json(indent=2) + "\n", encoding="utf-8")
        made = _size(output / JOURNAL)
        desk = Desk(study, Artifacts(place, Journal(output / JOURNAL)))
        failed = _run(desk, Crew.of(desk, output, labour), watch)
        _tabulate(desk, output, failed, idle=made == _size(output / JOURNAL))
        left = sum(not is_done(desk, Teach(cell)) and cell.name not in failed for cell in cells(study))
        desk.close()
    return Sweep(output / TABLES, failed, left, time.monotonic() - began)


def _tabulate(desk: Desk, output: Path, failed: dict[str, str], idle: bool) -> None:
    """Write the tables, unless nothing was done and they are what they would become."""
    tables, note, key = output / TABLES, output / FRESH, tables_key(desk, failed)
    if not (idle and are_fresh(tables, note, key)):
        write_tables(desk, tables, failed)
        note_fresh(tables, note, key)


def _refuse_another(study: Study, output: Path) -> None:
    """A run's folder is of one study: another's tables would take the place of its own."""
    try:
        there = json.loads((output / SETTINGS).read_text(encoding="utf-8"))["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if there != study.name:
        raise OutputError(
            f"{output} holds a run of the study '{there}'.",
            "Give another folder with -o; --store shares finished steps between studies.",
        )


def _size(journal: Path) -> int:
    return journal.stat().st_size if journal.exists() else 0


def _run(desk: Desk, crew: Crew, watch: Watcher) -> dict[str, str]:
    """All stages; the errors of compressions and cells by name."""
    for condition in desk.study.conditions:
        desk.store_counts(condition)  # unreadable input ends the run before anything is computed
    planned = list(stages(desk))
    stored = {job for jobs in planned for job in jobs if is_done(desk, job)}
    watch.plan(planned, stored)
    try:
        return _staged(desk, crew, watch, (planned, stored))
    finally:
        watch.done()


def _staged(desk: Desk, crew: Crew, watch: Watcher, plan: tuple[list[list[Job]], set[Job]]) -> dict[str, str]:
    """Stage by stage what is not in the store."""
    planned, stored = plan
    broken: dict[tuple[object, ...], str] = {}
    failed: dict[str, str] = {}
    for jobs in planned:
        spoiled = {job: error for job in jobs if (error := broken.get(waits_for(job)))}
        open_jobs = [job for job in jobs if job not in spoiled and job not in stored]
        watch.stage(jobs, [*spoiled, *open_jobs])
        for job, error in spoiled.items():
            failed[job.name] = error
            watch.finished(job, Outcome(0.0, error))
        for job, outcome in crew.do(open_jobs, watch.began):
            watch.finished(job, outcome)
            if error := outcome.error:
                broken |= {made_by(job): error} if made_by(job) else {}
                failed |= {job.name: error} if isinstance(job, Teach) else {}
    failed |= {way.name: broken[key] for way in compressions(desk.study) if (key := made_together(way)) in broken}
    return failed
