"""Everything that a rewriting run is asked to do. Plain data: hashing it tells one run from another."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from cotpress.chat import Sampling
from cotpress.checks import check_names
from cotpress.errors import OptionError, unknown_name
from cotpress.export import Style, get_format
from cotpress.levels import Level, get_level
from cotpress.pipeline.job import Amount
from cotpress.rewriting import Steering, check_domain

REWRITERS = ("rules", "openai", "transformers")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Which rewriter, and where it is found.

    `name` is one of REWRITERS; `model` what the endpoint, the hub or the disk knows the model by. `base_url`
    belongs to "openai" (its own default otherwise), `revision`, `device` and `dtype` to "transformers".

    Raises:
        OptionError: on construction, for a choice that is unknown or contradicts itself.
    """

    name: str = "rules"
    model: str = ""
    base_url: str = ""
    revision: str = ""
    device: str = ""
    dtype: str = ""
    trust_remote_code: bool = False

    def __post_init__(self) -> None:
        if self.name not in REWRITERS:
            raise unknown_name("rewriter", self.name, REWRITERS)
        if self.name == "rules" and (self.model or self.base_url):
            raise OptionError("The rewriter 'rules' takes no model and no URL.", "Give --rewriter openai with them.")
        if self.name != "rules" and not self.model:
            raise OptionError(f"The rewriter '{self.name}' needs a model.", "Give --model NAME.")
        if self.name == "transformers" and self.base_url:
            raise OptionError("The rewriter 'transformers' takes no URL.", "Give --rewriter openai with it.")


@dataclass(frozen=True, slots=True)
class RewriteJob:
    """One rewriting run: level, rewriter, amount, steering, counting and export.

    Raises:
        OptionError: on construction, for choices that contradict each other.
    """

    level: str = "edit"
    endpoint: Endpoint = field(default_factory=Endpoint)
    keep: tuple[str, ...] = ()
    steering: Steering = field(default_factory=Steering)
    sampling: Sampling = field(default_factory=Sampling)
    domain: str = "auto"
    tokenizer: str = ""
    style: Style = field(default_factory=Style)
    format: str = "messages"
    drop_wrong: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        get_format(self.format)
        check_names(get_level(self.level))
        check_domain(self.domain)
        if self.keep:
            Amount(keep=self.keep)
        elif self.steering.fallback == "prune":
            raise OptionError("The fallback 'prune' needs a budget.", "Give --keep RATIO, or another fallback.")

    @property
    def found_level(self) -> Level:
        """The level as its file states it."""
        return get_level(self.level)

    @property
    def target(self) -> float | None:
        """The one keep ratio that was asked for, None for none or a mix."""
        return Amount(keep=self.keep).target if self.keep else None

    def described(self) -> dict[str, Any]:
        """The job as JSON-able data, with the level in full, for keys and summaries."""
        level = asdict(self.found_level)
        return {**asdict(self), "level": {**level, "sections": {key: list(v) for key, v in level["sections"].items()}}}
