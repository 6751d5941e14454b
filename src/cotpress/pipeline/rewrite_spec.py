"""Everything that a rewriting run is asked to do. Plain data: hashing it tells one run from another."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from cotpress.chat import SamplingParameters
from cotpress.chat.backends import BACKENDS, get_backend
from cotpress.deprecation import rename_fields
from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.export import ExampleStyle
from cotpress.models import ModelSpec, make_model_spec
from cotpress.pipeline.budget_config import BudgetConfig
from cotpress.pipeline.compression_spec import check_export
from cotpress.pipeline.decontamination import compute_index_key
from cotpress.pruning import AUTO_KEEP
from cotpress.rewriting import NO_HINT, RewritePolicy, check_domain
from cotpress.rewriting.checks import validate_check_names
from cotpress.rewriting.levels import Level, get_level
from cotpress.rewriting.oracle import ORACLE, check_oracle, is_oracle, parse_oracle_name
from cotpress.rewriting.rules import check_rules

RULES = "rules"  # asks no model, as the oracle of generated traces; the other rewriters are chat backends


@dataclass(frozen=True, slots=True)
class RewriterConfig:
    """Which rewriter, and where it is found.

    Args:
        name: "rules"; "oracle" or a dose of it, such as "oracle-drop-0.25", for generated traces in a study; or a chat
            backend that asks a model.
        model: what the endpoint, the hub or the disk knows the model by. Revision, device and dtype belong to backends
            of this process.
        base_url: of an endpoint; the backend's own default otherwise.

    Raises:
        OptionError: on construction, for a choice that is unknown or contradicts itself.
    """

    name: str = "rules"
    model: ModelSpec = ModelSpec()  # noqa: RUF009 (frozen)
    base_url: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", make_model_spec(self.model))  # a name or a path will do, too
        if is_oracle(self.name):
            parse_oracle_name(self.name)
        elif self.name != RULES and self.name not in BACKENDS and ":" not in self.name:
            raise build_unknown_name_error("rewriter", self.name, (RULES, ORACLE, *BACKENDS))
        if not self.asks_model and (self.model.name or self.base_url):
            raise OptionError(
                f"The rewriter '{self.name}' takes no model and no URL.", "Give --rewriter openai with them."
            )
        if self.asks_model and not self.model.name:
            raise OptionError(f"The rewriter '{self.name}' needs a model.", "Give --model NAME.")
        if self.asks_model and get_backend(self.name).is_local and self.base_url:
            raise OptionError(f"The rewriter '{self.name}' takes no URL.", "Give --rewriter openai with it.")

    @property
    def asks_model(self) -> bool:
        """Whether a language model writes the drafts."""
        return self.name != RULES and not is_oracle(self.name)

    def to_dict(self) -> dict[str, Any]:
        """Everything that the replies depend on, as flat JSON-able data."""
        model = self.model.to_dict()
        del model["limits"]
        return {"name": self.name, "model": model.pop("model"), "base_url": self.base_url, **model}


@rename_fields(steering="policy", endpoint="rewriter")
@dataclass(frozen=True, slots=True)
class RewriteSpec:
    """One rewriting run: level, rewriter, budget, policy, counting and export.

    Raises:
        OptionError: on construction, for choices that contradict each other.
    """

    level: str = "edit"
    rewriter: RewriterConfig = field(default_factory=RewriterConfig)
    keep: tuple[str, ...] = ()
    policy: RewritePolicy = field(default_factory=RewritePolicy)
    sampling: SamplingParameters = field(default_factory=SamplingParameters)
    domain: str = "auto"
    tokenizer: str = ""
    style: ExampleStyle = field(default_factory=ExampleStyle)
    format: str = "messages"
    drop_wrong: bool = False
    decontaminate: tuple[str, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        check_export(self.format, self.style)
        validate_check_names(get_level(self.level))
        if self.rewriter.name == RULES:
            check_rules(get_level(self.level))
        if not self.rewriter.asks_model:
            check_no_hint(self.policy)
        if is_oracle(self.rewriter.name):
            check_oracle(get_level(self.level))
        check_domain(self.domain)
        check_budget(self.keep, self.policy)

    @property
    def resolved_level(self) -> Level:
        """The level as its file states it."""
        return get_level(self.level)

    @property
    def target(self) -> float | None:
        """The one keep ratio that was asked for, None for none or a mix."""
        return BudgetConfig(keep=self.keep).target if self.keep else None

    def to_dict(self) -> dict[str, Any]:
        """The job as JSON-able data, with the level in full, for keys and summaries."""
        level = asdict(self.resolved_level)
        sections = {domain: list(headings) for domain, headings in level["sections"].items()}
        return {**asdict(self), "level": {**level, "sections": sections}, "rewriter": self.rewriter.to_dict()}

    def to_key(self) -> dict[str, Any]:
        """What the outcomes depend on."""
        return {**self.to_dict(), "benchmarks": compute_index_key(self.decontaminate)}


def check_no_hint(policy: RewritePolicy) -> None:
    """Raises OptionError where a hint is given to a rewriter that asks no model.

    >>> check_no_hint(RewritePolicy(hint="backbone"))
    Traceback (most recent call last):
    cotpress.errors.OptionError: A hint is for a language model; the rules choose by the backbone already. Leave ...
    """
    if policy.hint != NO_HINT:
        raise OptionError(
            "A hint is for a language model; the rules choose by the backbone already.",
            "Leave the hint out, or give a rewriter that asks a model.",
        )


def check_budget(keep: tuple[str, ...], policy: RewritePolicy) -> None:
    """Raises OptionError for keep ratios that no rewriter can aim at, or a fallback that needs one and has none.

    >>> check_budget(("0.5",), RewritePolicy(fallback="prune"))
    """
    if AUTO_KEEP in keep:
        raise OptionError(
            "--keep auto is for pruning: it chooses among the steps of a trace.", "Give --keep RATIO, or none."
        )
    if keep:
        BudgetConfig(keep=keep)
    elif policy.fallback == "prune":
        raise OptionError("The fallback 'prune' needs a budget.", "Give --keep RATIO, or another fallback.")
