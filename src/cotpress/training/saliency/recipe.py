"""How a saliency classifier is trained."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.deprecation import rename_fields
from cotpress.errors import OptionError


@rename_fields(batch="batch_size", warm_up="warmup")
@dataclass(frozen=True, slots=True)
class SaliencyRecipe:
    """Epochs, batch size (windows a step) and learning rate are those of LLMLingua-2 (arXiv 2403.12968, section 5).

    The rate rises over the first `warmup` share of the steps and falls in a line to 0. `held_out` is the share of
    the originals that are kept for measuring, never trained on; `drop_variation` and `drop_gap` are the shares of
    the pairs, the worst by variation rate and then by alignment gap, that are rejected. `from_scratch`
    takes the encoder's shape alone and starts from random weights.

    Raises:
        OptionError: on construction, for a value that cannot be.
    """

    epochs: int = 10
    batch_size: int = 10
    learning_rate: float = 1e-5
    warmup: float = 0.06
    held_out: float = 0.1
    drop_variation: float = 0.05
    drop_gap: float = 0.10
    seed: int = 0
    from_scratch: bool = False

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise OptionError(f"{name} is {getattr(self, name)}.", "Give a whole number of at least 1.")
        if not 0 < self.learning_rate < 1:
            raise OptionError(f"A learning rate of {self.learning_rate:g} cannot be.", "Give one between 0 and 1.")
        for name in ("warmup", "held_out", "drop_variation", "drop_gap"):
            if not 0 <= getattr(self, name) < 1:
                raise OptionError(f"{name} is {getattr(self, name):g}.", "Give a share, from 0 to below 1.")
