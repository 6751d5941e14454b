"""What a writer is asked to do with one trace."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cotpress.answers import stated_answer
from cotpress.errors import unknown_name
from cotpress.levels import DOMAINS, Level
from cotpress.segment import Segmentation, segment
from cotpress.tokens import TokenCounter
from cotpress.types import Trace

# Share of units that are digits, operators or formulas, above which reasoning counts as mathematical. On real
# traces: GSM8K 0.35, LIMO-R1 0.27, StrategyQA 0.03 on average.
FORMAL_SHARE = 0.1
_SEPARATORS = {"paragraph": "blank lines", "line": "line breaks", "sentence": "the ends of sentences"}


@dataclass(frozen=True)
class Assignment:
    """One trace to be rewritten at one level.

    `ratio` is the keep ratio to aim at, None for no budget; `cut` is the original reasoning, cut; `tokens` counts it
    with the counter in use.
    """

    trace: Trace
    level: Level
    domain: str
    ratio: float | None
    cut: Segmentation
    tokens: int

    @property
    def budget(self) -> int | None:
        """How many tokens the ratio leaves, None for no budget."""
        return None if self.ratio is None else int(self.tokens * self.ratio)

    @property
    def steps(self) -> int:
        """How many steps the original has."""
        return len(self.cut.steps) - 1

    @property
    def separator(self) -> str:
        """What lies between its steps, in words."""
        return _SEPARATORS[self.cut.mode.removeprefix("auto/")]

    @cached_property
    def answer(self) -> str:
        """The final answer, "" where none is stated."""
        return stated_answer(self.trace.reasoning) or stated_answer(self.trace.answer) or ""


def check_domain(name: str) -> None:
    """Raises OptionError for a domain that is none of DOMAINS, nor "auto"."""
    if name != "auto" and name not in DOMAINS:
        raise unknown_name("domain", name, ("auto", *DOMAINS))


def domain_of(trace: Trace, cut: Segmentation) -> str:
    """The trace's own domain, or what its reasoning, cut, looks like: "math" or "general"."""
    if trace.domain in DOMAINS:
        return str(trace.domain)
    return "math" if len(cut.formal) and cut.formal.mean() > FORMAL_SHARE else "general"


def assign(
    trace: Trace, level: Level, *, domain: str = "auto", ratio: float | None = None, counter: TokenCounter | None = None
) -> Assignment:
    """The assignment of one trace; `domain` is "auto" for the trace's own, `counter` counts its tokens."""
    cut = segment(trace.reasoning)
    tokens = len(cut.kinds) if counter is None else counter.count([trace.reasoning])[0]
    known = domain_of(trace, cut) if domain == "auto" else domain
    return Assignment(trace, level, known, ratio, cut, tokens)
