"""What a study is: its conditions, compressions, students and seeds. Strict: an unknown name is a fault."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from cotpress.criteria import get_criterion
from cotpress.errors import import_optional
from cotpress.pipeline.rewrite_spec import RULES
from cotpress.pipeline.source_kinds import SIGNAL_SOURCES, find_source_of
from cotpress.pruning import AUTO_KEEP, DEFAULT_COVERAGE, DEFAULT_SPREAD
from cotpress.pruning.difficulty_budget import MAX_SPREAD
from cotpress.rewriting import NO_HINT
from cotpress.rewriting.oracle import is_oracle
from cotpress.study.field_types import (
    BackendName,
    Baseline,
    Control,
    CriterionName,
    Distinct,
    FieldRole,
    HintName,
    Keep,
    LevelName,
    Natural,
    NonEmpty,
    Price,
    PruningKeep,
    ReductionName,
    RewriterName,
    Seed,
    Share,
    SourceName,
    StepMode,
)
from cotpress.types import Domain, Regime

try:
    from pydantic import (
        BaseModel,
        BeforeValidator,
        ConfigDict,
        Field,
        ValidationError,
        ValidationInfo,
        field_validator,
        model_validator,
    )
except ImportError:
    import_optional("pydantic", "study")  # says which extra brings it
    raise

__all__ = ["BaseModel", "Condition", "PruningGrid", "RewritingGrid", "Study", "StudySource", "ValidationError"]

_logger = logging.getLogger("cotpress")

WORLD = "world"
KEEP_PROBABILITY = "keep_probability"
SIGNALS_OF_SCORER = frozenset({"nll", "entropy"})
NGRAM = "ngram"


class _StrictModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Condition(_StrictModel):
    """A source of traces, and the benchmarks that its students are asked."""

    traces: str | tuple[str, ...]
    "Files, a folder or a hub id; `world` for generated traces."
    fields: dict[FieldRole, str] = {}
    "Fields of the files by what they hold, where that is not recognised; as `--question` and the like name them."
    domain: Domain
    regime: Regime
    limit: Natural | None = None
    "Only the first so many traces."
    seed: int = 0
    "Seed of generated traces."
    native_short: str | tuple[str, ...] = ()
    "A second source, of traces that were short from the start, for the baseline of that name."
    benchmarks: dict[str, str | None] = {}
    "Benchmarks by name, each with its file; null for the hub, or for what is generated."

    @model_validator(mode="after")
    def _check_sources(self) -> Condition:
        if self.native_short and (self.traces == WORLD) != (self.native_short == WORLD):
            raise ValueError(
                f"traces and native_short are both `{WORLD}`, generated for the same problems, or both not"
            )
        if self.fields and self.traces == WORLD:
            raise ValueError(f"fields are of files; traces is `{WORLD}`")
        return self


class StudySource(_StrictModel):
    """A signal source, such as a plugin's, that gives signals which criteria of the study read."""

    source: SourceName
    "A name of the registry of signal sources, or `module:object`."
    model: str = ""
    "What it scores with, where it needs a model."

    @model_validator(mode="after")
    def _check_model(self) -> StudySource:
        if SIGNAL_SOURCES.get_entry(self.source).needs_model and not self.model:
            raise ValueError(f"the source {self.source} needs a model")
        return self

    @property
    def provides(self) -> frozenset[str]:
        """The names of the signals that it gives."""
        return SIGNAL_SOURCES.get_entry(self.source).provides


