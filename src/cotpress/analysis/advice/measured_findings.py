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


_BACKBONE, _GRID, _WORLD = "docs/results/backbone.md", "docs/results/world-grid.md", "docs/results/world.md"
_GUIDES = "docs/guides.md"
MEASURED_FINDINGS: Final = (
    MeasuredFinding(
        f"{STUDENTS}: sentence steps by backbone at keep auto, realized ratio 0.25, leave 0.90 and 0.64 (means of "
        "three seeds) where whole traces give 1.00, and random pruning and NLL at 0.28 leave 0.08 to 0.13",
        _BACKBONE,
        ("math",),
        ("long",),
    ),
    MeasuredFinding(
        "145 LIMO-R1 traces that no parameter was chosen on, no student: at keep 0.5 the backbone keeps 97% of the "
        "formal content of an independent human solution, random pruning 89%, mean NLL of the n-gram model 71%",
        _BACKBONE,
        ("math",),
        ("long",),
    ),
    MeasuredFinding(
        "Qwen3-8B thinking against its own short answers, no student: the backbone keeps 80% of the words at keep 0.3, "
        "random pruning 70%; the gap is far smaller than in Math",
        _BACKBONE,
        ("general",),
        ("long",),
    ),
    MeasuredFinding(
        "2,000 GSM8K and 2,290 StrategyQA traces, no student: keep auto leaves 98.7% and 99.7% of their tokens, as "
        "short traces say hardly anything twice",
        _GUIDES,
        regimes=("short",),
    ),
    MeasuredFinding(
        f"{STUDENTS}: steps at a realized ratio of 0.67 leave 0.17 to 0.35 by entropy and NLL, as by random pruning, "
        "and 0.96 to 0.99 by a trained classifier; at 0.46 entropy and NLL keep 20% and 23% of the essential units",
        _GRID,
        ("math",),
        ("long",),
        "at step level the criteria agree on what to keep, so that the choice matters little (arXiv 2606.21704)",
    ),
    MeasuredFinding(
        f"{STUDENTS}: at a realized ratio of 0.67, deleting reflective steps first leaves 0.83 and 0.89, entropy, NLL "
        "and random pruning 0.17 to 0.35, a trained classifier 0.99 and 0.96",
        _GRID,
        ("math",),
        ("long",),
    ),
    MeasuredFinding(
        f"{STUDENTS}, rewriting by the rules: replace leaves 0.16 and 0.45, fuse 0.94, where whole traces give 1.00; "
        "their answers can be looked up in the question, and no model's rewriting was measured",
        _GRID,
        ("general",),
        ("long",),
        "outside mathematics aggressive rewriting matches or beats preservation (arXiv 2606.21704)",
    ),
    MeasuredFinding(
        f"{STUDENTS}: natively short traces teach as much at an inference ratio of 0.2; take them where there are any",
        _WORLD,
        regimes=("long",),
    ),
)
