"""`cotpress criteria`."""

from __future__ import annotations


def criteria() -> None:
    """List the importance criteria and where they come from."""
    from cotpress.cli.show import print_table
    from cotpress.criteria import CRITERIA

    rows = [(one.name, one.needs or "-", one.summary, one.source) for one in CRITERIA.values()]
    print_table("Importance criteria (higher = keep)", ("name", "signal", "what is kept", "source"), rows)
