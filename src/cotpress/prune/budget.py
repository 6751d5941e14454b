"""How many tokens a trace may keep. Integer arithmetic: a ratio is an exact fraction, and targets round down."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from cotpress.errors import OptionError
from cotpress.prune.ranking import Ranking


class Budget(Protocol):
    """Turns a trace's size into its target."""

    def target(self, ranking: Ranking) -> int:
        """The most tokens that the ranked trace may keep."""

    @property
    def ratio(self) -> float | None:
        """The keep ratio asked for, None where the budget is not one."""


@dataclass(frozen=True, slots=True)
class KeepRatio:
    """Keep at most this fraction of each trace."""

    exact: Fraction

    def target(self, ranking: Ranking) -> int:
        return self.of(ranking.tokens)

    def of(self, tokens: int) -> int:
        """The ratio of a number of tokens, rounded down."""
        return tokens * self.exact.numerator // self.exact.denominator

    @property
    def ratio(self) -> float:
        return float(self.exact)


@dataclass(frozen=True, slots=True)
class TokenCap:
    """Keep at most this many tokens of each trace."""

    tokens: int

    def target(self, ranking: Ranking) -> int:
        return min(ranking.tokens, self.tokens)

    @property
    def ratio(self) -> None:
        return None


def keep_ratio(value: str | float | Fraction) -> KeepRatio:
    """A keep ratio from what a user wrote; 0.9 means nine tenths exactly, not its binary neighbour.

    Raises:
        OptionError: not a number, or outside 0 < ratio <= 1.
    """
    try:
        exact = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise OptionError(
            f"The keep ratio '{value}' is not a number.", "Give the fraction to keep, such as 0.5."
        ) from None
    if not 0 < exact <= 1:
        guess = f" Did you mean {float(exact / 100):g}?" if 1 < exact <= 100 else ""
        raise OptionError(
            f"The keep ratio {value} is out of range.",
            f"It is the fraction of reasoning tokens kept, above 0 and at most 1.{guess}",
        )
    return KeepRatio(exact)


def token_cap(tokens: int) -> TokenCap:
    """A cap on the tokens of each trace.

    Raises:
        OptionError: less than one token.
    """
    if tokens < 1:
        raise OptionError(f"A cap of {tokens} tokens keeps nothing.", "Give a whole number of at least 1.")
    return TokenCap(tokens)
