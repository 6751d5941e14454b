"""What calls cost."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.errors import OptionError


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens, for what is sent and for what comes back.

    Raises:
        OptionError: on construction, for a price that is negative or not a number.
    """

    input: float
    output: float

    def __post_init__(self) -> None:
        for name, price in (("input", self.input), ("output", self.output)):
            if not 0 <= price < float("inf"):
                raise OptionError(f"The {name} price is {price}.", "Give US dollars per million tokens, 0 or more.")

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """US dollars for so many tokens."""
        return (prompt_tokens * self.input + completion_tokens * self.output) / 1e6


def parse_prices(text: str) -> Prices:
    """Prices written as "INPUT,OUTPUT", such as "0.3,2.5".

    Raises:
        OptionError: it is not two numbers with a comma between, or a price is out of range.

    >>> parse_prices("0.3,2.5").cost(prompt_tokens=1_000_000, completion_tokens=200_000)
    0.8
    """
    try:
        sent, written = (float(part) for part in text.split(","))
    except ValueError:
        raise OptionError(
            f"'{text}' is no pair of prices.", "Give INPUT,OUTPUT in US dollars per million tokens, such as 0.3,2.5."
        ) from None
    return Prices(sent, written)
