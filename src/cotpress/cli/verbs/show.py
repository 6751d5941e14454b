"""`cotpress show`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cotpress.cli.options.show_options import ChoiceOptions, ViewOptions
from cotpress.errors import OptionError
from cotpress.number_formatting import count_noun

if TYPE_CHECKING:
    from cotpress.analysis.pairs import OutputPairs, PairFigures


def show(
    output: Path,
    /,
    *ids: str,
    which: ChoiceOptions = ChoiceOptions(),
    how: ViewOptions = ViewOptions(),
) -> None:
    """Read what came out: traces before and after, what was deleted, flags, gauges.

    Parameters
    ----------
    output
        Output folder of compress or rewrite.
    ids
        Ids of traces; by default a few of all lengths are shown.
    """
    from cotpress.analysis.pairs import open_pairs

    how.check()
    limit = how.resolve_limit(which, ids)
    pairs = open_pairs(output)
    if which.rejected:
        _show_rejected(pairs, ids, how, limit)
        return
    _refuse_rejected_ids(pairs, ids)
    chosen = which.choose(pairs, ids)
    if how.html is not None:
        _write_page(pairs, chosen[:limit], how.html, which.describe(ids))
    elif how.svg is not None:
        _draw_picture(pairs, chosen[:1], how.svg, how.full)
    elif how.json:
        _print_json(pairs, chosen[:limit])
    elif how.as_list:
        _print_list(pairs, which.arrange(chosen[:limit], ids), which.figure, how.full)
    else:
        how_many = f"{min(limit, len(chosen)):,} of {len(pairs.figures):,} pairs"
        headline = f"{how_many}, {which.describe(ids)}{which.describe_tie(chosen)}"
        _print_pairs(pairs, chosen[:limit], how, headline)


def _refuse_rejected_ids(pairs: OutputPairs, ids: Sequence[str]) -> None:
    """An id that is not there may be one of a row that was rejected."""
    from cotpress.analysis.pairs import read_rejected_rows

    missing = set(ids) - {figures.id for figures in pairs.figures}
    rejected = (row for row in read_rejected_rows(pairs.folder) if row["id"] in missing) if missing else ()
    for row in rejected:
        raise OptionError(
            f"Trace '{row['id']}' was rejected, {row['reason']}: {row['detail']}",
            f"See its row: cotpress show {pairs.folder} {row['id']} --rejected",
        )


def _print_pairs(pairs: OutputPairs, chosen: Sequence[PairFigures], how: ViewOptions, headline: str) -> None:
    from cotpress.cli.display.output_overview import print_overview
    from cotpress.cli.display.pair_display import PairPrinter
    from cotpress.cli.display.terminal_text import open_console, open_pager

    console = open_console()
    printer = PairPrinter(console, pairs, how.view, how.full)
    with open_pager(console, not how.no_pager):
        print_overview(console, pairs, headline, how.full)
        for pair in pairs.read(chosen):
            printer.print_pair(pair)


def _print_list(pairs: OutputPairs, chosen: Sequence[PairFigures], figure: str, full: bool) -> None:
    from cotpress.analysis.pairs import COMMON_NAMES, list_sort_figures
    from cotpress.cli.display.output_overview import print_pair_list
    from cotpress.cli.display.terminal_text import open_console

    names = (
        [entry.name for entry in list_sort_figures(pairs)] if full else sorted({*pairs.measure_names, figure} - {""})
    )
    print_pair_list(open_console(), pairs, chosen, [name for name in names if name not in COMMON_NAMES])


def _print_json(pairs: OutputPairs, chosen: Sequence[PairFigures]) -> None:
    import json

    from cotpress.cli.display.output_overview import describe_pair

    data = {"output": str(pairs.folder), "traces": len(pairs.figures), "summary": pairs.summary}
    # ASCII alone, so that no control character of a trace reaches a terminal
    print(json.dumps({**data, "pairs": [describe_pair(pair) for pair in pairs.read(chosen)]}, indent=2))


def _write_page(pairs: OutputPairs, chosen: Sequence[PairFigures], path: Path, order: str) -> None:
    from cotpress.reporting import build_pair_page

    page = build_pair_page(pairs, chosen, path, order=order)
    print(f"{count_noun(page.pairs, 'pair')} of {len(pairs.figures):,} written to {page.path}")
    print("open it in a browser; it needs no network")


def _draw_picture(pairs: OutputPairs, chosen: Sequence[PairFigures], path: Path, full: bool) -> None:
    from cotpress.reporting import draw_pair
    from cotpress.storage import write_atomically

    for pair in pairs.read(chosen):
        lines = {"max_lines": len(pair.original) + len(pair.compressed) + 1} if full else {}
        with write_atomically(path) as temporary:
            temporary.write_text(draw_pair(pair, **lines), encoding="utf-8")
        print(f"trace {pair.figures.id} drawn in {path}")


def _show_rejected(pairs: OutputPairs, ids: Sequence[str], how: ViewOptions, limit: int) -> None:
    import json

    from cotpress.analysis.pairs import read_rejected_rows
    from cotpress.cli.display.output_overview import print_rejected_row
    from cotpress.cli.display.terminal_text import open_console, open_pager

    if how.html is not None or how.svg is not None:
        raise OptionError("A page or picture has no rejected rows.", "Leave out --html, --svg or --rejected.")
    rows = (row for row in read_rejected_rows(pairs.folder) if not ids or row["id"] in ids)
    chosen = list(islice(rows, limit))
    if how.json:
        print(json.dumps({"output": str(pairs.folder), "rejected": chosen}, indent=2))
        return
    console = open_console()
    with open_pager(console, not how.no_pager):
        for row in chosen:
            print_rejected_row(console, row, how.full)
        left = pairs.summary.get("rejected", len(chosen)) - len(chosen)
        if left > 0 and not ids:
            console.print(f"{left:,} more; --limit {limit + left} shows them")
        elif not chosen:
            console.print("no row was rejected" + (" under that id" if ids else ""))
