"""`cotpress evaluate --loss-on`: what a student learned, without asking it anything."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cotpress.errors import OptionError

if TYPE_CHECKING:
    from cotpress.evaluation import ChatStudentConfig


def evaluate_loss(
    student: ChatStudentConfig, path: Path, limit: int | None, output: Path, baseline: Path | None, as_json: bool
) -> int:
    """Measure the loss of a student on a file's solutions, print it, and keep it.

    Raises:
        OptionError: the student is not a model of this machine, or there is nothing to measure.
        InputError: the file cannot be read.
        OutputError: the folder cannot be written.
    """
    from cotpress.cli.display.console_output import print_json, print_table
    from cotpress.evaluation.reference_loss import (
        measure_reference_loss,
        read_reference_losses,
        summarize_losses,
        write_reference_losses,
    )
    from cotpress.signals import LM
    from cotpress.traces import read
    from cotpress.types import Trace

    if student.backend != "transformers":
        raise OptionError(f"The backend {student.backend} does not give a loss.", "Give a folder or hub id alone.")
    theirs = read_reference_losses(baseline) if baseline else None
    traces = list(islice((row for row in read(path) if isinstance(row, Trace)), limit))
    losses = measure_reference_loss(LM(student.model), traces)
    summary = {"student": student.model.name, "solutions": str(path), **summarize_losses(losses, theirs)}
    write_reference_losses(output, losses, summary)
    if as_json:
        print_json(summary)
        return 0
    rows = [("loss", summary["problems"], *_format_losses(summary))]
    if theirs is not None:
        rows.append(("less the baseline's", summary["difference"]["problems"], *_format_losses(summary["difference"])))
    print_table(f"{student.model.name}, nats a token", ("", "problems", "formal", "words", "all"), rows)
    print(f"intervals of 95% over problems; written to {output}")
    return 0


def _format_losses(estimates: Mapping[str, Any]) -> tuple[str, ...]:
    kinds = (estimates[name] for name in ("formal", "words", "all"))
    return tuple(
        "-" if kind["value"] is None else "{value:.3f} [{low:.3f}, {high:.3f}]".format(**kind) for kind in kinds
    )
