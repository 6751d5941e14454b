"""The rules of each level, by the level's name."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Final

from cotpress.errors import OptionError
from cotpress.rewriting.levels import Level
from cotpress.rewriting.rules.parsed_trace import ParsedTrace, parse_trace
from cotpress.rewriting.rules.sentence_rules import edit, fuse, preserve
from cotpress.rewriting.rules.template_rule import replace
from cotpress.text import Segmentation
from cotpress.types import Trace

LevelRule = Callable[[ParsedTrace], str]
SECTIONS: Final = {"math": 5, "general": 4}  # that the rules of "replace" fill, by domain
RULES: Final[dict[str, LevelRule]] = {"preserve": preserve, "edit": edit, "fuse": fuse, "replace": replace}


def check_rules(level: Level) -> None:
    """Raises OptionError where a level has no rules, or rules that need a template and none is there.

    >>> from cotpress.rewriting.levels import get_level
    >>> check_rules(get_level("edit"))
    """
    if level.rules not in RULES:
        raise OptionError(
            f"There are no rules for the level '{level.rules}'.",
            f"Rules know {', '.join(RULES)}: a level file names one of them as its strategy. For others give "
            "--rewriter openai or transformers.",
        )
    if level.rules == "replace" and not all(len(level.headings(domain)) == count for domain, count in SECTIONS.items()):
        raise OptionError(
            f"The rules of 'replace' cannot fill the sections of the level '{level.name}'.",
            "Name five sections for math (given, find, plan, work, answer) and four for general (question, evidence, "
            "inference, answer), in any words.",
        )


def rewrite_by_rules(
    trace: Trace,
    level: Level,
    domain: str,
    ratio: float | None = None,
    segmentation: Segmentation | None = None,
    cautious: bool = False,
) -> str:
    """The trace's reasoning, rewritten at a level without a model. The same input gives the same text.

    It is never empty where the reasoning is not.

    Args:
        trace: what is rewritten.
        level: one that has rules: preserve, edit, fuse or replace, or whose `strategy` names one of them.
        domain: "math" or "general".
        ratio: the share of the reasoning's units to keep at most, 0..1, as far as the level allows it; None deletes
            only what the level always deletes.
        segmentation: the reasoning, where it is segmented already.
        cautious: for after a draft that failed a check: sentences that stay keep all but their surface words, and steps
            come by the backbone's need alone; the budget is met less often.

    Raises:
        OptionError: there are no rules for the level.

    >>> from cotpress.rewriting.levels import get_level
    >>> trace = Trace("1", "2 + 3?", "Okay, so we basically add. 2 + 3 is equal to 5. So the answer is 5.")
    >>> rewrite_by_rules(trace, get_level("edit"), "math")
    'We add. 2 + 3 = 5. The answer is 5.'
    """
    check_rules(level)
    if not trace.reasoning.strip():
        return ""
    parsed = parse_trace(trace, level.headings(domain), ratio, segmentation)
    text = RULES[level.rules](dataclasses.replace(parsed, cautious=cautious))
    return text if re.search(r"\w", text) else trace.reasoning.strip()
