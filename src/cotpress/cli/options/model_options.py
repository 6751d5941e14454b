"""Options of how a model is found and run, the same in every verb that takes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from cotpress.cli.options.choices import DTYPES

if TYPE_CHECKING:
    from cotpress.models import ModelSpec

MODEL_GROUP = Group("Model", sort_key=5)


@Parameter(name="*", group=MODEL_GROUP)
@dataclass(frozen=True)
class TrainedModelOptions:
    """How a model is found and run; what it computes in is said elsewhere, in the recipe of a training."""

    revision: str = ""
    "Revision of the model on the hub."
    device: str = ""
    "Device of a model on this machine, such as cpu or cuda:0; a GPU where there is one by default."
    trust_remote_code: Annotated[bool, Parameter(negative=())] = False
    "Let the model run code of its own."

    def build_spec(self, name: str) -> ModelSpec:
        """The model of that name, found and run like this."""
        from cotpress.models import ModelSpec

        return ModelSpec(name, self.revision, self.device, trust_remote_code=self.trust_remote_code)


@Parameter(name="*", group=MODEL_GROUP)
@dataclass(frozen=True)
class ModelOptions(TrainedModelOptions):
    """How a model is found and run, and what it computes in."""

    dtype: Annotated[str, Parameter(choices=DTYPES)] = ""
    "What a model on this machine computes in; what the device is fast in by default."

    def build_spec(self, name: str) -> ModelSpec:
        """The model of that name, found and run like this."""
        from dataclasses import replace

        return replace(super().build_spec(name), dtype=self.dtype)
