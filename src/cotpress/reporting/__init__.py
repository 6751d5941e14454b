"""A study, or the pairs of an output, as one page that needs no other file."""

from cotpress.reporting.pair_page import build_pair_page
from cotpress.reporting.pair_picture import draw_pair
from cotpress.reporting.report_writer import build_report

__all__ = ["build_pair_page", "build_report", "draw_pair"]
