"""Options of pruning, signals and training sets, as dataclasses that the parser flattens: verbs share them.

Those of reading are in `read_options.py`. Nothing heavy is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from cotpress.cli.options.choices import (
    BUDGET_MEASURES,
    BUDGET_SCOPES,
    DOMAINS,
    FORMULAS,
    GOALS,
    GRANULARITIES,
    PATHS,
    REDUCTIONS,
    REGIMES,
    SHORTFALLS,
    STEP_MODES,
    describe_choices,
    list_choices,
    offer,
)
from cotpress.cli.options.model_options import ModelOptions
from cotpress.cli.options.server_options import ServerOptions
from cotpress.errors import OptionError, build_unknown_name_error

if TYPE_CHECKING:
    from cotpress.export import ExampleStyle
    from cotpress.models import ModelSpec
    from cotpress.pipeline import BudgetConfig, CompressionSpec, SignalSourceConfig
    from cotpress.pruning import Method
    from cotpress.traces import TraceReader

PRUNING_GROUP = Group("What is kept", sort_key=2)
SIGNAL_GROUP = Group("Signals", sort_key=3)
EXPORT_GROUP = Group("Training set", sort_key=4)
AUTO_GROUP = Group("Settings by advice", sort_key=5)
DEFAULT_COVERAGE = 0.95  # that of `cotpress.pruning`, which a help text does not import
DEFAULT_SPREAD = 2.0  # that of `cotpress.pruning`
DEFAULT_PROTECTIONS = ("answer", "symbols-first")
REPEATABLE = Parameter(negative=(), consume_multiple=False)


_CRITERION_HELP = describe_choices("criteria", "cotpress.criteria", ", or module:function; see cotpress criteria")
_KEEP_HELP = (
    "auto (what the answer rests on and no more), or the fraction of reasoning tokens kept; several, as 0.9,0.5,0.3, "
    "are mixed over the traces. By default auto where the criterion knows what the answer rests on, else 0.5."
)
_BUDGET_PER_HELP = (
    "What --keep RATIO and --max-tokens hold for: each trace; all reasoning of a conversation together, so that turns "
    "with more redundancy give more; or (--keep alone) the corpus."
)
_BUDGET_BY_HELP = (
    "difficulty: traces of easy questions keep less than --keep RATIO and those of hard ones more, all together the "
    "ratio. It is the column difficulty, 0 (easy) to 1, or the share of a question's samples that are not right."
)
_PROTECT_HELP = (
    f"Keep these too: {describe_choices('pruning/protection', 'cotpress.protections', ', or module:function')} "
    "answer and symbols-first are by default, none switches them off; symbols-first gives way to the budget."
)
_SOURCE_HELP = (
    f"auto, {describe_choices('pipeline/source_kinds', 'cotpress.signal_sources', ' (as that package does it)')} "
    "auto: the model named, else the n-gram model. Several, as NAME,NAME, for a criterion that reads several."
)
_EXPORT_HELP = (
    "auto (same where rows have several turns, tool calls or other parts, else messages), same (rows of the input's "
    f"own shape), {describe_choices('export/formats', 'cotpress.export_formats', ', or module:object')}"
)
_CRITERIA = offer(*list_choices("criteria", "cotpress.criteria"))
_PROTECTIONS = offer(*list_choices("pruning/protection", "cotpress.protections"), "none")
_KEEP = Parameter(help=_KEEP_HELP, metavar="RATIO", completer=offer("auto"))
_PROTECT = Parameter(help=_PROTECT_HELP, metavar="NAME", completer=_PROTECTIONS)
_SOURCES = offer("auto", *list_choices("pipeline/source_kinds", "cotpress.signal_sources"))
_EXPORTS = offer("auto", "same", *list_choices("export/formats", "cotpress.export_formats"))


@Parameter(name="*", group=AUTO_GROUP)
@dataclass(frozen=True)
class AutoOptions:
    """Advice in place of settings of one's own."""

    auto: Annotated[bool, Parameter(negative=())] = False
    "Apply what cotpress advise says, in place of criterion, granularity, keep and protect."
    domain: Annotated[str, Parameter(choices=DOMAINS)] = ""
    "What the traces are about; by their look where it is not given."
    regime: Annotated[str, Parameter(choices=REGIMES)] = ""
    "How the teacher reasons; by the share of reflective steps where it is not given."
    goal: Annotated[str, Parameter(choices=GOALS)] = "train-cost"
    "Which cost is to be lowered."
    study: Path | None = None
    "Run of cotpress sweep that the advice is taken from; what this project measured without one."


