"""`cotpress benchmarks`."""

from __future__ import annotations


def benchmarks() -> None:
    """List the benchmarks, what they ask, and where they come from."""
    from cotpress.benchmarks import BENCHMARKS
    from cotpress.cli.show import print_table

    rows = [
        (one.name, one.domain, one.summary, one.hub.name if one.hub else "drawn", one.needs or "-")
        for one in BENCHMARKS.values()
    ]
    print_table("Benchmarks", ("name", "domain", "what it asks", "from", "fields of a local file"), rows)
