"""Pairs of an output as one page that needs no other file, with a browser of its traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from cotpress.analysis.pairs import (
    PART_KINDS,
    OutputPairs,
    Pair,
    PairFigures,
    SortFigure,
    compute_means,
    list_sort_figures,
    list_values,
    split_into_steps,
)
from cotpress.number_formatting import count_noun
from cotpress.reporting.page_assets import build_security_policy, encode_script_json, read_asset
from cotpress.storage import write_atomically
from cotpress.text import segment

SCRIPT_FILES = ("theme.js", "wording.js", "elements.js", "pair_browser.js")
MAX_PAIR_CHARACTERS = 8_000_000  # characters of JSON; a browser opens such a page in about a second
_DIGITS = 4  # decimals of a figure on the page


@dataclass(frozen=True, slots=True)
class PairPage:
    """A page that was written, and how many pairs it holds."""

    path: Path
    pairs: int


def build_pair_page(
    pairs: OutputPairs, chosen: Sequence[PairFigures], path: Path, *, order: str = "", room: int = MAX_PAIR_CHARACTERS
) -> PairPage:
    """Write pairs of an output as one page: a list with search, sorted by a gauge, and each pair before and after.

    Args:
        pairs: an opened output.
        chosen: the pairs that the page carries, in their order on it.
        path: the page's file.
        order: how they were chosen, in words.
        room: how many characters of data the page carries at most; a pair that does not fit is left out.

    Raises:
        OutputError: the file cannot be written.

    >>> from cotpress import Trace, compress, write
    >>> from cotpress.analysis.pairs import open_pairs
    >>> _ = write(compress([Trace("1", "2+3?", "Two. Three. 2+3=5.", "5")]), "out")
    >>> output = open_pairs(Path("out"))
    >>> build_pair_page(output, output.figures, Path("pairs.html")).pairs
    1
    """
    entries: list[dict[str, Any]] = []
    for pair in pairs.read(chosen):
        entry = build_pair_entry(pair, pairs.step_mode)
        size = len(encode_script_json(entry))
        if size <= room:
            entries.append(entry)
            room -= size
    page = _render_page(pairs, entries, _describe_coverage(pairs, len(entries), len(chosen), order))
    with write_atomically(path) as temporary:
        temporary.write_text(page, encoding="utf-8", errors="replace")
    return PairPage(path, len(entries))


def build_pair_entry(pair: Pair, step_mode: str = "auto") -> dict[str, Any]:
    """A pair as the page's browser reads it: texts, figures, and the parts as [place in PART_KINDS, text, step].

    >>> figures = PairFigures(0, "1", 6, 3, 0.5)
    >>> build_pair_entry(Pair(figures, "2+3?", "Hm, 5.", "5.", None))["parts"]
    [[1, 'Hm, ', 0], [0, '5.', 0]]
    """
    figures = pair.figures
    bounds = segment(pair.original, step_mode).steps.tolist()
    steps = enumerate(split_into_steps(pair.mark(), bounds))
    return {
        "id": figures.id,
        "question": pair.question,
        "answer": pair.answer,
        "gold": pair.gold,
        "kept": figures.tokens_kept,
        "target": figures.target_ratio,
        "flags": list(figures.flags),
        "values": _round_values(list_values(figures)),
        "parts": [[PART_KINDS.index(part.kind), part.text, number] for number, step in steps for part in step.parts],
    }


def _round_values(values: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else round(value, _DIGITS) for name, value in values.items()}


def _describe_coverage(pairs: OutputPairs, held: int, chosen: int, order: str) -> str:
    every = len(pairs.figures)
    text = f"{held:,} of {count_noun(every, 'trace')} {'is' if held == 1 else 'are'} in this page"
    text += f", {order}." if order and held < every else "."
    if held < chosen:
        text += f" {count_noun(chosen - held, 'long one')} did not fit; cotpress show has all."
    return text


def _render_page(pairs: OutputPairs, entries: Sequence[dict[str, Any]], coverage: str) -> str:
    style = read_asset("page.css") + read_asset("pair_page.css")
    script = "\n".join(read_asset(name) for name in SCRIPT_FILES)
    figures = [_describe_sort_figure(figure) for figure in list_sort_figures(pairs)]
    data = {"pairs": entries, "figures": figures, "means": _round_values(compute_means(pairs))}
    data["random"] = _round_values(pairs.random_means)
    return Template(read_asset("pair_page.html")).substitute(
        title=escape(pairs.folder.resolve().name),
        policy=escape(build_security_policy(script, style)),
        style=style,
        script=script,
        facts="".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in _list_facts(pairs)),
        warnings=_format_warnings(pairs.summary.get("warnings", ())),
        coverage=escape(coverage),
        data=encode_script_json(data),
    )


def _describe_sort_figure(figure: SortFigure) -> dict[str, Any]:
    described = {"name": figure.name, "lowIsWorse": figure.low_is_worse, "about": figure.about}
    return {**described, "compared": figure.compared, "fine": figure.fine}


def _list_facts(pairs: OutputPairs) -> list[tuple[str, str]]:
    """The output's size, as words with numbers."""
    summary = pairs.summary
    facts = [("traces compressed", f"{len(pairs.figures):,}"), ("rejected", f"{summary.get('rejected', 0):,}")]
    for name, key in (("realized ratio", "realized_ratio"), ("target", "target_ratio")):
        if summary.get(key) is not None:
            facts.append((name, f"{summary[key]:.3f}"))
    return facts


def _format_warnings(warnings: Sequence[Any]) -> str:
    entries = "".join(f"<li>{escape(str(warning))}</li>" for warning in warnings)
    return f'<ul class="warnings" aria-label="Warnings">{entries}</ul>' if entries else ""
