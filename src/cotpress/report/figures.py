"""The figures of a report, each from the data frame that holds its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cotpress.report.panel import Axis, Figure, Panel, Point, Rule, Style
from cotpress.report.results import Results
from cotpress.report.rows import Row, panels_of, point_of, rows_of, told

LEVELS = ("preserve", "edit", "fuse", "replace")
MODELLED = ("nll", "entropy", "saliency")
THRESHOLD = 0.9
_KEEP = Axis("keep ratio (target)", (0, 1))
_SHARE = (0.0, 1.0)
_PROTECTED = "Dashed and hollow: symbols protected."


def figures_of(results: Results) -> tuple[Figure, ...]:
    """All figures that have something to show."""
    made = (
        frontier(results.accuracy),
        restructuring(results.restructuring),
        inference(results.accuracy),
        agreement(results.agreement),
        deletions(results.deletions),
        redundancy(results.redundancy),
        recovery(results.recovery),
    )
    return tuple(figure for figure in made if figure.panels)


def frontier(accuracy: Any) -> Figure:
    """Accuracy against realized ratio, with the uncompressed student and 90% of it."""
    rows = rows_of(accuracy)
    pruned = [row for row in rows if row["kind"] == "criterion"]
    by, group = ("condition", "granularity"), ("student", "benchmark")
    panels = panels_of(pruned, by, group, lambda row: point_of(row, "realized", "accuracy", row["method"], _style(row)))
    baselines = {
        (told(row, group), row["condition"]): row["accuracy"] for row in rows if row["method"] == "uncompressed"
    }
    return Figure(
        "frontier",
        "Accuracy against budget",
        "Accuracy of students trained on pruned traces, by the share of reasoning tokens that the traces kept. "
        f"Lines across: the student of uncompressed traces, and 90% of its accuracy. {_PROTECTED}",
        Axis("realized keep ratio", _SHARE),
        Axis("accuracy"),
        tuple(_with_baseline(panel, baselines) for panel in panels),
        "accuracy",
    )


def restructuring(frame: Any) -> Figure:
    """Accuracy by level of rewriting, with pruning at the same realized ratio beside it."""
    rows = sorted(rows_of(frame), key=_level)
    panels = panels_of(rows, ("condition",), ("student", "benchmark"), _rewritten)
    return Figure(
        "restructuring",
        "Accuracy by restructuring level",
        "Students trained on rewritten traces, from the least to the most restructured. Hollow: the best accuracy "
        "that pruning reaches at the same realized ratio.",
        Axis("restructuring level", order=LEVELS),
        Axis("accuracy"),
        panels,
        "restructuring",
        joined=False,
    )


def inference(accuracy: Any) -> Figure:
    """What students write against what they were trained on."""
    rows = [_inference(row) for row in rows_of(accuracy) if row["method"] not in ("uncompressed", "no-reasoning")]
    series = {"criterion": "pruned", "level": "rewritten", "baseline": "native short traces"}
    panels = panels_of(
        rows,
        ("condition", "student"),
        ("benchmark",),
        lambda row: point_of(row, "realized", "inference", series[row["kind"]]),
    )
    return Figure(
        "inference",
        "What students write",
        "Reasoning tokens a reply, as a share of what the uncompressed student writes, against the share its training "
        "traces kept. On the diagonal the saving in training carries over; above it students stay verbose.",
        Axis("realized keep ratio (training)", _SHARE),
        Axis("inference ratio"),
        panels,
        "cost",
        joined=False,
        diagonal=True,
    )


def agreement(frame: Any) -> Figure:
    """Overlap of what two criteria keep, or delete, with what chance would give."""
    rows = rows_of(frame)
    modelled = [row for row in rows if row["a"] in MODELLED and row["b"] in MODELLED and not row["symbols"]]
    chosen = modelled or [row for row in rows if not row["symbols"]]
    panels = panels_of(chosen, ("condition", "granularity"), ("of",), _pair)
    return Figure(
        "agreement",
        "Do criteria agree?",
        "Jaccard overlap of the steps (or units) that two criteria keep or delete at the same budget. Dotted: the "
        "overlap that chance gives at the same realized ratios.",
        _KEEP,
        Axis("Jaccard overlap", _SHARE),
        panels,
        "agreement",
    )


def deletions(frame: Any) -> Figure:
    """How much of each class of unit is deleted, and what the deleted units are."""
    rows = [row for row in rows_of(frame) if row["granularity"] == "token"]
    views = [{**row, "show": "share of the class that is deleted", "share": row["rate"]} for row in rows]
    views += [
        {**row, "show": "share of all deletions", "share": row["composition"], "low": None, "high": None}
        for row in rows
    ]
    panels = panels_of(
        views,
        ("condition", "unit_class"),
        ("show",),
        lambda row: point_of(row, "keep", "share", row["criterion"], _style(row)),
    )
    return Figure(
        "deletions",
        "What is deleted",
        f"Token-level pruning by class of unit: symbols and numbers, stopwords, other words. {_PROTECTED}",
        _KEEP,
        Axis("share", _SHARE),
        panels,
        "deletions",
        columns=3,
    )


def redundancy(frame: Any) -> Figure:
    """Whether criteria find redundant steps: what they keep of those, against the rest."""
    rows = [
        {**row, "difference": row["kept_rate"] - row["other_rate"]}
        for row in rows_of(frame)
        if row["kept_rate"] is not None and row["other_rate"] is not None and not row["symbols"]
    ]
    panels = panels_of(
        rows,
        ("condition", "granularity"),
        ("kind",),
        lambda row: point_of(row, "keep", "difference", row["criterion"]),
    )
    return Figure(
        "redundancy",
        "Is redundancy what goes?",
        "Share of tokens kept in reflective or duplicate steps, minus the share kept elsewhere. Below zero a criterion "
        "cuts such steps more than the rest.",
        _KEEP,
        Axis("difference in share kept"),
        tuple(replace(panel, rules=(Rule(0.0, "no difference"),)) for panel in panels),
        "redundancy",
    )


def recovery(frame: Any) -> Figure:
    """How much of the true backbone survives, where it is known."""
    rows = [row for row in rows_of(frame) if not row["symbols"]]
    panels = panels_of(
        rows,
        ("condition", "granularity"),
        (),
        lambda row: point_of(row, "keep", "recall", row["criterion"]),
    )
    return Figure(
        "recovery",
        "Is the backbone found?",
        "Share of the essential units that are kept, in generated traces, where the truth is known.",
        _KEEP,
        Axis("essential units kept", _SHARE),
        panels,
        "recovery",
    )


def _style(row: Row) -> Style:
    return "dashed" if row["symbols"] else "plain"


def _with_baseline(panel: Panel, baselines: dict[tuple[str, str], Any]) -> Panel:
    condition = panel.title.rsplit(", ", 1)[0]
    accuracy = baselines.get((panel.group, condition))
    if accuracy is None:
        return panel
    near = Rule(THRESHOLD * accuracy, f"{THRESHOLD:.0%} of uncompressed", "dashed")
    return replace(panel, rules=(Rule(accuracy, "uncompressed"), near))


def _level(row: Row) -> int:
    return LEVELS.index(row["level"]) if row["level"] in LEVELS else len(LEVELS)


def _rewritten(row: Row) -> Iterator[Point]:
    yield from point_of(row, "level", "accuracy", "rewritten")
    pruned = {**row, "low": None, "high": None}
    yield from point_of(pruned, "level", "matched", "pruned to the same ratio", "dashed")


def _inference(row: Row) -> Row:
    return {**row, "low": row.get("inference_low"), "high": row.get("inference_high")}


def _pair(row: Row) -> Iterator[Point]:
    series = f"{row['a']} and {row['b']}"
    yield from point_of(row, "keep", "jaccard", series)
    yield from point_of({**row, "low": None, "high": None}, "keep", "expected", series, "dotted")
