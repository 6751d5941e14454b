"""Everything that a compression run is asked to do. Plain data: hashing it tells one run from another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from cotpress.deprecation import rename_fields
from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.export import SAME_SHAPE, ExampleStyle, check_export_name
from cotpress.models import InferenceLimits, ModelSpec, make_model_spec
from cotpress.pipeline.budget_config import BudgetConfig
from cotpress.pipeline.decontamination import compute_index_key
from cotpress.pipeline.source_kinds import LLMLINGUA, SIGNAL_SOURCES, find_source_of
from cotpress.pruning import AUTO_KEEP, Method
from cotpress.served import ServerConfig

AUTO_SOURCE = "auto"
_EXAMPLE_MODEL = "Qwen/Qwen2.5-0.5B"
_EXAMPLE_CLASSIFIER = "microsoft/llmlingua-2-xlm-roberta-large-meetingbank"


@dataclass(frozen=True, slots=True)
class SignalSourceConfig:
    """One signal source, and its model.

    Args:
        source: a name of SIGNAL_SOURCES, or "module:object". "auto" is what the criterion reads, of several kinds where
            it reads signals of several: for nll and entropy the model where one is named, else the n-gram model.
            "llmlingua" is the saliency of the `llmlingua` package, words, chunks and
            percentiles included.
        model: what the source scores with, where it needs a model.
        steps: how steps are cut, for sources whose signals are of steps.
        server: where the model is, for sources that ask a server. With "auto", one that is named gives nll.

    Raises:
        OptionError: on construction, for a source that does not exist.

    >>> SignalSourceConfig("lm", "world-llama").model.name
    'world-llama'
    """

    source: str = AUTO_SOURCE
    model: ModelSpec = ModelSpec()  # noqa: RUF009 (frozen)
    steps: str = "auto"
    server: ServerConfig = ServerConfig()  # noqa: RUF009 (frozen)

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", make_model_spec(self.model))  # a name or a path will do, too
        if self.source != AUTO_SOURCE and self.source not in SIGNAL_SOURCES and ":" not in self.source:
            error = build_unknown_name_error("signal source", self.source, (AUTO_SOURCE, *SIGNAL_SOURCES))
            raise OptionError(error.message, f"{error.hint} The name of a model goes with --model.")

    def to_dict(self) -> dict[str, Any]:
        """The source and the model as flat JSON-able data; the server where there is one."""
        server = {"server": self.server.to_dict()} if self.server.base_url else {}
        return {"source": self.source, **self.model.to_dict(), **server}


@rename_fields(amount="budget")
@dataclass(frozen=True, slots=True)
class CompressionSpec:
    """One compression run: method, budget, signal sources, counting and export.

    Args:
        method: which segments go first.
        budget: how much is kept.
        scoring: where signals come from: one source, or several where the criterion reads signals of several.
        tokenizer: the model whose tokenizer counts; "" counts units.
        style: how examples are worded.
        format: the name of the export format.
        drop_wrong: whether traces whose stated answer is not the gold one are rejected.
        decontaminate: benchmarks, as "gsm8k" or "mine=FILE"; traces whose question they have are rejected.

    Raises:
        OptionError: on construction, for choices that contradict each other.

    >>> CompressionSpec(Method("entropy")).source
    'ngram'
    """

    method: Method = field(default_factory=Method)
    budget: BudgetConfig = field(default_factory=BudgetConfig)
    scoring: SignalSourceConfig | tuple[SignalSourceConfig, ...] = field(default_factory=SignalSourceConfig)
    tokenizer: str = ""
    style: ExampleStyle = field(default_factory=ExampleStyle)
    format: str = "messages"
    drop_wrong: bool = False
    decontaminate: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.scoring, list):
            object.__setattr__(self, "scoring", tuple(self.scoring))
        object.__setattr__(self, "budget", self.budget.resolve_keep(self.method.resolved_criterion))
        if self.style.ratio_prompt and set(self.budget.keep) == {AUTO_KEEP}:
            raise OptionError("--ratio-prompt states a keep ratio; --keep auto has none.", "Give --keep RATIO.")
        check_export(self.format, self.style)
        _check_signals(self.method, self.sources)
        _check_sources_are_read(self)
        for config in self.sources:
            _check_model(config)
        if LLMLINGUA in self.kinds:
            self._refuse_unsupported_options()

    def _refuse_unsupported_options(self) -> None:
        method, budget, model = self.method, self.budget, self.sources[0].model
        unsupported = {
            "other sources beside it": len(self.sources) > 1,
            "steps (give --granularity token)": method.granularity != "token",
            "protection (give --protect none)": bool(method.protect or method.patterns),
            "filling up": method.fill,
            "budgets other than ratios": budget.corpus
            or budget.conversation
            or budget.difficulty
            or budget.max_tokens is not None,
            "limits of context or batch": model.limits != InferenceLimits(),
            "code of a model's own": model.trust_remote_code,
        }
        asked = [what for what, wanted in unsupported.items() if wanted]
        if asked:
            raise OptionError(
                f"The source 'llmlingua' does what that package does, which knows no {', no '.join(asked)}.",
                "Leave that out, or use --source saliency.",
            )

    @property
    def sources(self) -> tuple[SignalSourceConfig, ...]:
        """The sources that will be used, each by its own name; none where the criterion reads no signal."""
        needs = self.method.resolved_criterion.needs
        configs = self.scoring if isinstance(self.scoring, tuple) else (self.scoring,)
        resolved = (kind for config in configs for kind in _resolve_auto(config, needs)) if needs else ()
        return tuple(replace(kind, steps=self.method.steps) for kind in resolved)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of these sources."""
        return tuple(config.source for config in self.sources)

    @property
    def source(self) -> str:
        """The names of these sources in one text, "" for none."""
        return ",".join(self.kinds)

    @property
    def target(self) -> float | None:
        """The one keep ratio that was asked for, None for a cap or a mix."""
        return self.budget.target

    def to_dict(self) -> dict[str, Any]:
        """The job as JSON-able data, for keys and summaries."""
        scoring = self.scoring
        described = [config.to_dict() for config in scoring] if isinstance(scoring, tuple) else scoring.to_dict()
        method = {**asdict(self.method), "reduction": self.method.resolved_reduction}
        return {**asdict(self), "method": method, "scoring": described, "source": self.source}

    def to_key(self) -> dict[str, Any]:
        """What the outcomes depend on: the job, and the version and source text of its criterion."""
        return {**self.to_dict(), "sources": self.method.key, "benchmarks": compute_index_key(self.decontaminate)}


