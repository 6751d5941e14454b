"""Options of `cotpress show`: which pairs, and how they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Group, Parameter

from cotpress.codes import CODES, CodeKind
from cotpress.errors import OptionError, build_unknown_name_error

if TYPE_CHECKING:
    from cotpress.analysis.pairs import OutputPairs, PairFigures

CHOICE_GROUP = Group("Which pairs", sort_key=1)
VIEW_GROUP = Group("How they are shown", sort_key=2)
PAIR_VIEWS: Final = ("marked", "sides", "after")
_SHOWN_PAIRS, _LISTED_PAIRS, _PAGE_PAIRS = 3, 50, 200


@Parameter(name="*", group=CHOICE_GROUP)
@dataclass(frozen=True)
class ChoiceOptions:
    """Which pairs are looked at."""

    limit: int | None = None
    "How many: 3 by default, 50 with --list and --rejected, 200 with --html."
    worst: str = ""
    "The worst first by a figure: realized (the lowest), tokens (the longest original), or a gauge such as equations."
    best: str = ""
    "The best first by a figure."
    flag: str = ""
    "Only pairs with this flag, such as over-budget."
    rejected: Annotated[bool, Parameter(negative=())] = False
    "The rows that were rejected instead, with their reasons."

    @property
    def figure(self) -> str:
        """The figure that pairs are sorted by, "" for none."""
        return self.worst or self.best

    def choose(self, pairs: OutputPairs, ids: tuple[str, ...]) -> list[PairFigures]:
        """All pairs that qualify, in order.

        Raises:
            OptionError: there is no such id, figure or flag, or options contradict each other.
        """
        from cotpress.analysis.pairs import find_pairs, order_pairs

        if (self.worst and self.best) or (ids and (self.figure or self.flag)):
            raise OptionError("Give --worst, --best or ids, not two of them.", "--flag goes with --worst and --best.")
        if ids:
            return find_pairs(pairs, ids)
        ordered = order_pairs(pairs, self.figure, best=bool(self.best))
        flags = {flag for figures in pairs.figures for flag in figures.flags}
        known = flags | {code.code for code in CODES if code.kind is CodeKind.FLAG}
        if self.flag and self.flag not in known:
            raise build_unknown_name_error("flag", self.flag, known)
        return [figures for figures in ordered if not self.flag or self.flag in figures.flags]

    def describe(self, ids: tuple[str, ...]) -> str:
        """How they were chosen, for people."""
        flagged = f", flagged {self.flag}" if self.flag else ""
        if self.figure:
            return f"the {'worst' if self.worst else 'best'} by {self.figure} first{flagged}"
        return "as asked for" if ids else f"of all lengths{flagged}"

    def describe_tie(self, chosen: Sequence[PairFigures]) -> str:
        """That the order by a figure says nothing, as all pairs have the same; "" where they differ."""
        from cotpress.analysis.pairs import list_values

        values = {list_values(figures).get(self.figure) for figures in chosen} if self.figure else set()
        shared = next(iter(values), None)
        return f" (all of them have {shared:.3f})" if shared is not None and len(values) == 1 < len(chosen) else ""

    def arrange(self, chosen: Sequence[PairFigures], ids: tuple[str, ...]) -> list[PairFigures]:
        """The lines of a list: by the figure or the ids that were asked for, else as the rows came in."""
        return list(chosen) if self.figure or ids else sorted(chosen, key=lambda figures: figures.row)


@Parameter(name="*", group=VIEW_GROUP)
@dataclass(frozen=True)
class ViewOptions:
    """How pairs are shown."""

    view: Annotated[str, Parameter(choices=PAIR_VIEWS)] = "marked"
    "marked: one text, with what was deleted and inserted; sides: before and after; after: what a student reads."
    full: Annotated[bool, Parameter(negative=())] = False
    "Leave nothing out."
    as_list: Annotated[bool, Parameter(name="--list", negative=())] = False
    "A line a pair, without texts; with --full all gauges."
    html: Path | None = None
    "Write a page with a browser of the pairs to this file; it needs no other file and no network."
    svg: Path | None = None
    "Draw the first of the pairs as a picture, in this file; with --full all of its lines."
    json: Annotated[bool, Parameter(negative=())] = False
    "Print JSON on standard output."
    no_pager: Annotated[bool, Parameter(negative=())] = False
    "Print without $PAGER. What is not printed to a terminal is never paged."

    def check(self) -> None:
        """Refuse what cannot be.

        Raises:
            OptionError: there is no such view, or two forms of output are asked for.
        """
        if self.view not in PAIR_VIEWS:
            raise build_unknown_name_error("view", self.view, PAIR_VIEWS)
        if (self.html is not None) + (self.svg is not None) + self.json + self.as_list > 1:
            raise OptionError(
                "Only one of --html, --svg, --json and --list can be shown at a time.", "Leave the others out."
            )

    def resolve_limit(self, which: ChoiceOptions, ids: tuple[str, ...]) -> int:
        """How many pairs or rejected rows are shown at most.

        Raises:
            OptionError: a limit below 1.
        """
        if which.limit is not None and which.limit < 1:
            raise OptionError(f"--limit {which.limit} shows nothing.", "Give a whole number from 1 up.")
        if self.html is not None:
            default = _PAGE_PAIRS
        else:
            default = _LISTED_PAIRS if self.as_list or which.rejected else _SHOWN_PAIRS
        return max(default, len(ids)) if which.limit is None else which.limit
