"""How a student is trained: the recipe, checked as a whole before anything is loaded."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from cotpress.errors import OptionError, require

try:
    from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
except ImportError:
    require("pydantic", "train")  # says which extra brings it
    raise

LORA_RATE, FULL_RATE = 2e-4, 1e-5

Positive = Annotated[float, Field(gt=0)]
Natural = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, lt=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Lora(_Strict):
    """A low-rank adapter. `alpha` None is twice the rank; `targets` is "all-linear" or names of modules."""

    rank: Natural = 16
    alpha: Positive | None = None
    dropout: Share = 0.0
    targets: Literal["all-linear"] | tuple[str, ...] = "all-linear"


class Recipe(_Strict):
    """Everything that decides what a training does to a student, besides the student and the data.

    Raises:
        OptionError: on construction, with every fault at once.
    """

    epochs: Positive = 3.0
    "Times that every example is seen."
    steps: Natural | None = None
    "Optimizer steps, in place of epochs."
    learning_rate: Positive | None = None
    "Peak rate; None is 2e-4 for an adapter and 1e-5 for all weights."
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    "How the rate falls after the warm-up."
    warmup: Share = 0.03
    "Share of the steps on which the rate rises, 0..1."
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    max_grad_norm: Positive = 1.0
    batch_size: Natural = 1
    "Examples (packs, with `packing`) that one process runs through the model together."
    accumulation: Natural = 16
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
    log_steps: Natural = 1
    "Steps between two points of the loss curve."
    save_steps: Natural | None = None
    "Steps between two checkpoints; None for no checkpoints."
    trackers: tuple[str, ...] = ()
    "Where metrics are sent while training: tensorboard, wandb, trackio, ..."

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            faults = "; ".join(dict.fromkeys(_fault(one) for one in error.errors(include_url=False)))
            raise OptionError(f"The recipe is faulty: {faults}.", "See docs/training.md.") from None

    @property
    def rate(self) -> float:
        """The peak learning rate in use."""
        return self.learning_rate or (FULL_RATE if self.full else LORA_RATE)

    @property
    def alpha(self) -> float:
        """The adapter's scale in use."""
        return self.lora.alpha or 2.0 * self.lora.rank

    @model_validator(mode="after")
    def _whole_windows(self) -> Recipe:
        """A loss averaged over a window that a checkpoint cuts in two could not be continued."""
        if self.save_steps and self.save_steps % self.log_steps:
            raise ValueError(f"save_steps {self.save_steps} is no multiple of log_steps {self.log_steps}")
        return self


def parse_recipe(values: Mapping[str, Any], where: str) -> Recipe:
    """A recipe from plain data, as YAML gives it; `where` names the file in errors.

    Raises:
        OptionError: with every fault at once.
    """
    try:
        return Recipe(**_frozen(values))
    except OptionError as error:
        raise OptionError(error.message.replace("The recipe", f"The recipe {where}", 1), error.hint) from None


def _frozen(value: Any) -> Any:
    """YAML has lists where a recipe has tuples."""
    if isinstance(value, Mapping):
        return {str(name): _frozen(one) for name, one in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _fault(one: Any) -> str:
    place = [str(part) for part in one["loc"] if str(part) not in ("all-linear",) and "[" not in str(part)]
    name = ".".join(place)
    if one["type"] == "extra_forbidden":
        known: Iterable[str] = Lora.model_fields if place[:-1] == ["lora"] else Recipe.model_fields
        close = difflib.get_close_matches(place[-1], list(known), n=1, cutoff=0.5)
        return f"'{name}' is not known" + (f" (did you mean '{close[0]}'?)" if close else "")
    if not name:
        return str(one["msg"]).removeprefix("Value error, ")
    said = str(one["msg"])
    return f"'{name}': {said[:1].lower()}{said[1:]}, not {json.dumps(one['input'], default=str)}"