def check_export(name: str, style: ExampleStyle) -> None:
    """Check that examples can be written in a format and a style.

    Raises:
        OptionError: there is no such format, or it is "same" and the style would change more than the reasoning.

    >>> check_export("same", ExampleStyle())
    """
    check_export_name(name)
    if name == SAME_SHAPE and style != ExampleStyle():
        raise OptionError(
            "--export same writes rows as they were read, so that --think and --ratio-prompt have nothing to say.",
            "Leave them out, or give another --export.",
        )


def _resolve_auto(config: SignalSourceConfig, needs: Iterable[str]) -> list[SignalSourceConfig]:
    if config.source != AUTO_SOURCE:
        return [config]
    if "keep_probability" in needs:
        return [replace(config, source="saliency")]
    others = {signal: find_source_of(signal) for signal in sorted(set(needs) - {"nll", "entropy"})}
    kinds = [kind for kind in dict.fromkeys(others.values()) if kind]
    given = {signal for kind in kinds for signal in SIGNAL_SOURCES.get_entry(kind).provides}
    if set(needs) - given:
        kinds.insert(0, "served" if config.server.base_url else "lm" if config.model.name else "ngram")
    return [replace(config, source=kind) for kind in kinds]


def _check_signals(method: Method, sources: tuple[SignalSourceConfig, ...]) -> None:
    """Raises OptionError: no source gives a signal that the criterion reads, or two sources give the same one."""
    needs, provided = method.resolved_criterion.needs, set[str]()
    for config in sources:
        signals = SIGNAL_SOURCES.get_entry(config.source).provides
        if twice := sorted(needs & signals & provided):
            raise OptionError(f"Two sources give the signal {', '.join(twice)}.", "Leave one of them out.")
        provided |= signals
    if missing := sorted(needs - provided):
        kinds = ", ".join(f"{name} gives {', '.join(sorted(kind.provides))}" for name, kind in SIGNAL_SOURCES.items())
        named = " and ".join(config.source for config in sources)
        raise OptionError(
            f"The criterion '{method.criterion}' reads {', '.join(missing)}"
            + (f", which {named} does not give." if named else "."),
            f"Give --source NAME, or several, as NAME,NAME: {kinds}.",
        )


def _check_sources_are_read(spec: CompressionSpec) -> None:
    """Raises OptionError: a source or a model was named, and the criterion reads none."""
    configs = spec.scoring if isinstance(spec.scoring, tuple) else (spec.scoring,)
    named = any(config.model.name or config.server.base_url or config.source != AUTO_SOURCE for config in configs)
    if named and not spec.method.resolved_criterion.needs:
        raise OptionError(
            f"The criterion '{spec.method.criterion}' reads no signal, so no source or model is asked.",
            "Leave --source and --model out, or give a criterion that reads one, such as --criterion nll.",
        )


def _check_model(config: SignalSourceConfig) -> None:
    """Raises OptionError: a model is missing, or one was named for a source that has none."""
    kind, model = SIGNAL_SOURCES.get_entry(config.source), config.model
    if kind.needs_model and not model.name:
        example = _EXAMPLE_CLASSIFIER if "keep_probability" in kind.provides else _EXAMPLE_MODEL
        raise OptionError(
            f"The source '{config.source}' needs a model.", f"Give --model HUB_ID_OR_PATH, such as {example}."
        )
    if config.server.base_url and not kind.asks_server:
        raise OptionError(
            f"The source '{config.source}' asks no server.", "Leave --base-url out, or give --source served."
        )
    if kind.asks_server:
        config.server.resolve_url()
        if model.device or model.dtype or model.limits.batch_tokens:
            raise OptionError(
                "The server runs the model as it was started.", "Leave --device, --dtype and --batch-tokens out."
            )
    if config.source == "ngram" and config.model.name:
        raise OptionError("The source 'ngram' takes no model.", "Leave --model out, or give --source lm.")
