"""The tables of a report, each a data frame of the analysis with a title and what it says."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import Any, Final

from cotpress.errors import require
from cotpress.report.results import Results
from cotpress.report.sheet import Sheet

_TOLD: Final = (
    ("verdicts", "Findings", "effect", "Each published finding with its test on these data and what came out."),
    ("accuracy", "Accuracy", "accuracy", "Every way to shorten traces with every student; seeds pooled."),
    ("frontier", "Plateaus", "", "How far each curve stays within 90% of the baseline, where it bends, how it falls."),
    ("restructuring", "Restructuring", "accuracy", "Rewriting by level, beside pruning at the same realized ratio."),
    ("monotonicity", "Trend over levels", "drop", "Whether accuracy falls as restructuring grows."),
    ("cost", "Cost", "", "What is saved in training and in serving."),
    ("agreement", "Agreement", "jaccard", "Overlap of what two criteria keep or delete, against chance."),
    ("deletions", "Deletions", "rate", "What pruning deletes, by class of unit."),
    ("redundancy", "Redundancy", "", "Reflective and duplicate steps; low and high are of kept rate - other rate."),
    ("recovery", "Recovery", "recall", "How much of the true backbone is kept, in generated traces."),
)


def sheets_of(results: Results) -> tuple[Sheet, ...]:
    """All tables that have rows."""
    frames = {name: getattr(results, name) for name, *_ in _TOLD}
    frames["verdicts"] = _verdict_frame(results)
    made = (Sheet(name, title, caption, main, frames[name]) for name, title, main, caption in _TOLD)
    return tuple(sheet for sheet in made if len(sheet.frame))


def _verdict_frame(results: Results) -> Any:
    rows = [asdict(one) for one in results.verdicts if is_dataclass(one) and not isinstance(one, type)]
    return require("pandas", "study").DataFrame(rows)
