"""Rows to data frames that have all their columns, even where there are no rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from cotpress.errors import OptionError, import_optional

DataFrame: TypeAlias = Any  # a pandas.DataFrame; pandas is optional


def build_frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> DataFrame:
    """A data frame with these columns, in this order.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    return import_optional("pandas", "study").DataFrame(list(rows), columns=list(columns))


def check_keep_ratios(ratios: Iterable[float]) -> tuple[float, ...]:
    """The ratios as they are.

    Raises:
        OptionError: one is not in 0..1.
    """
    checked = tuple(ratios)
    for ratio in checked:
        if not 0 <= ratio <= 1:
            guess = f" Did you mean {ratio / 100:g}?" if 1 < ratio <= 100 else ""
            raise OptionError(f"The ratio {ratio} is no fraction kept.", f"Give a number from 0 to 1.{guess}")
    return checked