@Parameter(name="*", group=PRUNING_GROUP)
@dataclass(frozen=True)
class PruningOptions:
    """Criterion, granularity, budget and protection."""

    criterion: Annotated[str, Parameter(help=_CRITERION_HELP, metavar="NAME", completer=_CRITERIA)] = "backbone"
    granularity: Annotated[str, Parameter(choices=GRANULARITIES)] = "step"
    "What is deleted: whole steps, or single tokens (units: words, numbers, operators, LaTeX commands)."
    keep: Annotated[
        tuple[str, ...], REPEATABLE, Parameter(help=_KEEP_HELP, metavar="RATIO", completer=offer("auto"))
    ] = ()
    coverage: float = DEFAULT_COVERAGE
    "Share of what the answer rests on that --keep auto keeps."
    max_tokens: int | None = None
    "Keep at most this many tokens of each trace; with --keep, at most what that allows, too."
    budget_per: Annotated[str, Parameter(choices=BUDGET_SCOPES, help=_BUDGET_PER_HELP)] = "trace"
    budget_by: Annotated[str, Parameter(choices=BUDGET_MEASURES, help=_BUDGET_BY_HELP)] = "nothing"
    spread: float = DEFAULT_SPREAD
    "With --budget-by: how many times the share of an easiest question's trace that of a hardest one is."
    corpus: Annotated[bool, Parameter(negative=())] = False
    "The same as --budget-per corpus: one threshold for all traces together, so that easy ones shrink more."
    shortfall: Annotated[str, Parameter(choices=SHORTFALLS)] = "finer"
    "Where whole steps miss a budget: finer (clauses; words where it calculates), units, whole, accept (what fits)."
    allow_empty: Annotated[bool, Parameter(negative=())] = False
    "Keep traces that lose all of their reasoning: they train the answer alone."
    protect: Annotated[
        tuple[str, ...], REPEATABLE, Parameter(help=_PROTECT_HELP, metavar="NAME", completer=_PROTECTIONS)
    ] = ()
    protect_regex: Annotated[tuple[str, ...], REPEATABLE, Parameter(metavar="REGEX")] = ()
    "Keep what this regular expression matches."
    formulas: Annotated[str, Parameter(choices=FORMULAS)] = "whole"
    "At token granularity: formulas stay or go whole, or are pruned inside."
    steps: Annotated[str, Parameter(choices=STEP_MODES)] = "auto"
    "How reasoning is cut into steps; auto: by the look of each trace."
    reduction: Annotated[str, Parameter(choices=REDUCTIONS)] = "auto"
    "How token values make a step's importance; auto: as the criterion's source does."
    fill: Annotated[bool, Parameter(negative=())] = False
    "Pack what still fits into the budget; smaller budgets no longer nest in larger ones."
    seed: int = 0
    "Seed of the random criteria and of mixed budgets."
    drop_restatements: Annotated[bool, Parameter(negative=())] = False
    "A control: also remove what states the answer before its final statement."
    auto: AutoOptions = AutoOptions()

    def build_method(self) -> Method:
        """The pruning method."""
        from cotpress.pruning import Method

        names = [name.strip() for option in self.protect for name in option.split(",") if name.strip()]
        wanted = [name for name in names if name != "none"] if "none" in names else [*DEFAULT_PROTECTIONS, *names]
        return Method(
            criterion=self.criterion,
            granularity=self.granularity,
            protect=tuple(dict.fromkeys(wanted)),
            patterns=self.protect_regex,
            steps=self.steps,
            reduction=self.reduction,
            fill=self.fill,
            seed=self.seed,
            drop_restatements=self.drop_restatements,
            formulas=self.formulas,
        )

    def build_budget(self) -> BudgetConfig:
        """The budget."""
        from cotpress.pipeline import BudgetConfig

        if self.budget_per not in BUDGET_SCOPES:
            raise build_unknown_name_error("budget", self.budget_per, BUDGET_SCOPES)
        if self.budget_by not in BUDGET_MEASURES:
            raise build_unknown_name_error("measure of a budget", self.budget_by, BUDGET_MEASURES)
        return BudgetConfig(
            keep=parse_keep_ratios(self.keep),
            max_tokens=self.max_tokens,
            corpus=self.corpus or self.budget_per == "corpus",
            conversation=self.budget_per == "conversation",
            difficulty=self.budget_by == "difficulty",
            spread=self.spread,
            coverage=self.coverage,
            shortfall=self.shortfall,
            allow_empty=self.allow_empty,
        )


