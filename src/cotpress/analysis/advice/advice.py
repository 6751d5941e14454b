"""What is advised: settings, what they should come to, on what evidence."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from cotpress.analysis.constants import RETENTION_THRESHOLD
from cotpress.deprecation import rename_fields
from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.notebook_view import NotebookView
from cotpress.number_formatting import count_noun
from cotpress.tables import split_reduction
from cotpress.types import DOMAINS, REGIMES

GOALS = ("train-cost", "inference-cost")
LOWER_BOUND_WARNING = (
    "The training ratio is a lower bound on the cost of inference: students of long traces tend to stay verbose, and "
    "to generate more than the ratio that they were trained at."
)


@dataclass(frozen=True, slots=True)
class StudyModels:
    """What a study measured with, "" where there is none: the model behind nll and entropy (or "ngram"), the token
    classifier behind saliency, the tokenizer that counted, and who rewrote ("rules", or a model at an endpoint)."""

    scorer: str = ""
    saliency: str = ""
    tokenizer: str = ""
    rewriter: str = ""
    rewriter_model: str = ""
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class AdviceRequest:
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
    threshold: float = RETENTION_THRESHOLD

    def __post_init__(self) -> None:
        for name, value, known in (
            ("domain", self.domain, DOMAINS),
            ("regime", self.regime, REGIMES),
            ("goal", self.goal, GOALS),
        ):
            if value not in known:
                raise build_unknown_name_error(name, value, known)
        for name, ratio in (("budget", self.budget), ("threshold", self.threshold)):
            if ratio is not None and not 0 < ratio <= 1:
                raise OptionError(f"The {name} {ratio:g} is out of range.", "Give a fraction above 0 and up to 1.")


@dataclass(frozen=True, slots=True)
class ExpectedValue:
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


@rename_fields(source="basis")
@dataclass(frozen=True, slots=True)
class Advice(NotebookView):
    """Settings with what they should come to. `kind` is "criterion", "level" or "baseline": "uncompressed" leaves the
    traces as they are, "native-short" takes those of a second source. `keep` is the target ratio, None for a level
    without a budget and for a criterion with keep "auto". `basis` says who measured what it rests on;
    `disagreements` are published findings that those data contradict; `models` are what it was measured with.
    `cells` are the ids of the study's cells that it rests on: of what is advised, of the uncompressed student, of the
    other ways that keep the accuracy (of all ways, where none does); none without a study. `is_certain` where a study
    of three training seeds or more shows that the accuracy stays."""

    kind: str
    method: str
    granularity: str
    symbols: bool
    keep: float | None
    retention: ExpectedValue
    inference: ExpectedValue
    basis: str
    evidence: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()
    models: StudyModels = StudyModels()
    cells: tuple[str, ...] = ()
    is_certain: bool = False

    def __repr__(self) -> str:
        certain = "certain" if self.is_certain else "not certain"
        return f"Advice({self.command!r}, {certain}, {count_noun(len(self.warnings), 'warning')})"

    @property
    def command(self) -> str:
        """What to type."""
        if self.kind == "baseline":
            traces = "short-traces.jsonl" if self.method == "native-short" else "traces.jsonl"
            return f"cotpress compress {traces} -o out/ --criterion head --keep 1"
        return " ".join(
            [
                *(self._level_words if self.kind == "level" else self._pruning_words),
                *_format_option("tokenizer", self.models.tokenizer),
            ]
        )

    @property
    def _level_words(self) -> list[str]:
        keep = [] if self.keep is None else ["--keep", f"{self.keep:g}"]
        words = ["cotpress rewrite traces.jsonl -o out/ --level", self.method, *keep]
        if self.models.rewriter in ("", "rules"):
            return words
        model, url = (
            _format_option("model", self.models.rewriter_model),
            _format_option("base-url", self.models.base_url),
        )
        return [*words, *_format_option("rewriter", self.models.rewriter), *model, *url]

    @property
    def _pruning_words(self) -> list[str]:
        criterion, reduction = split_reduction(self.method)
        words = ["cotpress compress traces.jsonl -o out/ --criterion", criterion, "--granularity", self.granularity]
        words += _format_option("reduction", reduction)
        words += ["--keep", "auto" if self.keep is None else f"{self.keep:g}"]
        words += ["--protect symbols"] if self.symbols else []
        return [*words, *(word for name, value in self.scoring_options for word in _format_option(name, value))]

    @property
    def scoring_options(self) -> list[tuple[str, str]]:
        """The options that name what scores, where the criterion needs a model."""
        if split_reduction(self.method)[0] == "saliency":
            return [("source", "saliency"), ("model", self.models.saliency or "CLASSIFIER")]
        model = self.models.scorer
        if split_reduction(self.method)[0] not in ("nll", "entropy") or not model:
            return []
        return [("source", "ngram")] if model == "ngram" else [("source", "lm"), ("model", model)]


def _format_option(name: str, value: str) -> list[str]:
    return [f"--{name}", shlex.quote(value)] if value else []
