"""Pairs on a terminal: figures, question, the text with its marks, answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cotpress.analysis.pairs import (
    MarkedPart,
    OutputPairs,
    Pair,
    PairFigures,
    PartKind,
    StepText,
    list_sort_figures,
    split_into_steps,
)
from cotpress.cli.display.control_characters import escape_controls
from cotpress.cli.display.pair_folding import Fold, fold_steps, shorten_middle
from cotpress.cli.display.terminal_text import has_colours
from cotpress.number_formatting import count_noun
from cotpress.text import segment

# Not struck out: a line through a formula hides its minus and equals signs.
_STYLES: Final = {"kept": "", "deleted": "red italic", "inserted": "green underline", "fold": "cyan", "head": "bold"}
_MARKS: Final = {"deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
_MIN_SIDES_WIDTH = 60  # columns of a terminal; on narrower ones the two texts stand one below the other


class PairPrinter:
    """Prints pairs of one output, all in the same way.

    Args:
        console: where to.
        pairs: the output.
        view: "marked", "sides" or "after": one text with marks, both texts side by side, or the compressed text alone.
        full: nothing is folded.
    """

    def __init__(self, console: Console, pairs: OutputPairs, view: str, full: bool) -> None:
        self._console, self._pairs, self._view, self._full = console, pairs, view, full
        self._with_marks = not has_colours(console)

    def print_pair(self, pair: Pair) -> None:
        """Print one pair."""
        self._console.rule(Text(escape_controls(pair.figures.id), _STYLES["head"]), align="left", style="dim")
        for line in describe_figures(pair.figures, self._pairs, self._full):
            self._console.print(Text(escape_controls(line)))
        self._print_section("Question", pair.question)
        self._print_head("Reasoning", alone=True)
        self._print_reasoning(pair)
        self._print_section("Answer", pair.answer)
        self._print_section("Gold", pair.gold or "")
        self._console.print()

    def _print_head(self, name: str, alone: bool) -> None:
        self._console.print(Text(f"\n{name}:", _STYLES["head"]), end="\n" if alone else " ")

    def _print_section(self, name: str, text: str) -> None:
        """A short text stands beside its name, a long one below."""
        shown = escape_controls(text.strip() if self._full else shorten_middle(text.strip()))
        if shown:
            self._print_head(name, alone="\n" in shown)
            self._console.print(Text(shown, overflow="fold"))

    def _print_reasoning(self, pair: Pair) -> None:
        if self._view == "after":
            self._console.print(Text(escape_controls(pair.compressed.strip()) or "(empty)", overflow="fold"))
            return
        steps = self._select_steps(pair)
        if self._view == "sides":
            self._print_sides(steps)
        else:
            self._console.print(self._render_steps(steps))

    def _select_steps(self, pair: Pair) -> list[StepText | Fold]:
        bounds = segment(pair.original, self._pairs.step_mode).steps.tolist()
        steps = split_into_steps(pair.mark(), bounds)
        return list(steps if self._full else fold_steps(steps))

    def _print_sides(self, steps: Sequence[StepText | Fold]) -> None:
        """Original and new text, aligned where both have the same. On narrow terminals one below the other."""
        before = [_select_kinds(step, "kept", "deleted") for step in steps]
        after = [_select_kinds(step, "kept", "inserted") for step in steps]
        if self._console.width < _MIN_SIDES_WIDTH:
            for name, column in (("Before", before), ("After", after)):
                self._print_head(name, alone=True)
                self._console.print(self._render_steps(column))
            return
        table = Table("before", "after", box=None, expand=True, padding=(0, 1), header_style=_STYLES["head"])
        for row in _list_aligned_rows(steps):
            table.add_row(*(self._render_steps(column[row.start : row.stop]) for column in (before, after)))
        self._console.print(table, soft_wrap=False)

    def _render_steps(self, steps: Iterable[StepText | Fold]) -> Text:
        rendered = Text(overflow="fold")
        parts: list[MarkedPart] = []
        for step in steps:
            if isinstance(step, StepText):
                parts += step.parts
                continue
            self._append_parts(rendered, parts)
            rendered.append(f"{step.lead}… {count_noun(step.steps, 'step')} {step.kind} …", _STYLES["fold"])
            parts = []
        self._append_parts(rendered, parts)
        return _strip_text(rendered)

    def _append_parts(self, rendered: Text, parts: Iterable[MarkedPart]) -> None:
        """Neighbours of one kind are marked as one. White space that was deleted alone is not shown."""
        for kind, group in groupby(parts, key=lambda part: part.kind):
            text = escape_controls("".join(part.text for part in group))
            if not text.isspace():
                self._append_marked(rendered, text, kind)
            elif kind != "deleted":
                rendered.append(text)

    def _append_marked(self, rendered: Text, text: str, kind: PartKind) -> None:
        """Each line is marked on its own, without the white space around it."""
        opening, closing = _MARKS.get(kind, ("", "")) if self._with_marks else ("", "")
        for line in text.splitlines(keepends=True):
            words = line.strip()
            start = line.find(words) if words else len(line)
            rendered.append(line[:start])
            if words:
                rendered.append(f"{opening}{words}{closing}", _STYLES[kind])
                rendered.append(line[start + len(words) :])


def _select_kinds(step: StepText | Fold, *kinds: PartKind) -> StepText | Fold:
    """The parts of one of the two texts, with all of its white space."""
    if isinstance(step, Fold):
        return step
    parts = (part for part in step.parts if part.kind in kinds)
    return StepText(step.kind, tuple(MarkedPart("kept", part.text) if part.text.isspace() else part for part in parts))


def _list_aligned_rows(steps: Sequence[StepText | Fold]) -> Iterator[range]:
    """Which steps stand in one row: each one that was changed, and runs of kept or deleted ones."""
    place = 0
    for kind, group in groupby(steps, key=lambda step: step.kind):
        count = len(list(group))
        size = 1 if kind == "mixed" else count
        yield from (range(start, start + size) for start in range(place, place + count, size))
        place += count


def _strip_text(text: Text) -> Text:
    """Without blank lines at either end."""
    plain = text.plain
    start = len(plain) - len(plain.lstrip())
    return text[start : len(plain.rstrip())] if plain.strip() else Text("(nothing)")


def describe_figures(figures: PairFigures, pairs: OutputPairs, full: bool) -> Iterator[str]:
    """Length, flags and gauges of a pair, a line each. Gauges that do not apply to it are left out."""
    asked = "" if figures.target_ratio is None else f" (target {figures.target_ratio:g})"
    tokens = f"{figures.tokens_original:,} -> {count_noun(figures.tokens_kept, 'token')}"
    yield f"{tokens}, realized ratio {figures.realized_ratio:.3f}{asked}"
    if figures.flags:
        yield f"flags: {', '.join(figures.flags)}"
    yield from describe_pair_gauges({**figures.measures, **figures.gauges}, pairs, full)


def describe_pair_gauges(values: Mapping[str, float | None], pairs: OutputPairs, full: bool) -> Iterator[str]:
    """Gauges and measures of a pair. Those that are a fault beside the mean of random pruning have a line of their own.

    Perfect ones are only counted, unless all are shown in full."""
    held = {name: value for name, value in values.items() if value is not None}
    known, chance = {figure.name: figure for figure in list_sort_figures(pairs)}, pairs.random_means
    worse = [name for name, value in held.items() if name in chance and known[name].is_fault(value, chance[name])]
    if worse:
        listed = format_values({name: held[name] for name in worse}, chance)
        yield f"worse than random pruning (its means in brackets): {listed}"
    better = {name: value for name, value in held.items() if name not in worse}
    shown = {name: value for name, value in better.items() if full or value != known[name].best}
    told = [format_values(shown)] if shown else []
    if faultless := len(better) - len(shown):
        told.append(f"{faultless:,} {'more ' if shown else ''}without a fault (--full lists them)")
    if told:
        yield f"gauges: {'; '.join(told)}"


def format_values(values: Mapping[str, float], chance: Mapping[str, float] | None = None) -> str:
    """Figures by name on a line, those of random pruning in brackets.

    >>> format_values({"equations": 0.5, "facts": 1.0}, {"equations": 0.6})
    'equations 0.500 (0.600), facts 1.000'
    """
    beside = {name: f" ({value:.3f})" for name, value in (chance or {}).items()}
    return ", ".join(f"{name} {value:.3f}{beside.get(name, '')}" for name, value in values.items())
