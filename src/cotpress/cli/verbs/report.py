"""`cotpress report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def report(
    study: Path,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    sample: int = 12,
    title: str = "",
) -> None:
    """Show a study as one page: what to do with the traces, verdicts, figures, a browser of its traces, tables.

    Parameters
    ----------
    study
        Folder of a study that cotpress sweep ran.
    output
        Folder for report.html, figures/ and tables/; the study's folder by default.
    sample
        How many traces the page carries, chosen from all conditions.
    title
        Title of the page; the study's name by default.
    """
    from cotpress.analysis.advice import read_study_models
    from cotpress.reporting import build_report
    from cotpress.tables import read_study_name, read_study_tables

    tables = read_study_tables(study / "tables")
    # The study's own tables are Parquet files in the same folder; names do not collide.
    name, models = title or read_study_name(study), read_study_models(study)
    page = build_report(tables, output or study, title=name, sample=sample, models=models)
    print(f"report written to {page}")
    print("open it in a browser; it needs no network")
