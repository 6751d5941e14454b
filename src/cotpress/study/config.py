"""What a study is: its conditions, ways to shorten, students and seeds. Strict: an unknown name is a fault."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from cotpress.chat import parse_prices
from cotpress.criteria import CRITERIA, get_criterion
from cotpress.errors import OptionError, require
from cotpress.levels import get_level

try:
    from pydantic import (
        AfterValidator,
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
    require("pydantic", "study")  # says which extra brings it
    raise

__all__ = ["BaseModel", "Condition", "Pruning", "Rewriting", "Study", "ValidationError"]

WORLD = "world"
Natural = Annotated[int, Field(gt=0, le=1_000_000_000)]
Keep = Annotated[float, Field(gt=0, le=1)]
Seed = Annotated[int, Field(ge=0)]
Baseline = Literal["uncompressed", "no-reasoning", "native-short"]


def _named(find: Any) -> AfterValidator:
    """Validation by a function that raises OptionError for an unknown name."""

    def check(name: str) -> str:
        try:
            find(name)
        except OptionError as error:
            raise ValueError(str(error)) from None
        return name

    return AfterValidator(check)


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    twice = sorted({str(one) for one in values if values.count(one) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} is given twice")
    return values


Distinct = AfterValidator(_distinct)
Some = Field(min_length=1)
CriterionName = Annotated[str, _named(get_criterion)]
LevelName = Annotated[str, _named(get_level)]
Price = Annotated[str, _named(parse_prices)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Condition(_Strict):
    """A source of traces, and the benchmarks that its students are asked."""

    traces: str | tuple[str, ...]
    "Files, a folder or a hub id; `world` for generated traces."
    domain: Literal["math", "general"]
    regime: Literal["short", "long"]
    limit: Natural | None = None
    "Only the first so many traces."
    seed: int = 0
    "Seed of generated traces."
    native_short: str | tuple[str, ...] = ()
    "A second source, of traces that were short from the start, for the baseline of that name."
    benchmarks: dict[str, str | None] = {}
    "Benchmarks by name, each with its file; null for the hub, or for what is generated."

    @model_validator(mode="after")
    def _one_kind(self) -> Condition:
        if self.native_short and (self.traces == WORLD) != (self.native_short == WORLD):
            raise ValueError(
                f"traces and native_short are both `{WORLD}`, generated for the same problems, or both not"
            )
        return self


class Pruning(_Strict):
    """A grid: every criterion at every granularity, with and without protected symbols, at every keep ratio."""

    criteria: Annotated[tuple[CriterionName, ...], Some, Distinct] = ("nll", "entropy", "random")
    granularities: Annotated[tuple[Literal["step", "token"], ...], Some, Distinct] = ("step", "token")
    symbols: Annotated[tuple[bool, ...], Some, Distinct] = (False,)
    "Whether symbols are protected; at token granularity only, as nearly every step of mathematics has some."
    keep: Annotated[tuple[Keep, ...], Some, Distinct] = (0.9, 0.7, 0.5, 0.3, 0.1)
    conditions: Annotated[tuple[str, ...], Some, Distinct] | None = None
    "Only these conditions; all by default."
    seeds: Annotated[tuple[Seed, ...], Some, Distinct] | None = None
    "Only these of the study's seeds; all by default."
    train: bool = True
    "Whether students are trained on what is left; else it is only compared: what stays, what goes, how long it is."

    @model_validator(mode="after")
    def _symbols_have_tokens(self) -> Pruning:
        if True in self.symbols and "token" not in self.granularities:
            raise ValueError("symbols are protected at granularity token: add it, or leave symbols out")
        return self


def _listed(value: Any) -> Any:
    """One grid may stand without a list around it."""
    return () if value is None else value if isinstance(value, tuple | list) else (value,)


class Rewriting(_Strict):
    """Every level, without a budget and at every ratio of `keep`."""

    levels: Annotated[tuple[LevelName, ...], Some, Distinct] = ("preserve", "edit", "fuse", "replace")
    rewriter: Literal["rules", "openai", "transformers"] = "rules"
    model: str = ""
    base_url: str = ""
    key_env: str = "OPENAI_API_KEY"
    "The environment variable that holds the key."
    price: Price | None = None
    "INPUT,OUTPUT in US dollars per million tokens, to know the cost."
    max_cost: Annotated[float, Field(gt=0)] | None = None
    "US dollars that one level at one ratio of one condition may cost at most."
    keep: Annotated[tuple[Keep | None, ...], Some, Distinct] = (None,)

    @model_validator(mode="after")
    def _costs_need_prices(self) -> Rewriting:
        if self.max_cost is not None and self.price is None:
            raise ValueError("max_cost needs price: INPUT,OUTPUT in US dollars per million tokens")
        return self


class Study(_Strict):
    """The grid. Every compression of every condition is trained into every student with every seed, but for what a
    grid of pruning leaves out."""

    name: Annotated[str, Field(min_length=1)]
    conditions: Annotated[dict[str, Condition], Field(min_length=1)]
    scorer: str = "ngram"
    "The causal LM behind nll and entropy: a hub id, a folder, a .gguf file; `ngram` for the model without weights."
    saliency: str = ""
    "The token classifier behind saliency."
    tokenizer: str = ""
    "The model whose tokenizer counts; the first student's by default, then the scorer's."
    baselines: Annotated[tuple[Baseline, ...], Distinct] = ("uncompressed",)
    pruning: Annotated[tuple[Pruning, ...], BeforeValidator(_listed)] = ()
    "A grid, or several; a compression that is in more than one is made once."
    rewriting: Rewriting | None = None
    students: Annotated[tuple[str, ...], Distinct] = ()
    "Models that are trained; none for a study of the compression alone."
    recipe: str = ""
    "A recipe's name or file; by default the one made for the student."
    seeds: Annotated[tuple[Seed, ...], Some, Distinct] = (0,)
    problems: Natural | None = None
    "Only so many problems of each benchmark."
    max_new_tokens: Natural = 2048
    "Tokens that a reply may have, the same for every cell."
    batch: Natural = 32
    "Replies written at a time."

    @field_validator("pruning")
    @classmethod
    def _of_known_conditions(cls, grids: tuple[Pruning, ...], info: ValidationInfo) -> tuple[Pruning, ...]:
        named = {one for grid in grids for one in grid.conditions or ()}
        if "conditions" in info.data and (strange := sorted(named - set(info.data["conditions"]))):
            raise ValueError(f"there is no condition {', '.join(strange)}")
        return grids

    @model_validator(mode="after")
    def _whole(self) -> Study:
        faults = []
        criteria = [one for grid in self.pruning for one in grid.criteria]
        if strange := sorted({one for grid in self.pruning for one in grid.seeds or ()} - set(self.seeds)):
            faults.append(
                f"a grid has the seed {', '.join(map(str, strange))}, which the study has not: add it to seeds"
            )
        if not self.saliency and any(CRITERIA[one].needs == "keep_probability" for one in criteria):
            faults.append("the criterion saliency needs a token classifier: give saliency")
        if "native-short" in self.baselines and not all(one.native_short for one in self.conditions.values()):
            faults.append("the baseline native-short needs native_short in every condition")
        if self.students and not all(one.benchmarks for one in self.conditions.values()):
            faults.append("students are evaluated: give every condition its benchmarks")
        if self.students and "uncompressed" not in self.baselines:
            faults.append("students are compared with the uncompressed baseline: add it to baselines")
        if faults:
            raise ValueError("; ".join(faults))
        return self
