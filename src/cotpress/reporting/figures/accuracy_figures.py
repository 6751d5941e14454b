"""Figures of students: the frontier, accuracy by level, and what students write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cotpress.analysis.constants import LEVEL_ORDER, RETENTION_THRESHOLD
from cotpress.reporting.figure_types import Axis, Figure, FigurePanel, FigurePoint, ReferenceLine
from cotpress.reporting.figures.registry import PROTECTION_NOTE, SHARE_DOMAIN, choose_line_style, register_figure
from cotpress.reporting.frame_rows import FrameRow, build_panels, build_points, join_values, list_rows
from cotpress.reporting.results import AnalysisResults


@register_figure("frontier")
def build_frontier_figure(results: AnalysisResults) -> Figure:
    """Accuracy against realized ratio, with the uncompressed student and 90% of it."""
    rows = list_rows(results.accuracy)
    pruned = [row for row in rows if row["kind"] == "criterion"]
    by, group = ("condition", "granularity"), ("student", "benchmark")
    panels = build_panels(
        pruned,
        by,
        group,
        lambda row: build_points(row, "realized", "accuracy", _name_series(row), choose_line_style(row)),
    )
    baselines = {
        (join_values(row, group), row["condition"]): row["accuracy"] for row in rows if row["method"] == "uncompressed"
    }
    return Figure(
        "frontier",
        "Accuracy against budget",
        "Accuracy of students trained on pruned traces, by the share of reasoning tokens that the traces kept. "
        f"Lines across: the student of uncompressed traces, and 90% of its accuracy. {PROTECTION_NOTE}",
        Axis("realized keep ratio", SHARE_DOMAIN),
        Axis("accuracy"),
        tuple(_add_baseline(panel, baselines) for panel in panels),
        "accuracy",
    )


def _name_series(row: FrameRow) -> str:
    """The method; pruning without a target ratio, "auto", is a series of its own."""
    return f"{row['method']} auto" if row["target"] is None or row["target"] != row["target"] else str(row["method"])


def _add_baseline(panel: FigurePanel, baselines: dict[tuple[str, str], Any]) -> FigurePanel:
    condition = panel.title.rsplit(", ", 1)[0]
    accuracy = baselines.get((panel.group, condition))
    if accuracy is None:
        return panel
    near = ReferenceLine(RETENTION_THRESHOLD * accuracy, f"{RETENTION_THRESHOLD:.0%} of uncompressed", "dashed")
    return replace(panel, reference_lines=(ReferenceLine(accuracy, "uncompressed"), near))


@register_figure("restructuring")
def build_restructuring_figure(results: AnalysisResults) -> Figure:
    """Accuracy by level of rewriting, with pruning at the same realized ratio beside it."""
    rows = sorted(list_rows(results.restructuring), key=_find_level_position)
    panels = build_panels(rows, ("condition",), ("student", "benchmark"), _build_level_points)
    return Figure(
        "restructuring",
        "Accuracy by restructuring level",
        "Students trained on rewritten traces, from the least to the most restructured. Hollow: the best accuracy "
        "that pruning reaches at the same realized ratio.",
        Axis("restructuring level", order=LEVEL_ORDER),
        Axis("accuracy"),
        panels,
        "restructuring",
        has_lines=False,
    )


def _find_level_position(row: FrameRow) -> int:
    return LEVEL_ORDER.index(row["level"]) if row["level"] in LEVEL_ORDER else len(LEVEL_ORDER)


def _build_level_points(row: FrameRow) -> Iterator[FigurePoint]:
    yield from build_points(row, "level", "accuracy", "rewritten")
    pruned = {**row, "low": None, "high": None}
    yield from build_points(pruned, "level", "matched", "pruned to the same ratio", "dashed")


@register_figure("inference")
def build_inference_figure(results: AnalysisResults) -> Figure:
    """What students write against what they were trained on."""
    rows = [
        _use_inference_interval(row)
        for row in list_rows(results.accuracy)
        if row["method"] not in ("uncompressed", "no-reasoning")
    ]
    series = {"criterion": "pruned", "level": "rewritten", "baseline": "native short traces"}
    panels = build_panels(
        rows,
        ("condition", "student"),
        ("benchmark",),
        lambda row: build_points(row, "realized", "inference", series[row["kind"]]),
    )
    return Figure(
        "inference",
        "What students write",
        "Reasoning tokens a reply, as a share of what the uncompressed student writes, against the share its training "
        "traces kept. On the diagonal the saving in training carries over; above it students stay verbose.",
        Axis("realized keep ratio (training)", SHARE_DOMAIN),
        Axis("inference ratio"),
        panels,
        "cost",
        has_lines=False,
        has_diagonal=True,
    )


def _use_inference_interval(row: FrameRow) -> FrameRow:
    return {**row, "low": row.get("inference_low"), "high": row.get("inference_high")}