class PruningGrid(_StrictModel):
    """A grid: every criterion at every granularity, with and without protected symbols, with every reduction and
    control, at every keep ratio."""

    criteria: Annotated[tuple[CriterionName, ...], NonEmpty, Distinct] = ("nll", "entropy", "random")
    granularities: Annotated[tuple[Literal["step", "token"], ...], NonEmpty, Distinct] = ("step", "token")
    symbols: Annotated[tuple[bool, ...], NonEmpty, Distinct] = (False,)
    "Whether symbols are protected; at token granularity only, as nearly every step of mathematics has some."
    reductions: Annotated[tuple[ReductionName, ...], NonEmpty, Distinct] = ("auto",)
    "How token values make a segment's importance; `auto` is what each criterion's source does."
    controls: Annotated[tuple[Control, ...], NonEmpty, Distinct] = ("none",)
    "`no-restatements` is the same cell with every early statement of the answer removed; `none` is the cell itself."
    keep: Annotated[tuple[PruningKeep, ...], NonEmpty, Distinct] = (0.9, 0.7, 0.5, 0.3, 0.1)
    "Keep ratios, or `auto`: what the answer rests on and no more, for criteria that know it."
    conditions: Annotated[tuple[str, ...], NonEmpty, Distinct] | None = None
    "Only these conditions; all by default."
    seeds: Annotated[tuple[Seed, ...], NonEmpty, Distinct] | None = None
    "Only these of the study's seeds; all by default."
    train: bool = True
    "Whether students are trained on what is left; else it is only compared: what stays, what goes, how long it is."

    @model_validator(mode="after")
    def _check_symbols(self) -> PruningGrid:
        if True in self.symbols and "token" not in self.granularities:
            raise ValueError("symbols are protected at granularity token: add it, or leave symbols out")
        return self

    @model_validator(mode="after")
    def _check_coverage(self) -> PruningGrid:
        blind = [name for name in self.criteria if not get_criterion(name).gives_coverage]
        if AUTO_KEEP in self.keep and blind:
            raise ValueError(
                f"{', '.join(blind)} cannot tell what the answer rests on: give keep auto in a grid of those that can"
            )
        return self


def _wrap_in_tuple(value: Any) -> Any:
    """One grid may stand without a list around it."""
    return () if value is None else value if isinstance(value, tuple | list) else (value,)


class RewritingGrid(_StrictModel):
    """Every level, without a budget and at every ratio of `keep`."""

    levels: Annotated[tuple[LevelName, ...], NonEmpty, Distinct] = ("preserve", "edit", "fuse", "replace")
    rewriter: RewriterName = "rules"
    "`rules`; for generated traces `oracle`, or what it spoils and how much, as in `oracle-drop-0.25`; or a backend."
    model: str = ""
    base_url: str = ""
    key_env: str = "OPENAI_API_KEY"
    "The environment variable that holds the key."
    price: Price | None = None
    "INPUT,OUTPUT in US dollars per million tokens, to know the cost."
    max_cost: Annotated[float, Field(gt=0)] | None = None
    "US dollars that one level at one ratio of one condition may cost at most."
    keep: Annotated[tuple[Keep | None, ...], NonEmpty, Distinct] = (None,)
    hint: HintName = NO_HINT
    "What a model is told beside the trace: `none`, or `backbone` for the facts that its rewrite must keep."

    @property
    def asks_model(self) -> bool:
        """Whether a language model writes the drafts."""
        return self.rewriter != RULES and not is_oracle(self.rewriter)

    @model_validator(mode="after")
    def _check_price(self) -> RewritingGrid:
        if self.max_cost is not None and self.price is None:
            raise ValueError("max_cost needs price: INPUT,OUTPUT in US dollars per million tokens")
        if self.hint != NO_HINT and not self.asks_model:
            raise ValueError(f"a hint is for a rewriter that asks a model, and {self.rewriter} asks none")
        return self


