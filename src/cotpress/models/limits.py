"""What a user may cap in a model run."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.errors import OptionError
from cotpress.number_formatting import count_noun


@dataclass(frozen=True, slots=True)
class InferenceLimits:
    """`context` caps the tokens that a model looks at together, the prompt included; None: the model's own.

    `batch_tokens` caps the tokens run together, padding included; None: what suits the device.

    Raises:
        OptionError: on construction, for values too small to work with.
    """

    context: int | None = None
    batch_tokens: int | None = None

    def __post_init__(self) -> None:
        if self.context is not None and self.context < 16:
            raise OptionError(f"A context of {count_noun(self.context, 'token')} is too short.", "Give at least 16.")
        if self.batch_tokens is not None and self.batch_tokens < 1:
            raise OptionError(f"A batch of {self.batch_tokens} tokens cannot be.", "Give at least 1.")

    def resolve_context(self, positions: int | None, name: str) -> int:
        """The context to use with a model of so many positions (None: it states none).

        Raises:
            OptionError: the cap is above what the model has.
        """
        if self.context and positions and self.context > positions:
            raise OptionError(
                f"A context of {self.context} tokens is more than the {positions} of {name}.", "Give less."
            )
        return self.context or positions or DEFAULT_CONTEXT

    def __str__(self) -> str:
        return str(self.context) if self.context else "own"


DEFAULT_CONTEXT = 1 << 15  # for models that state no limit