@Parameter(name="*", group=SIGNAL_GROUP)
@dataclass(frozen=True)
class SignalOptions:
    """Where nll, entropy and saliency come from, and what counts tokens."""

    source: Annotated[str, Parameter(help=_SOURCE_HELP, metavar="NAME", completer=_SOURCES)] = "auto"
    model: Annotated[str, PATHS] = ""
    "Hub id, folder or .gguf file of the scoring model; several, as A,B, for several sources that need one."
    context: int | None = None
    "Tokens that the model looks at together, prompt included; the model's own limit by default."
    batch_tokens: int | None = None
    "Tokens run through the model together; what suits the device by default."
    tokenizer: Annotated[str, PATHS] = ""
    "The student's tokenizer, to count with: hub id, folder, file, or embedded model; units by default."
    store: Path | None = None
    "Folder where signals are kept for later runs; $COTPRESS_CACHE or ~/.cache/cotpress by default."
    run: ModelOptions = ModelOptions()  # noqa: RUF009 (frozen)
    server: ServerOptions = ServerOptions()  # noqa: RUF009 (frozen)

    def build_scoring(self) -> SignalSourceConfig | tuple[SignalSourceConfig, ...]:
        """The choice of one signal source, or of several, as "ngram,saliency".

        Raises:
            OptionError: the models are not as many as the sources that need one.
        """
        from cotpress.pipeline import SIGNAL_SOURCES, SignalSourceConfig

        kinds = [kind.strip() for kind in self.source.split(",") if kind.strip()]
        if len(kinds) < 2:
            return SignalSourceConfig(self.source, self._build_model(self.model), server=self.server.build_config())
        asking = [kind for kind in kinds if SIGNAL_SOURCES.get_entry(kind).needs_model]
        models = [model.strip() for model in self.model.split(",") if model.strip()]
        if len(models) != len(asking):
            raise OptionError(
                f"The sources {', '.join(kinds)} need {len(asking)} models; --model names {len(models)}.",
                "Give --model A,B: one for each source that needs one, in the same order.",
            )
        named = dict(zip(asking, models, strict=True))
        served, local = self.server.build_config(), SignalSourceConfig().server
        return tuple(
            SignalSourceConfig(
                kind,
                self._build_model(named.get(kind, "")),
                server=served if SIGNAL_SOURCES.get_entry(kind).asks_server else local,
            )
            for kind in kinds
        )

    def _build_model(self, name: str) -> ModelSpec:
        from cotpress.models import InferenceLimits

        return replace(self.run.build_spec(name), limits=InferenceLimits(self.context, self.batch_tokens))

    def resolve_store(self) -> Path:
        """The folder of the signal store."""
        from cotpress.storage import get_cache_folder

        return self.store or get_cache_folder()


def parse_keep_ratios(options: tuple[str, ...]) -> tuple[str, ...]:
    """Keep ratios as written: several options, several in one, or both."""
    ratios = tuple(ratio.strip() for option in options for ratio in option.split(",") if ratio.strip())
    if ratios[:1] == ("0",) and len(ratios) == 2 and ratios[1].isdecimal():
        written = ",".join(ratios)
        raise OptionError(
            f"--keep {written} is two ratios, 0 and {ratios[1]}.",
            f"A fraction has a point: --keep 0.{ratios[1]}.",
        )
    if options and not ratios:
        raise OptionError("--keep was given without a ratio.", "Give the fraction to keep, such as 0.5, or auto.")
    return ratios


@Parameter(name="*", group=EXPORT_GROUP)
@dataclass(frozen=True)
class ExportOptions:
    """How the training set is worded."""

    export: Annotated[str, Parameter(help=_EXPORT_HELP, metavar="NAME", completer=_EXPORTS)] = "auto"
    think: Annotated[str, Parameter(completer=offer("auto", "none"))] = "auto"
    "Think tags that are written: auto (where the source had them), none, or OPEN,CLOSE. --think-tags is for the input."
    ratio_prompt: str | None = None
    "Sentence that states the budget in the prompt, with {ratio} or {percent}; 'default' has one ready."
    drop_wrong: Annotated[bool, Parameter(negative=())] = False
    "Reject traces whose stated answer is not the gold one; one that cannot be compared is none."
    decontaminate: Annotated[tuple[str, ...], REPEATABLE] = ()
    "Reject traces whose question this benchmark has: NAME, or NAME=FILE; repeated for several."

    def choose(self, reading: TraceReader | None) -> ExportOptions:
        """The same with a format in place of "auto": by what is read, or messages where an executor reads it."""
        if self.export != "auto":
            return self
        return replace(self, export="same" if reading is not None and reading.is_structured else "messages")

    def build_style(self) -> ExampleStyle:
        """The wording of examples."""
        from cotpress.export import DEFAULT_RATIO_PROMPT, ExampleStyle

        stated = DEFAULT_RATIO_PROMPT if self.ratio_prompt == "default" else self.ratio_prompt or ""
        return ExampleStyle(self.think, stated)

    def build_spec(self, choose: PruningOptions, score: SignalOptions) -> CompressionSpec:
        """All options of a pruning run together."""
        from cotpress.pipeline import CompressionSpec

        return CompressionSpec(
            method=choose.build_method(),
            budget=choose.build_budget(),
            scoring=score.build_scoring(),
            tokenizer=score.tokenizer,
            style=self.build_style(),
            format=self.export,
            drop_wrong=self.drop_wrong,
            decontaminate=self.decontaminate,
        )
