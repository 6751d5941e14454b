"""`cotpress demo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cotpress.types import Trace

_SETTINGS = [
    ("nll", "step"),
    ("nll", "token"),
    ("entropy", "step"),
    ("entropy", "token"),
    ("random", "token"),
    ("head", "step"),
]
_RATIOS = (0.9, 0.7, 0.5, 0.3)


def demo() -> None:
    """Compress the embedded sample at several settings and levels, and print the tables."""
    from tempfile import TemporaryDirectory

    from cotpress.cli.show import print_table
    from cotpress.inspection import inspect
    from cotpress.ngram import NGram
    from cotpress.output import Tally
    from cotpress.pipeline import compress
    from cotpress.prune import Method
    from cotpress.types import Compressed
    from cotpress.world import embedded

    traces = embedded()
    source = NGram.fit(traces)
    found = inspect(traces)
    shares = f"{found['reflective_steps']:.1%} of steps reflective, {found['near_duplicate_steps']:.1%} near-duplicates"
    print(f"{found['traces']} embedded traces, {found['tokens']:,} tokens, {shares}\n")
    rows = []
    with TemporaryDirectory() as store:  # scored once, read by every setting
        for criterion, granularity in _SETTINGS:
            method = Method(criterion, granularity)
            cells = [compress(traces, method, keep=keep, source=source, store=store) for keep in _RATIOS]
            realized = [Tally.of(cell).figures()["realized_ratio"] for cell in cells]
            rows.append((criterion, granularity, *realized))
    print_table("Realized keep ratio", ("criterion", "granularity", *(f"keep {keep}" for keep in _RATIOS)), rows)
    _print_levels(traces)
    long = next(trace for trace in traces if trace.regime == "long")
    [one] = compress([long], Method("nll", "step"), keep=0.3, source=source)
    assert isinstance(one, Compressed)
    print(f"\n{long.question}\n\n--- nll, step, keep 0.3: {one.tokens_original} -> {one.tokens_kept} tokens ---\n")
    print(f"{one.text}\n{long.answer}")


def _print_levels(traces: list[Trace]) -> None:
    """The rules at each level, without a budget."""
    from cotpress.cli.show import print_table
    from cotpress.levels import LEVELS
    from cotpress.output import Tally
    from cotpress.pipeline import rewrite

    rows = []
    for level in LEVELS:
        figures = Tally.of(rewrite(traces, level)).figures()
        measures = figures["measures"]
        passed = figures["compressed"] / figures["traces"]
        rows.append((level, passed, figures["realized_ratio"], measures["restructuring"], measures["faithfulness"]))
    columns = ("level", "passed its checks", "realized ratio", "restructuring", "faithfulness")
    print_table("Rewritten by rules", columns, rows)
