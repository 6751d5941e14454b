"""How a student is trained: the recipe, checked as a whole before anything is loaded."""

from __future__ import annotations

import difflib
import json
import warnings
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from cotpress.errors import OptionError, import_optional

try:
    from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
except ImportError:
    import_optional("pydantic", "train")  # says which extra brings it
    raise

LORA_LEARNING_RATE, FULL_LEARNING_RATE = 2e-4, 1e-5

PositiveFloat = Annotated[float, Field(gt=0)]
PositiveInt = Annotated[int, Field(gt=0)]
Proportion = Annotated[float, Field(ge=0, lt=1)]


class _StrictModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Lora(_StrictModel):
    """A low-rank adapter. `lora_alpha` None is twice the rank; `targets` is "all-linear" or names of modules."""

    rank: PositiveInt = 16
    alpha: PositiveFloat | None = None
    dropout: Proportion = 0.0
    targets: Literal["all-linear"] | tuple[str, ...] = "all-linear"


class TrainingRecipe(_StrictModel):
    """Everything that decides what a training does to a student, besides the student and the data.

    Raises:
        OptionError: on construction, with every fault at once.
    """

    epochs: PositiveFloat = 3.0
    "Times that every example is seen."
    max_steps: PositiveInt | None = None
    "Optimizer steps, in place of epochs."
    learning_rate: PositiveFloat | None = None
    "Peak rate; None is 2e-4 for an adapter and 1e-5 for all weights."
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    "How the rate falls after the warm-up."
    warmup: Proportion = 0.03
    "Share of the steps on which the rate rises, 0..1."
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    max_grad_norm: PositiveFloat = 1.0
    batch_size: PositiveInt = 1
    "Examples (packs, with `packing`) that one process runs through the model together."
    accumulation: PositiveInt = 16
    "Batches of one process that make an optimizer step."
    max_length: Annotated[int, Field(ge=8)] = 4096
    "Tokens of prompt and completion together; a longer example is rejected, never cut."
    packing: bool = False
    "Fill rows of max_length tokens with several examples, which do not see each other."
    group_by_length: bool = True
    "Put examples of like length into a step, so that little is padded."
    gradient_checkpointing: bool = False
    "Compute activations twice instead of keeping them: less memory, about a quarter slower."
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    "auto: bfloat16 where the hardware is fast in it and the weights are not float32, else float32."
    full: bool = False
    "Train all weights instead of an adapter."
    lora: Lora = Lora()
    merge: bool = False
    "Write the model with the adapter merged in as well."
    seed: int = 0
    log_steps: PositiveInt = 1
    "Steps between two points of the loss curve."
    save_steps: PositiveInt | None = None
    "Steps between two checkpoints; None for no checkpoints."
    trackers: tuple[str, ...] = ()
    "Where metrics are sent while training: tensorboard, wandb, trackio, ..."

    def __init__(self, **values: Any) -> None:
        if "steps" in values:
            warnings.warn("TrainingRecipe(steps=...) is now max_steps=...", DeprecationWarning, stacklevel=2)
            values.setdefault("max_steps", values.pop("steps"))
        try:
            super().__init__(**values)
        except ValidationError as error:
            faults = "; ".join(dict.fromkeys(_describe_fault(fault) for fault in error.errors(include_url=False)))
            raise OptionError(f"The recipe is faulty: {faults}.", "See docs/training.md.") from None

    @property
    def peak_learning_rate(self) -> float:
        """The peak learning rate in use."""
        return self.learning_rate or (FULL_LEARNING_RATE if self.full else LORA_LEARNING_RATE)

    @property
    def lora_alpha(self) -> float:
        """The adapter's scale in use."""
        return self.lora.alpha or 2.0 * self.lora.rank

    @model_validator(mode="after")
    def _check_save_steps(self) -> TrainingRecipe:
        """A loss averaged over a window that a checkpoint cuts in two could not be continued."""
        if self.save_steps and self.save_steps % self.log_steps:
            raise ValueError(f"save_steps {self.save_steps} is no multiple of log_steps {self.log_steps}")
        return self


def parse_training_recipe(values: Mapping[str, Any], where: str) -> TrainingRecipe:
    """A recipe from plain data, as YAML gives it; `where` names the file in errors.

    Raises:
        OptionError: with every fault at once.
    """
    try:
        return TrainingRecipe(**_freeze(values))
    except OptionError as error:
        raise OptionError(error.message.replace("The recipe", f"The recipe {where}", 1), error.hint) from None


def _freeze(value: Any) -> Any:
    """YAML has lists where a recipe has tuples."""
    if isinstance(value, Mapping):
        return {str(name): _freeze(entry) for name, entry in value.items()}
    return tuple(map(_freeze, value)) if isinstance(value, list) else value


def _describe_fault(fault: Any) -> str:
    place = [str(part) for part in fault["loc"] if str(part) not in ("all-linear",) and "[" not in str(part)]
    name = ".".join(place)
    if fault["type"] == "extra_forbidden":
        known: Iterable[str] = Lora.model_fields if place[:-1] == ["lora"] else TrainingRecipe.model_fields
        close = difflib.get_close_matches(place[-1], list(known), n=1, cutoff=0.5)
        return f"'{name}' is not known" + (f" (did you mean '{close[0]}'?)" if close else "")
    if not name:
        return str(fault["msg"]).removeprefix("Value error, ")
    message = str(fault["msg"])
    return f"'{name}': {message[:1].lower()}{message[1:]}, not {json.dumps(fault['input'], default=str)}"
