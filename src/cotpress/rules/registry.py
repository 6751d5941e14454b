"""The rules of each level, by the level's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from cotpress.errors import OptionError
from cotpress.levels import Level
from cotpress.rules.edit import edit
from cotpress.rules.fuse import fuse
from cotpress.rules.material import Material, prepare
from cotpress.rules.preserve import preserve
from cotpress.rules.replace import replace
from cotpress.segment import Segmentation
from cotpress.types import Trace

Rule = Callable[[Material], str]
RULES: Final[dict[str, Rule]] = {"preserve": preserve, "edit": edit, "fuse": fuse, "replace": replace}


def rewrite_by_rules(
    trace: Trace, level: Level, domain: str, ratio: float | None = None, cut: Segmentation | None = None
) -> str:
    """The trace's reasoning, rewritten at a level without a model. Never empty for reasoning that is not.

    `ratio` is the share of the reasoning's units to keep at most, 0..1, as far as the level's contract allows;
    None lets go of what the level always lets go of. `cut` is the reasoning cut already. The same input gives the
    same text.

    Raises:
        OptionError: there are no rules for the level.
    """
    if level.name not in RULES:
        raise OptionError(
            f"There are no rules for the level '{level.name}'.",
            f"Rules know {', '.join(RULES)}; give --rewriter openai or transformers for others.",
        )
    if not trace.reasoning.strip():
        return ""
    made = RULES[level.name](prepare(trace, level.headings(domain), ratio, cut))
    return made if re.search(r"\w", made) else trace.reasoning.strip()
