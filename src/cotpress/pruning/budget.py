"""How many tokens a trace may keep. Integer arithmetic: a ratio is an exact fraction, and targets round down."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

import numpy as np

from cotpress.errors import OptionError
from cotpress.pruning.ranking import Ranking
from cotpress.types import BoolArray

AUTO_KEEP: Final = "auto"  # in place of a keep ratio: what the answer rests on, and no more
DEFAULT_COVERAGE: Final = 0.95  # share of what the answer rests on that `auto` keeps
MIN_STEPS_FOR_COVERAGE: Final = 8  # fewer, and half as much may be left out
COVERAGE_ROUNDING: Final = 1e-9  # sums of shares are that exact


class Budget(Protocol):
    """Turns a trace's size into its target."""

    def compute_target(self, ranking: Ranking) -> int:
        """How many tokens the blocks that are kept may have together, by the costs of the ranking."""

    def compute_limit(self, ranking: Ranking) -> int:
        """The most tokens that the shortened text may have when it is counted again."""

    @property
    def ratio(self) -> float | None:
        """The keep ratio asked for, None where the budget is not one."""


def compute_token_target(tokens: int, ratio: str | float | Fraction) -> int:
    """The most tokens that a ratio of 0 or more leaves of so many: the exact fraction as it is written, rounded down.

    >>> compute_token_target(100, 0.29)
    29
    """
    exact = ratio if isinstance(ratio, Fraction) else Fraction(str(ratio))
    return tokens * exact.numerator // exact.denominator


@dataclass(frozen=True, slots=True)
class KeepRatio:
    """Keep at most this fraction of each trace."""

    fraction: Fraction

    def compute_target(self, ranking: Ranking) -> int:
        return self.apply_to(ranking.tokens)

    compute_limit = compute_target

    def apply_to(self, tokens: int) -> int:
        """The ratio of a number of tokens, rounded down."""
        return tokens * self.fraction.numerator // self.fraction.denominator

    @property
    def ratio(self) -> float:
        return float(self.fraction)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Keep what covers this share of what the answer rests on, and no more: the shortest prefix of the ranking.

    The importance of a block is then 1 - (the share that the blocks before it cover), as criteria with
    `gives_coverage` have it. Of fewer than `MIN_STEPS_FOR_COVERAGE` blocks half as much may be left out: a twentieth of
    so few steps can be a step of the derivation. A trace of which the criterion finds nothing needed stays whole.
    The number of tokens follows and is no limit: no block is dropped because the shortened text counts a few more.
    """

    share: Fraction

    def compute_target(self, ranking: Ranking) -> int:
        few = len(ranking.costs) < MIN_STEPS_FOR_COVERAGE
        needed = mark_needed_blocks(ranking, (1 + self.share) / 2 if few else self.share)
        needed[: ranking.protected_blocks] = True
        return int(ranking.costs[needed].sum())

    def compute_limit(self, ranking: Ranking) -> int:
        return ranking.tokens

    @property
    def ratio(self) -> None:
        return None


def mark_needed_blocks(ranking: Ranking, share: Fraction) -> BoolArray:
    """The blocks before which less than `share` is covered, [blocks]; all where no loose block is needed at all.

    >>> ranking = Ranking(*(np.array(row) for row in ([1, 0], [1, 1], [3, 4], [1.0, 0.05])), 0)
    >>> mark_needed_blocks(ranking, Fraction("0.95")).tolist()
    [True, False]
    """
    loose = ranking.importance[ranking.protected_blocks :]
    if len(loose) and loose.max() <= 0:
        return np.ones(len(ranking.costs), dtype=bool)
    needed: BoolArray = ranking.importance > float(1 - share) + COVERAGE_ROUNDING
    return needed


@dataclass(frozen=True, slots=True)
class TokenCap:
    """Keep at most this many tokens of each trace; with another budget, at most what that allows, too."""

    tokens: int
    within: Budget | None = None

    def compute_target(self, ranking: Ranking) -> int:
        return min(ranking.tokens if self.within is None else self.within.compute_target(ranking), self.tokens)

    def compute_limit(self, ranking: Ranking) -> int:
        return min(ranking.tokens if self.within is None else self.within.compute_limit(ranking), self.tokens)

    @property
    def ratio(self) -> None:
        return None


def parse_budget(keep: str | float | Fraction, coverage: str | float | Fraction = DEFAULT_COVERAGE) -> Budget:
    """The budget that one value of `keep` means: "auto" with a coverage, or a ratio.

    Raises:
        OptionError: neither "auto" nor a number, or outside 0 < value <= 1.

    >>> parse_budget("auto", 0.9), parse_budget(0.5).ratio
    (Coverage(share=Fraction(9, 10)), 0.5)
    """
    return Coverage(_parse_share("coverage", coverage)) if keep == AUTO_KEEP else parse_keep_ratio(keep)


def parse_keep_ratio(value: str | float | Fraction) -> KeepRatio:
    """A keep ratio from what a user wrote; 0.9 means nine tenths exactly, not its binary neighbour.

    Raises:
        OptionError: not a number, or outside 0 < ratio <= 1.

    >>> parse_keep_ratio('0.9').apply_to(10)
    9
    """
    return KeepRatio(_parse_share("keep ratio", value))


def _parse_share(name: str, value: str | float | Fraction) -> Fraction:
    kept = {"keep ratio": "reasoning tokens", "coverage": "what the answer rests on that is"}[name]
    try:
        exact = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise OptionError(f"The {name} '{value}' is not a number.", _suggest_share(str(value))) from None
    if not 0 < exact <= 1:
        guess = f" Did you mean {float(exact / 100):g}?" if 10 <= exact <= 100 else ""
        raise OptionError(
            f"The {name} {value} is out of range.", f"It is the fraction of {kept} kept, above 0 and at most 1.{guess}"
        )
    return exact


def _suggest_share(written: str) -> str:
    """What to write in place of what is no number: of a percentage its fraction."""
    percentage = written.strip().removesuffix("%").strip()
    if percentage != written and percentage.isdecimal() and 0 < int(percentage) <= 100:
        return f"Give the fraction to keep: {int(percentage) / 100:g}."
    return "Give the fraction to keep, such as 0.5."


def build_token_cap(tokens: int, within: Budget | None = None) -> TokenCap:
    """A cap on the tokens of each trace, beside another budget where one is given.

    Raises:
        OptionError: less than one token.

    >>> build_token_cap(60).tokens
    60
    """
    if tokens < 1:
        raise OptionError(f"A cap of {tokens} tokens keeps nothing.", "Give a whole number of at least 1.")
    return TokenCap(tokens, within)
