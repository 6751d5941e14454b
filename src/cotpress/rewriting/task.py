"""What a writer is asked to do with one trace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cotpress.answers import extract_answer
from cotpress.errors import build_unknown_name_error
from cotpress.pruning import compute_token_target
from cotpress.rewriting.levels import Level
from cotpress.text import Segmentation, segment
from cotpress.token_counting import TokenCounter
from cotpress.types import DOMAINS, Trace

# Share of units that are digits, operators or formulas, above which reasoning counts as mathematical. On real
# traces: GSM8K 0.35, LIMO-R1 0.27, StrategyQA 0.03 on average.
MIN_FORMAL_SHARE = 0.1
# Dates and sizes alone ("45 billion", "in 1603") are no mathematics.
_OPERATION = re.compile(r"[=+*/×÷·^<>≤≥≈√\\]|\d\s*[-−–]\s*\d|\b(?:plus|minus|times|divided|percent|sum)\b")
NEEDED_IMPORTANCE: Final = 0.05  # above it the answer rests on a step: 1 - the default coverage of `--keep auto`
# Up to so many steps a reasoning is short: they need hardly more than each other, and phrases may go before steps.
MAX_SHORT_STEPS: Final = 16
_SEPARATOR_NAMES = {"paragraph": "blank lines", "line": "line breaks", "sentence": "the ends of sentences"}


@dataclass(frozen=True)
class RewriteTask:
    """One trace to be rewritten at one level.

    Args:
        trace: what is rewritten.
        level: what may change.
        domain: "math" or "general".
        ratio: the keep ratio to aim at, None for no budget.
        segmentation: the original reasoning, segmented.
        tokens: the tokens of the original reasoning, by the counter in use.
        hint: what a language model is told beside the trace: "none", or "backbone" for the facts that must survive.
    """

    trace: Trace
    level: Level
    domain: str
    ratio: float | None
    segmentation: Segmentation
    tokens: int
    hint: str = "none"

    @property
    def budget(self) -> int | None:
        """How many tokens the ratio leaves, None for no budget."""
        return None if self.ratio is None else compute_token_target(self.tokens, self.ratio)

    @property
    def step_count(self) -> int:
        """How many steps the original has."""
        return len(self.segmentation.steps) - 1

    @property
    def separator(self) -> str:
        """What lies between its steps, in words."""
        return _SEPARATOR_NAMES[self.segmentation.mode.removeprefix("auto/")]

    @cached_property
    def answer(self) -> str:
        """The final answer, "" where none is stated."""
        return extract_answer(self.trace.reasoning) or extract_answer(self.trace.answer) or ""


def check_domain(name: str) -> None:
    """Raises OptionError for a domain that is none of DOMAINS, nor "auto".

    >>> check_domain("maths")
    Traceback (most recent call last):
    cotpress.errors.OptionError: There is no domain 'maths'. Did you mean 'math'? Known: auto, general, math.
    """
    if name != "auto" and name not in DOMAINS:
        raise build_unknown_name_error("domain", name, ("auto", *DOMAINS))


def detect_domain(trace: Trace, segmentation: Segmentation) -> str:
    """The trace's own domain, "math" or "general"; where it has none of the two, what its reasoning looks like.

    >>> detect_domain(Trace("1", "", "2 + 3 = 5"), segment("2 + 3 = 5"))
    'math'
    """
    if trace.domain in DOMAINS:
        return str(trace.domain)
    formal = bool(len(segmentation.formal)) and segmentation.formal.mean() > MIN_FORMAL_SHARE
    return "math" if formal and _OPERATION.search(trace.reasoning) else "general"


def make_rewrite_task(
    trace: Trace,
    level: Level,
    *,
    domain: str = "auto",
    ratio: float | None = None,
    counter: TokenCounter | None = None,
    hint: str = "none",
) -> RewriteTask:
    """The task of rewriting one trace.

    Args:
        trace: what is rewritten.
        level: what may change.
        domain: "math" or "general"; "auto" for that of the trace.
        ratio: the keep ratio to aim at, None for no budget.
        counter: counts tokens; None for units.
        hint: what a language model is told beside the trace, "none" or "backbone".

    >>> from cotpress.rewriting.levels import get_level
    >>> task = make_rewrite_task(Trace("1", "2 + 3?", "Two and three. That is 5."), get_level("edit"), ratio=0.5)
    >>> task.domain, task.tokens, task.budget
    ('general', 8, 4)
    """
    segmentation = segment(trace.reasoning)
    tokens = len(segmentation.kinds) if counter is None else counter.count([trace.reasoning])[0]
    domain = detect_domain(trace, segmentation) if domain == "auto" else domain
    return RewriteTask(trace, level, domain, ratio, segmentation, tokens, hint)
