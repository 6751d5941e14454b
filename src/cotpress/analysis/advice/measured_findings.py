"""What this project measured, as far as advice without a study rests on it: the figures of docs/results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STUDENTS: Final = "students of the micro world (0.7 and 1.0 million parameters)"


@dataclass(frozen=True, slots=True)
class MeasuredFinding:
    """What was measured, in a sentence with its figures, for some domains and regimes; `page` has the figures.

    `contradicts` is the published claim that it speaks against, "" for none.
    """

    sentence: str
    page: str
    domains: tuple[str, ...] = ("math", "general")
    regimes: tuple[str, ...] = ("long", "short")
    contradicts: str = ""

    def concerns(self, domain: str, regime: str) -> bool:
        """Whether it was measured on this domain and regime.

        >>> MEASURED_FINDINGS[0].concerns("math", "long")
        True
        """
        return domain in self.domains and regime in self.regimes


_BACKBONE, _WORLD = "docs/results/backbone.md", "docs/results/world.md"
_GUIDES = "docs/guides.md"
MEASURED_FINDINGS: Final = (
    MeasuredFinding(
        f"{STUDENTS}: sentence steps by backbone at keep auto, realized ratio 0.24, leave 1.00 and 1.00 (means of "
        "three seeds) where whole traces give 0.95 and 1.00; at 0.28 eight of nine other criteria leave 0.11 to 0.31",
        _WORLD,
        ("math",),
        ("long",),
    ),
    MeasuredFinding(
        f"{STUDENTS}: where the reasoning follows a state move by move, the backbone at keep auto, realized ratio "
        "0.35, leaves 0.98 and 0.90 of 0.99 and 1.00, and at 0.28 0.75 and 0.65 (random pruning 0.25 and 0.30): do "
        "not go below auto there",
        _WORLD,
        ("general",),
        ("long",),
    ),
    MeasuredFinding(
        "145 LIMO-R1 traces that no parameter was chosen on, no student: at keep 0.5 the backbone keeps 95% of the "
        "formal content of an independent human solution, random pruning 88%, mean NLL of the n-gram model 74%",
        _BACKBONE,
        ("math",),
        ("long",),
    ),
    MeasuredFinding(
        "Qwen3-8B thinking against its own short answers, no student: the backbone keeps 76% of the words at keep 0.3, "
        "random pruning 72%; the gap is far smaller than in Math",
        _BACKBONE,
        ("general",),
        ("long",),
    ),
    MeasuredFinding(
        "2,000 GSM8K and 2,290 StrategyQA traces, no student: keep auto leaves 99.2% and 99.7% of their tokens, as "
        "short traces say hardly anything twice",
        _GUIDES,
        regimes=("short",),
    ),
    MeasuredFinding(
        f"{STUDENTS}: sentences at a realized ratio of 0.28 leave 0.14 and 0.11 by NLL, 0.14 and 0.24 by random "
        "pruning, and 0.96 and 0.99 by the backbone",
        _WORLD,
        ("math",),
        ("long",),
        "at step level the criteria agree on what to keep, so that the choice matters little (arXiv 2606.21704)",
    ),
    MeasuredFinding(
        f"{STUDENTS}: an oracle that writes every level from the truth leaves 0.94 to 1.00 at a realized ratio of 0.13 "
        "to 0.25, with no fall from level to level; the rules leave 0.62 to 0.99 at 0.54 to 0.60",
        _WORLD,
        ("math",),
        ("long",),
        "in mathematics accuracy falls with restructuring (arXiv 2606.21704)",
    ),
    MeasuredFinding(
        f"{STUDENTS}: all four levels leave 0.89 to 0.97 written by an oracle at a realized ratio of 0.25 to 0.32, and "
        "0.95 to 1.00 written by the rules at about 0.48; no model's rewriting was measured",
        _WORLD,
        ("general",),
        ("long",),
    ),
    MeasuredFinding(
        f"{STUDENTS}: natively short traces teach as much at an inference ratio of 0.2 to 0.4; take them where there "
        "are any",
        _WORLD,
        regimes=("long",),
    ),
)
