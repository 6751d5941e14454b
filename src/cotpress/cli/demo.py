"""`cotpress demo`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from cotpress.tables import Tables

STUDY = "demo"


def demo(*, output: Annotated[Path, Parameter(name=["--output", "-o"])] = Path("runs/demo")) -> int:
    """Run a small study of the embedded micro world, end to end, and show it as a page. Minutes on two cores.

    Parameters
    ----------
    output
        Folder of the run. Stopped at any point, the same command continues.
    """
    from cotpress.cli.report import report
    from cotpress.cli.sweep import summed_up
    from cotpress.cli.watching import watcher_for
    from cotpress.study import Labour, read_study, sweep
    from cotpress.tables import read_tables

    workers = min(4, os.cpu_count() or 1)
    done = sweep(read_study(STUDY), output, labour=Labour(workers), watch=watcher_for(False, workers))
    print("\n".join(summed_up(done, output)[:-1]))
    _print_accuracy(read_tables(done.tables))
    report(output, title=read_study(STUDY).name)
    return 1 if done.failed else 0


def _print_accuracy(tables: Tables) -> None:
    """What each student got right, at what length."""
    from cotpress.analyze import accuracy
    from cotpress.cli.show import print_table

    rows = [
        (
            row.condition,
            " ".join(part for part in (row.method, row.granularity) if part),
            f"{row.realized:.2f}",
            f"{row.accuracy:.2f} [{row.low:.2f}, {row.high:.2f}]",
            f"{row.inference:.2f}",
        )
        for row in accuracy(tables).itertuples()
    ]
    columns = ("condition", "traces", "realized ratio", "accuracy", "inference ratio")
    print_table("Students of the micro world", columns, sorted(rows))
