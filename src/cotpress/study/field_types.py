"""What the fields of a study may be: numbers in their ranges, and names that are known."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from cotpress.chat import parse_prices
from cotpress.chat.backends import get_backend
from cotpress.criteria import REDUCTIONS, get_criterion
from cotpress.errors import OptionError, build_unknown_name_error, import_optional
from cotpress.pipeline.rewrite_spec import RULES
from cotpress.pipeline.source_kinds import LLMLINGUA, SIGNAL_SOURCES
from cotpress.pruning import AUTO_KEEP
from cotpress.rewriting import check_hint
from cotpress.rewriting.levels import get_level
from cotpress.rewriting.oracle import is_oracle, parse_oracle_name
from cotpress.text import STEP_MODES

try:
    from pydantic import AfterValidator, Field, PlainValidator
except ImportError:
    import_optional("pydantic", "study")  # says which extra brings it
    raise

FieldRole = Literal["question", "reasoning", "answer", "gold", "id", "rows"]
Natural = Annotated[int, Field(gt=0, le=1_000_000_000)]
Share = Annotated[float, Field(gt=0, le=1)]
Keep = Share


def _accept_auto(value: Any) -> float | Literal["auto"]:
    """A keep ratio, or "auto": one message for both, where a union would give one for each."""
    if value == AUTO_KEEP:
        return "auto"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("input should be a keep ratio, or auto")
    return _check_ratio(float(value))


def _check_ratio(ratio: float) -> float:
    if not ratio > 0:
        raise ValueError("input should be greater than 0")
    if ratio > 1:
        raise ValueError("input should be less than or equal to 1")
    return ratio


PruningKeep = Annotated[float | Literal["auto"], PlainValidator(_accept_auto)]
Seed = Annotated[int, Field(ge=0)]
Baseline = Literal["uncompressed", "no-reasoning", "native-short"]
Control = Literal["none", "no-restatements"]


def _make_name_validator(find: Any) -> AfterValidator:
    """Validation by a function that raises OptionError for an unknown name."""

    def check(name: str) -> str:
        try:
            find(name)
        except OptionError as error:
            raise ValueError(str(error)) from None
        return name

    return AfterValidator(check)


def _check_distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    twice = sorted({str(value) for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} is given twice")
    return values


Distinct = AfterValidator(_check_distinct)
NonEmpty = Field(min_length=1)
CriterionName = Annotated[str, _make_name_validator(get_criterion)]


def _check_rewriter(name: str) -> None:
    if is_oracle(name):
        parse_oracle_name(name)
    elif name != RULES:
        get_backend(name)


def _check_source(name: str) -> None:
    if name == LLMLINGUA:
        raise OptionError("The source 'llmlingua' scores for itself.", "Give saliency.")
    SIGNAL_SOURCES.get_entry(name)


def _check_reduction(name: str) -> None:
    if name not in ("auto", *REDUCTIONS):
        raise build_unknown_name_error("reduction", name, ("auto", *REDUCTIONS))


def _check_step_mode(name: str) -> None:
    if name not in STEP_MODES:
        raise build_unknown_name_error("step mode", name, STEP_MODES)


ReductionName = Annotated[str, _make_name_validator(_check_reduction)]
StepMode = Annotated[str, _make_name_validator(_check_step_mode)]
SourceName = Annotated[str, _make_name_validator(_check_source)]
RewriterName = Annotated[str, _make_name_validator(_check_rewriter)]
BackendName = Annotated[str, _make_name_validator(get_backend)]
HintName = Annotated[str, _make_name_validator(check_hint)]
LevelName = Annotated[str, _make_name_validator(get_level)]
Price = Annotated[str, _make_name_validator(parse_prices)]
