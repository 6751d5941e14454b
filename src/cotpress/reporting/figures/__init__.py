"""The figures of a report, one function each: from data frames to points on axes."""

from cotpress.reporting.figures.registry import FIGURES, build_figures

__all__ = ["FIGURES", "build_figures"]
