"""`cotpress levels`."""

from __future__ import annotations


def levels() -> None:
    """List the restructuring levels, what each allows and where it comes from."""
    from cotpress.checks import COMMON
    from cotpress.cli.show import print_table
    from cotpress.levels import LEVELS

    rows = [(one.name, one.summary, ", ".join(one.checks), one.source) for one in LEVELS.values()]
    print_table("Restructuring levels, mildest first", ("name", "what it does", "own checks", "source"), rows)
    print(f"checked at every level: {', '.join(COMMON)}")
