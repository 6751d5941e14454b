"""A rewrite that is to be checked, together with its original."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cotpress.rewriting.checks.content import ContentUnits, extract_content, fold_units, join_cut_lines
from cotpress.rewriting.levels import Level
from cotpress.text import Segmentation, segment
from cotpress.types import Trace


@dataclass(frozen=True)
class Draft:
    """What a rewriter made of a trace, before it is checked.

    Both texts are segmented in the same mode, the one that suits the original. What several checks need is computed
    once.

    Args:
        trace: the original.
        text: the rewritten reasoning.
        level: the level that it is to be at.
        domain: "math" or "general".
        finish: why the writer stopped: "stop" where it had finished, "length" where it was cut off.
        segmentation: the original reasoning, where it is segmented already.
    """

    trace: Trace
    text: str
    level: Level
    domain: str = "math"
    finish: str = "stop"
    segmentation: Segmentation | None = None

    @cached_property
    def original(self) -> Segmentation:
        """The original reasoning, segmented."""
        return self.segmentation or segment(self.trace.reasoning)

    @cached_property
    def rewritten(self) -> Segmentation:
        """The rewrite, segmented in the same mode."""
        return segment(self.text, self.original.mode)

    @cached_property
    def original_units(self) -> list[str]:
        """The original's units, stripped and case-folded, punctuation included."""
        return fold_units(self.original)

    @cached_property
    def rewritten_units(self) -> list[str]:
        """The rewrite's units, stripped and case-folded, punctuation included."""
        return fold_units(self.rewritten)

    @cached_property
    def original_content(self) -> ContentUnits:
        """The original's units without punctuation, by step."""
        return extract_content(self.original, self.original_units)

    @cached_property
    def rewritten_content(self) -> ContentUnits:
        """The rewrite's units without punctuation, by step."""
        return extract_content(self.rewritten, self.rewritten_units)

    @cached_property
    def whole_contents(self) -> tuple[ContentUnits, ContentUnits]:
        """Both contents by whole paragraphs or lines, long ones too: the original's and the rewrite's."""
        original = extract_content(join_cut_lines(self.original), self.original_units)
        return original, extract_content(join_cut_lines(self.rewritten), self.rewritten_units)
