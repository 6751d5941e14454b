"""What calls cost."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.errors import OptionError


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens, for what is sent and for what comes back.

    Args:
        input: of what is sent.
        output: of what comes back.
        batch_share: the share of these prices that a request in a batch costs; many services take 0.5.

    Raises:
        OptionError: on construction, for a price that is negative or not a number, or a share that is not from 0 to 1.
    """

    input: float
    output: float
    batch_share: float = 1.0

    def __post_init__(self) -> None:
        for name, price in (("input", self.input), ("output", self.output)):
            if not 0 <= price < float("inf"):
                raise OptionError(f"The {name} price is {price}.", "Give US dollars per million tokens, 0 or more.")
        if not 0 <= self.batch_share <= 1:
            raise OptionError(f"The share that a batch costs is {self.batch_share}.", "Give a number from 0 to 1.")

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """US dollars for so many tokens."""
        return (prompt_tokens * self.input + completion_tokens * self.output) / 1e6

    def for_batches(self) -> Prices:
        """What requests in batches cost.

        >>> Prices(0.3, 2.5, batch_share=0.5).for_batches()
        Prices(input=0.15, output=1.25, batch_share=1.0)
        """
        return Prices(self.input * self.batch_share, self.output * self.batch_share)


def parse_prices(text: str) -> Prices:
    """Prices written as "INPUT,OUTPUT", such as "0.3,2.5", or with the share that batches cost: "0.3,2.5,0.5".

    Raises:
        OptionError: it is not two or three numbers with commas between, or one is out of range.

    >>> parse_prices("0.3,2.5").cost(prompt_tokens=1_000_000, completion_tokens=200_000)
    0.8
    >>> parse_prices("0.3,2.5,0.5").batch_share
    0.5
    """
    try:
        sent, written, *share = (float(part) for part in text.split(","))
        [batch_share] = share or [1.0]
    except ValueError:
        raise OptionError(
            f"'{text}' is no pair of prices.",
            "Give INPUT,OUTPUT in US dollars per million tokens, such as 0.3,2.5, and with --batch the share that a "
            "batch costs: 0.3,2.5,0.5.",
        ) from None
    return Prices(sent, written, batch_share)
