"""Restructuring: the share of a rewrite that is not the original's wording in the original's order."""

from __future__ import annotations

from cotpress.rewriting.checks.alignment import compute_best_ordered_sum, count_common_units
from cotpress.rewriting.checks.content import ContentUnits, extract_content, join_cut_lines
from cotpress.text import Segmentation, segment


def measure_restructuring(original: str, rewritten: str, steps: str = "auto") -> float:
    """The share of a rewrite that is not the original's wording in the original's order, 0..1.

    Both texts are split into steps by the same rule (`steps`, or what "auto" comes to for the original). The steps of
    the rewrite are paired with the original's, one to one and in order, so that paired steps have most units in
    common; two steps have in common the longest common subsequence of their units, punctuation and case aside. The
    figure is 1 - units in common / units of the rewrite. So deleting, of words or of whole steps, costs nothing;
    new words cost themselves; merging two steps costs the shorter one; reordering costs what moved; headings of a
    template cost themselves. An empty rewrite restructures nothing: 0. The definition is the project's own; the
    axis that it measures is that of arXiv 2606.21704.

    Args:
        original: the reasoning before.
        rewritten: the reasoning after.
        steps: how texts are split into steps, as for `segment`.

    Raises:
        OptionError: `steps` is no step mode.

    >>> measure_restructuring("First we add. 2 + 3 = 5.", "We add. 2 + 3 = 5.")
    0.0
    >>> measure_restructuring("2 + 3 = 5.", "The sum is 5.")
    0.75
    """
    segmentation = segment(original, steps)
    return measure_restructuring_of_segmentations(segmentation, segment(rewritten, segmentation.mode))


def measure_restructuring_of_segmentations(original: Segmentation, rewritten: Segmentation) -> float:
    """`measure_restructuring` of two texts that were segmented by the same rule, 0..1.

    >>> measure_restructuring_of_segmentations(segment("2 + 3 = 5"), segment("2 + 3 = 5"))
    0.0
    """
    if original.text == rewritten.text:
        return 0.0
    return _compute_restructuring(*(extract_content(join_cut_lines(one)) for one in (original, rewritten)))


def _compute_restructuring(original: ContentUnits, rewritten: ContentUnits) -> float:
    if not len(rewritten):
        return 0.0
    return 1 - compute_best_ordered_sum(count_common_units(original, rewritten)) / len(rewritten)
