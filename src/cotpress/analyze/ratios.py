"""Keep ratios as they are given: fractions kept, from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable

from cotpress.errors import OptionError


def fractions_kept(ratios: Iterable[float]) -> tuple[float, ...]:
    """The ratios as they are.

    Raises:
        OptionError: one is not in 0..1.
    """
    told = tuple(ratios)
    for ratio in told:
        if not 0 <= ratio <= 1:
            guess = f" Did you mean {ratio / 100:g}?" if 1 < ratio <= 100 else ""
            raise OptionError(f"The ratio {ratio} is no fraction kept.", f"Give a number from 0 to 1.{guess}")
    return told
