"""The entry points of installed packages, read once for all groups: reading them takes longer than importing most
modules does."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import cast


@cache
def _read_entry_points() -> metadata.EntryPoints:
    return cast(metadata.EntryPoints, metadata.entry_points())  # Python 3.11 has another name for it


def find_entry_points(group: str) -> metadata.EntryPoints:
    """The entry points of a group.

    Args:
        group: its name, such as "cotpress.criteria".

    >>> len(find_entry_points("cotpress.no_such_group"))
    0
    """
    return _read_entry_points().select(group=group)
