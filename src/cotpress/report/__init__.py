"""A study as one self-contained page, with figures, tables and a browser of its traces."""

from cotpress.report.building import build_report

__all__ = ["build_report"]
