"""Everything that a compression run is asked to do. Plain data: hashing it tells one run from another."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from cotpress.criteria import get_criterion
from cotpress.errors import OptionError, unknown_name
from cotpress.export import Style, get_format
from cotpress.models import Limits
from cotpress.prune import Method, keep_ratio, token_cap

SOURCES = ("auto", "ngram", "lm", "saliency", "llmlingua")


PROVIDED = {
    "ngram": ("nll", "entropy"),
    "lm": ("nll", "entropy"),
    "saliency": ("keep_probability",),
    "llmlingua": ("keep_probability",),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is kept: one or more keep ratios (mixed over the traces), or a cap in tokens.

    `corpus` turns the ratio into one threshold for all traces together.

    Raises:
        OptionError: on construction, for values that are out of range or do not go together.
    """

    keep: tuple[str, ...] = ("0.5",)
    max_tokens: int | None = None
    corpus: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.keep, str):
            raise OptionError(f"keep='{self.keep}' is one text.", f"Give a tuple of ratios: keep=('{self.keep}',).")
        for ratio in self.keep:
            keep_ratio(ratio)
        if self.max_tokens is not None:
            token_cap(self.max_tokens)
        if not self.keep and self.max_tokens is None:
            raise OptionError("No budget was given.", "Give --keep RATIO or --max-tokens N.")
        if self.corpus and (len(self.keep) != 1 or self.max_tokens is not None):
            raise OptionError("A corpus-wide threshold takes exactly one keep ratio.", "Give one --keep RATIO.")

    @property
    def target(self) -> float | None:
        """The one keep ratio that was asked for, None for a cap or a mix."""
        return keep_ratio(self.keep[0]).ratio if self.max_tokens is None and len(self.keep) == 1 else None


@dataclass(frozen=True, slots=True)
class Scoring:
    """Where signals come from. `source` "auto" is the model where one is named, else the n-gram model.

    "llmlingua" is the saliency of the `llmlingua` package, words, chunks and percentiles included.
    """

    source: str = "auto"
    model: str = ""
    revision: str = ""
    device: str = ""
    dtype: str = ""
    limits: Limits = field(default_factory=Limits)
    trust_remote_code: bool = False

    def __post_init__(self) -> None:
        if self.source not in SOURCES:
            raise unknown_name("signal source", self.source, SOURCES)


@dataclass(frozen=True, slots=True)
class Job:
    """One compression run: method, amount, scoring, counting and export.

    Raises:
        OptionError: on construction, for choices that contradict each other.
    """

    method: Method = field(default_factory=Method)
    amount: Amount = field(default_factory=Amount)
    scoring: Scoring = field(default_factory=Scoring)
    tokenizer: str = ""
    style: Style = field(default_factory=Style)
    format: str = "messages"
    drop_wrong: bool = False

    def __post_init__(self) -> None:
        get_format(self.format)
        source, signal = self.source, get_criterion(self.method.criterion).needs
        if signal and signal not in PROVIDED[source]:
            raise OptionError(
                f"The criterion '{self.method.criterion}' cannot be read from the source '{source}'.",
                "Use --source saliency (or llmlingua) with --criterion saliency, and ngram or lm with nll and entropy.",
            )
        if source == "llmlingua":
            self._refuse_beyond_package()
        if source in ("lm", "saliency", "llmlingua") and not self.scoring.model:
            raise OptionError(f"The source '{source}' needs a model.", "Give --model HUB_ID_OR_PATH.")
        if source == "ngram" and self.scoring.model:
            raise OptionError("The source 'ngram' takes no model.", "Leave --model out, or give --source lm.")

    def _refuse_beyond_package(self) -> None:
        method, amount, limits = self.method, self.amount, self.scoring.limits
        unknown = {
            "steps (give --granularity token)": method.granularity != "token",
            "protection (give --protect none)": bool(method.protect or method.patterns),
            "filling up": method.fill,
            "budgets other than ratios": amount.corpus or amount.max_tokens is not None,
            "limits of context or batch": limits != Limits(),
            "code of a model's own": self.scoring.trust_remote_code,
        }
        asked = [what for what, wanted in unknown.items() if wanted]
        if asked:
            raise OptionError(
                f"The source 'llmlingua' does what that package does, which knows no {', no '.join(asked)}.",
                "Leave that out, or use --source saliency.",
            )

    @property
    def source(self) -> str:
        """The source that will be used, "" where the criterion reads no signal."""
        signal = get_criterion(self.method.criterion).needs
        if not signal:
            return ""
        if self.scoring.source != "auto":
            return self.scoring.source
        if signal == "keep_probability":
            return "saliency"
        return "lm" if self.scoring.model else "ngram"

    @property
    def target(self) -> float | None:
        """The one keep ratio that was asked for, None for a cap or a mix."""
        return self.amount.target

    def described(self) -> dict[str, Any]:
        """The job as JSON-able data, for keys and summaries."""
        return {**asdict(self), "source": self.source}