class Study(_StrictModel):
    """A grid: every student is trained on every compression of every condition with every seed. A grid of pruning may
    leave conditions, seeds or the training out."""

    name: Annotated[str, Field(min_length=1)]
    conditions: Annotated[dict[str, Condition], Field(min_length=1)]
    scorer: str = "ngram"
    "The causal LM behind nll and entropy: a hub id, a folder, a .gguf file; `ngram` for the model without weights."
    saliency: str = ""
    "The token classifier behind saliency."
    sources: tuple[StudySource, ...] = ()
    "Other sources of signals. A signal comes from the first of them that gives it, else from scorer or saliency."
    tokenizer: str = ""
    "The model whose tokenizer counts; the first student's by default, then the scorer's."
    baselines: Annotated[tuple[Baseline, ...], Distinct] = ("uncompressed",)
    pruning: Annotated[tuple[PruningGrid, ...], BeforeValidator(_wrap_in_tuple)] = ()
    "A grid, or several; a compression that is in more than one is made once."
    rewriting: RewritingGrid | None = None
    students: Annotated[tuple[str, ...], Distinct] = ()
    "Models that are trained; none for a study of the compression alone."
    steps: StepMode = "auto"
    "How pruning cuts reasoning into steps: auto, or as `cotpress compress --steps` names them."
    coverage: Share = DEFAULT_COVERAGE
    "Share of what the answer rests on that keep `auto` keeps."
    budget_by: Literal["nothing", "difficulty"] = "nothing"
    "`difficulty`: at keep ratios of pruning, traces of easy questions keep less and those of hard ones more."
    spread: Annotated[float, Field(ge=1, le=MAX_SPREAD)] = DEFAULT_SPREAD
    "With `budget_by`: how many times the share of an easiest question's trace that of a hardest one is."
    recipe: str = ""
    "A recipe's name or file; by default the one made for the student."
    seeds: Annotated[tuple[Seed, ...], NonEmpty, Distinct] = (0,)
    problems: Natural | None = None
    "Only so many problems of each benchmark."
    backend: BackendName = "transformers"
    "What the trained students answer by."
    max_new_tokens: Natural = 2048
    "Tokens that a reply may have, the same for every cell."
    batch_size: Natural = 32
    "Replies written at a time."

    @model_validator(mode="before")
    @classmethod
    def _rename_batch(cls, values: Any) -> Any:
        """`batch_size` by its name of before."""
        if not isinstance(values, dict) or "batch" not in values or "batch_size" in values:
            return values
        _logger.warning("batch of a study is now batch_size.")
        return {"batch_size" if name == "batch" else name: value for name, value in values.items()}

    @field_validator("pruning")
    @classmethod
    def _check_conditions(cls, grids: tuple[PruningGrid, ...], info: ValidationInfo) -> tuple[PruningGrid, ...]:
        named = {name for grid in grids for name in grid.conditions or ()}
        if "conditions" in info.data and (strange := sorted(named - set(info.data["conditions"]))):
            raise ValueError(f"there is no condition {', '.join(strange)}")
        return grids

    @model_validator(mode="after")
    def _check_consistency(self) -> Study:
        finders = (
            _find_unknown_seeds,
            _find_unread_signals,
            _find_unfit_sources,
            _find_student_faults,
            _find_unused_spread,
        )
        if faults := [fault for find in finders for fault in find(self)]:
            raise ValueError("; ".join(faults))
        return self


def _find_unknown_seeds(study: Study) -> Iterator[str]:
    seeds = {seed for grid in study.pruning for seed in grid.seeds or ()}
    if strange := sorted(seeds - set(study.seeds)):
        yield f"a grid has the seed {', '.join(map(str, strange))}, which the study has not: add it to seeds"


def _find_unread_signals(study: Study) -> Iterator[str]:
    """Signals that a criterion reads and nothing of the study gives."""
    provided = frozenset[str]().union(*(source.provides for source in study.sources))
    for name in dict.fromkeys(name for grid in study.pruning for name in grid.criteria):
        missing = get_criterion(name).needs - provided - SIGNALS_OF_SCORER
        if missing == {KEEP_PROBABILITY} and not study.saliency:
            yield f"the criterion {name} needs a token classifier: give saliency"
        elif asked := sorted(signal for signal in missing if find_source_of(signal)):
            if study.scorer == NGRAM:
                yield f"the criterion {name} reads {', '.join(asked)}: give a language model as scorer"
        elif unknown := sorted(missing - {KEEP_PROBABILITY}):
            yield f"the criterion {name} reads {', '.join(unknown)}: add what gives it to sources"


def _find_unfit_sources(study: Study) -> Iterator[str]:
    """Traces that cannot be what a baseline or an oracle takes."""
    conditions = study.conditions.values()
    if "native-short" in study.baselines and not all(condition.native_short for condition in conditions):
        yield "the baseline native-short needs native_short in every condition"
    generated = all(condition.traces == WORLD for condition in conditions)
    if study.rewriting and is_oracle(study.rewriting.rewriter) and not generated:
        yield f"the oracle rewrites generated traces alone: give every condition `traces: {WORLD}`"


def _find_student_faults(study: Study) -> Iterator[str]:
    unasked = [name for name, condition in study.conditions.items() if not condition.benchmarks]
    if study.students and unasked:
        yield f"students are evaluated: give every condition its benchmarks ({', '.join(unasked)} has none)"
    if study.students and "uncompressed" not in study.baselines:
        yield "students are compared with the uncompressed baseline: add it to baselines"


def _find_unused_spread(study: Study) -> Iterator[str]:
    if study.spread != DEFAULT_SPREAD and study.budget_by == "nothing":
        yield "spread says something to `budget_by: difficulty` alone: add that, or leave spread out"
