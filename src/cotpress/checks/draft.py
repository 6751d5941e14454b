"""A rewrite under examination, and how checks see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cotpress.checks.content import Content, content_of, folded
from cotpress.levels import Level
from cotpress.segment import Segmentation, segment
from cotpress.types import Trace


@dataclass(frozen=True)
class Draft:
    """What a rewriter made of a trace, before anybody has looked at it.

    `domain` is "math" or "general"; `finish` is why the writer stopped: "stop" when it was done, "length"
    when it was cut off; `cut` is the original reasoning where somebody has cut it already. Both texts are cut
    into steps in the same mode, the one that suits the original.
    What several checks need is worked out once.
    """

    trace: Trace
    text: str
    level: Level
    domain: str = "math"
    finish: str = "stop"
    cut: Segmentation | None = None

    @cached_property
    def original(self) -> Segmentation:
        """The original reasoning, cut."""
        return self.cut or segment(self.trace.reasoning)

    @cached_property
    def rewritten(self) -> Segmentation:
        """The rewrite, cut in the same mode."""
        return segment(self.text, self.original.mode)

    @cached_property
    def original_units(self) -> list[str]:
        """The original's units, stripped and case-folded, punctuation included."""
        return folded(self.original)

    @cached_property
    def rewritten_units(self) -> list[str]:
        """The rewrite's units, stripped and case-folded, punctuation included."""
        return folded(self.rewritten)

    @cached_property
    def original_content(self) -> Content:
        """The original's units without punctuation, by step."""
        return content_of(self.original, self.original_units)

    @cached_property
    def rewritten_content(self) -> Content:
        """The rewrite's units without punctuation, by step."""
        return content_of(self.rewritten, self.rewritten_units)
