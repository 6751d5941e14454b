"""`cotpress demo`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.errors import EXIT_JOBS_FAILED

if TYPE_CHECKING:
    from cotpress.tables import StudyTables

DEMO_STUDY = "demo"


def demo(*, output: Annotated[Path, Parameter(name=["--output", "-o"])] = Path("runs/demo")) -> int:
    """Run a small study of the embedded micro world, end to end, and show it as a page. Minutes on two cores.

    Parameters
    ----------
    output
        Folder of the run. Stopped at any point, the same command continues.
    """
    from cotpress.cli.display.sweep_display import create_watcher
    from cotpress.cli.verbs.report import report
    from cotpress.cli.verbs.sweep import format_sweep_result
    from cotpress.study import ExecutorConfig, read_study, sweep
    from cotpress.tables import read_study_tables

    workers = min(4, os.cpu_count() or 1)
    done = sweep(
        read_study(DEMO_STUDY), output, executor=ExecutorConfig(workers), observer=create_watcher(False, workers)
    )
    print("\n".join(format_sweep_result(done, output)[:-1]))
    _print_accuracy(read_study_tables(done.tables))
    report(output)
    return EXIT_JOBS_FAILED if done.failed else 0


def _print_accuracy(tables: StudyTables) -> None:
    """What each student got right, at what length."""
    from cotpress.analysis import tabulate_accuracy
    from cotpress.cli.display.console_output import print_table

    rows = [
        (
            row.condition,
            " ".join(part for part in (row.method, row.granularity) if part),
            f"{row.realized:.2f}",
            f"{row.accuracy:.2f} [{row.low:.2f}, {row.high:.2f}]",
            f"{row.inference:.2f}",
        )
        for row in tabulate_accuracy(tables).itertuples()
    ]
    columns = ("condition", "traces", "realized ratio", "accuracy", "inference ratio")
    print_table("Students of the micro world", columns, sorted(rows))
