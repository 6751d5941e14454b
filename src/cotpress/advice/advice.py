"""What is advised: settings, what they should come to, on what evidence."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.errors import OptionError

DOMAINS, REGIMES, GOALS = ("math", "general"), ("long", "short"), ("train-cost", "inference-cost")
LOWER_BOUND = (
    "The training ratio is a lower bound on the cost of inference: students of long traces stay verbose, and generate "
    "more than the ratio that they were trained at."
)


@dataclass(frozen=True, slots=True)
class Question:
    """What advice is asked for. `threshold` is the share of the uncompressed student's accuracy that has to stay;
    `budget` the largest keep ratio that is wanted, None for any; `student` narrows a study to one student.

    Raises:
        OptionError: on construction, for a value that is not known or out of range.
    """

    domain: str
    regime: str
    goal: str = "train-cost"
    student: str = ""
    budget: float | None = None
    threshold: float = 0.9

    def __post_init__(self) -> None:
        for name, value, known in (
            ("domain", self.domain, DOMAINS),
            ("regime", self.regime, REGIMES),
            ("goal", self.goal, GOALS),
        ):
            if value not in known:
                raise OptionError(f"There is no {name} '{value}'.", f"Known: {', '.join(known)}.")
        for name, ratio in (("budget", self.budget), ("threshold", self.threshold)):
            if ratio is not None and not 0 < ratio <= 1:
                raise OptionError(f"The {name} {ratio:g} is out of range.", "Give a fraction above 0 and up to 1.")


@dataclass(frozen=True, slots=True)
class Expected:
    """A figure with its 95% interval; None where it is not known. `low` alone is the least that it should be."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "not known" if self.low is None else f"at least {self.low:.2f}"
        if self.low is None or self.high is None:
            return f"about {self.value:.2f}"
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, slots=True)
class Advice:
    """Settings with what they should come to. `kind` is "criterion", "level" or "baseline" (leave the traces as they
    are). `keep` is the target ratio, None for a level without a budget. `source` is "published findings" or the
    study's evidence; `disagreements` are published findings that the study's data contradict."""

    kind: str
    method: str
    granularity: str
    symbols: bool
    keep: float | None
    retention: Expected
    inference: Expected
    source: str
    evidence: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """What to type."""
        if self.kind == "baseline":
            return "cotpress compress traces.jsonl -o out/ --criterion head --keep 1"
        if self.kind == "level":
            keep = "" if self.keep is None else f" --keep {self.keep:g}"
            return f"cotpress rewrite traces.jsonl -o out/ --level {self.method}{keep}"
        protect = " --protect symbols" if self.symbols else ""
        model = " --source saliency --model CLASSIFIER" if self.method == "saliency" else ""
        how = f"--criterion {self.method} --granularity {self.granularity} --keep {self.keep:g}"
        return f"cotpress compress traces.jsonl -o out/ {how}{protect}{model}"
