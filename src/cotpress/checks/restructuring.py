"""Restructuring, measured: how much of the original's order and wording does not survive in a rewrite."""

from __future__ import annotations

from cotpress.checks.alignment import best_in_order, common
from cotpress.checks.content import Content, content_of
from cotpress.segment import Segmentation, segment


def restructuring(original: str, rewritten: str, steps: str = "auto") -> float:
    """The share of a rewrite that is not the original's wording in the original's order, 0..1.

    Both texts are cut into steps by the same rule (`steps`, or what "auto" comes to for the original). The steps of
    the rewrite are paired with the original's, one to one and in order, so that paired steps have most units in
    common; two steps have in common the longest common subsequence of their units, punctuation and case aside. The
    figure is 1 - units in common / units of the rewrite. So deleting, of words or of whole steps, costs nothing;
    new words cost themselves; merging two steps costs the shorter one; reordering costs what moved; headings of a
    template cost themselves. An empty rewrite restructures nothing: 0. The definition is the project's own; the
    axis that it measures is that of arXiv 2606.21704.

    Raises:
        OptionError: `steps` is no step mode.
    """
    cut = segment(original, steps)
    return restructuring_of(cut, segment(rewritten, cut.mode))


def restructuring_of(original: Segmentation, rewritten: Segmentation) -> float:
    """`restructuring` of two texts that have been cut by the same rule, 0..1."""
    if original.text == rewritten.text:
        return 0.0
    return _share_lost(content_of(original), content_of(rewritten))


def _share_lost(original: Content, rewritten: Content) -> float:
    if not len(rewritten):
        return 0.0
    return 1 - best_in_order(common(original, rewritten)) / len(rewritten)
