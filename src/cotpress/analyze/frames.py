"""Rows to data frames that have all their columns, even where there are no rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from cotpress.errors import require

Frame: TypeAlias = Any  # a pandas.DataFrame; pandas is optional


def frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Frame:
    """A data frame with these columns, in this order.

    Raises:
        MissingExtra: pandas is not installed.
    """
    return require("pandas", "study").DataFrame(list(rows), columns=list(columns))
