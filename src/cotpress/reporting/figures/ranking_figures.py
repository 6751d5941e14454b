"""Figures of rankings: agreement of criteria, what they delete, and whether they find redundancy and the backbone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cotpress.analysis.constants import MODEL_CRITERIA
from cotpress.reporting.figure_types import Axis, Figure, FigurePoint, ReferenceLine
from cotpress.reporting.figures.registry import PROTECTION_NOTE, SHARE_DOMAIN, choose_line_style, register_figure
from cotpress.reporting.frame_rows import FrameRow, build_panels, build_points, list_rows
from cotpress.reporting.results import AnalysisResults

_KEEP_AXIS = Axis("keep ratio (target)", (0, 1))


@register_figure("agreement")
def build_agreement_figure(results: AnalysisResults) -> Figure:
    """Overlap of what two criteria keep, or delete, with what chance would give."""
    rows = list_rows(results.agreement)
    modelled = [row for row in rows if row["a"] in MODEL_CRITERIA and row["b"] in MODEL_CRITERIA and not row["symbols"]]
    chosen = modelled or [row for row in rows if not row["symbols"]]
    panels = build_panels(chosen, ("condition", "granularity"), ("of",), _build_agreement_points)
    return Figure(
        "agreement",
        "Do criteria agree?",
        "Jaccard overlap of the steps (or units) that two criteria keep or delete at the same budget. Dotted: the "
        "overlap that chance gives at the same realized ratios.",
        _KEEP_AXIS,
        Axis("Jaccard overlap", SHARE_DOMAIN),
        panels,
        "agreement",
    )


def _build_agreement_points(row: FrameRow) -> Iterator[FigurePoint]:
    series = f"{row['a']} and {row['b']}"
    yield from build_points(row, "keep", "jaccard", series)
    yield from build_points({**row, "low": None, "high": None}, "keep", "expected", series, "dotted")


@register_figure("deletions")
def build_deletion_figure(results: AnalysisResults) -> Figure:
    """How much of each class of unit is deleted, and what the deleted units are."""
    rows = [row for row in list_rows(results.deletions) if row["granularity"] == "token"]
    views = [{**row, "show": "share of the class that is deleted", "share": row["rate"]} for row in rows]
    views += [
        {**row, "show": "share of all deletions", "share": row["composition"], "low": None, "high": None}
        for row in rows
    ]
    panels = build_panels(
        views,
        ("condition", "unit_class"),
        ("show",),
        lambda row: build_points(row, "keep", "share", row["criterion"], choose_line_style(row)),
    )
    return Figure(
        "deletions",
        "What is deleted",
        f"Token-level pruning by class of unit: symbols and numbers, stopwords, other words. {PROTECTION_NOTE}",
        _KEEP_AXIS,
        Axis("share", SHARE_DOMAIN),
        panels,
        "deletions",
        columns=3,
    )


# Gauges that say what a text has lost, and what of them is shown.
_TEXT_GAUGES: Final = {
    "equations": "equation lines kept",
    "facts": "results kept",
    "numbers": "numbers kept",
    "derivation_reaches_answer": "traces that derive their answer",
    "undefined_on_use": "uses of values from nowhere (lower is better)",
    "reflective_share": "share of reflective statements (lower is better)",
}


@register_figure("gauges")
def build_gauge_figure(results: AnalysisResults) -> Figure:
    """What is left of the texts, by gauges, against what was kept."""
    views = [
        {**row, "show": told, "value": row.get(gauge)}
        for gauge, told in _TEXT_GAUGES.items()
        for row in list_rows(results.gauges)
    ]
    panels = build_panels(
        views,
        ("condition", "granularity"),
        ("show",),
        lambda row: build_points(row, "realized", "value", row["method"], choose_line_style(row)),
    )
    return Figure(
        "gauges",
        "What is left of the texts",
        "Means over the traces, by the share of reasoning tokens that was kept. A criterion that is no better than "
        f"random pruning has shown nothing. {PROTECTION_NOTE}",
        Axis("realized keep ratio", SHARE_DOMAIN),
        Axis("mean over traces", SHARE_DOMAIN),
        panels,
        "gauges",
    )


@register_figure("redundancy")
def build_redundancy_figure(results: AnalysisResults) -> Figure:
    """Whether criteria find redundant steps: what they keep of those, against the rest."""
    rows = [
        {**row, "difference": row["kept_rate"] - row["other_rate"]}
        for row in list_rows(results.redundancy)
        if row["kept_rate"] is not None and row["other_rate"] is not None and not row["symbols"]
    ]
    panels = build_panels(
        rows,
        ("condition", "granularity"),
        ("kind",),
        lambda row: build_points(row, "keep", "difference", row["criterion"]),
    )
    return Figure(
        "redundancy",
        "Is redundancy what goes?",
        "Share of tokens kept in reflective or duplicate steps, minus the share kept elsewhere. Below zero a criterion "
        "cuts such steps more than the rest.",
        _KEEP_AXIS,
        Axis("difference in share kept"),
        tuple(replace(panel, reference_lines=(ReferenceLine(0.0, "no difference"),)) for panel in panels),
        "redundancy",
    )


@register_figure("recovery")
def build_recovery_figure(results: AnalysisResults) -> Figure:
    """How much of the true backbone survives, where it is known."""
    rows = [row for row in list_rows(results.recovery) if not row["symbols"]]
    panels = build_panels(
        rows,
        ("condition", "granularity"),
        (),
        lambda row: build_points(row, "keep", "recall", row["criterion"]),
    )
    return Figure(
        "recovery",
        "Is the backbone found?",
        "Share of the essential units that are kept, in generated traces, where the truth is known.",
        _KEEP_AXIS,
        Axis("essential units kept", SHARE_DOMAIN),
        panels,
        "recovery",
    )
