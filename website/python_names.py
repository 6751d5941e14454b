"""The reference of the public names, made of their docstrings by mkdocstrings."""

from __future__ import annotations

import cotpress

_TOP = """# Python names

For who writes a program with cotpress. Every public name, with its parameters, errors and an example. The page
[Python](../python.md) uses all of them, in the order of a run.
"""


def build_page() -> str:
    """A page with a directive of mkdocstrings for each public name."""
    homes = sorted(cotpress._LAZY_EXPORTS.items(), key=lambda item: (item[0][0].isupper(), item[0].lower()))
    return "\n\n".join([_TOP, *(f"::: cotpress.{module}.{name}" for name, module in homes)]) + "\n"
