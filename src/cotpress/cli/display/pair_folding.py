"""A pair step by step, with long runs of steps that were all kept or all deleted folded to a count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cotpress.analysis.pairs import MarkedPart, StepKind, StepText


@dataclass(frozen=True, slots=True)
class Fold:
    """So many steps that are not shown; `lead` is the white space before the first of them."""

    kind: StepKind
    steps: int
    lead: str = " "


@dataclass(frozen=True, slots=True)
class FoldLimits:
    """How much of a run of steps is shown: runs of at most `longest` whole, of longer ones the `first` and `last`."""

    longest: int
    first: int
    last: int


# What was kept is what a student reads, so more of it is shown.
FOLD_LIMITS: dict[StepKind, FoldLimits] = {"kept": FoldLimits(16, 6, 6), "deleted": FoldLimits(6, 2, 1)}
_MAX_PART_CHARACTERS = 900  # characters of one part of a step; of longer ones the middle is left out
_SHOWN_CHARACTERS = 300


def fold_steps(steps: Sequence[StepText]) -> Iterator[StepText | Fold]:
    """The steps with the middle of long runs of one kind as a `Fold`, and the middle of very long parts left out.

    >>> steps = [StepText("deleted", (MarkedPart("deleted", "Hm."),))] * 9
    >>> list(fold_steps(steps))[2]
    Fold(kind='deleted', steps=6, lead=' ')
    """
    for kind, group in groupby(steps, key=lambda step: step.kind):
        run = list(group)
        limits = FOLD_LIMITS.get(kind)
        if limits is None or len(run) <= limits.longest:
            yield from map(_shorten_step, run)
            continue
        yield from map(_shorten_step, run[: limits.first])
        yield Fold(kind, len(run) - limits.first - limits.last, _find_lead(run[limits.first]))
        yield from map(_shorten_step, run[len(run) - limits.last :])


def _find_lead(step: StepText) -> str:
    """What stands before the first step that is not shown: its line breaks, two at most, or a space."""
    text = "".join(part.text for part in step.parts)
    return "\n" * min(2, text[: len(text) - len(text.lstrip())].count("\n")) or " "


def _shorten_step(step: StepText) -> StepText:
    return StepText(step.kind, tuple(MarkedPart(part.kind, shorten_middle(part.text)) for part in step.parts))


def shorten_middle(text: str) -> str:
    """A very long text without its middle, with the number of characters left out in its place.

    >>> shorten_middle("a" * 1000)[295:330]
    'aaaaa … 400 characters … aaaaaaaaaa'
    """
    if len(text) <= _MAX_PART_CHARACTERS:
        return text
    left_out = len(text) - 2 * _SHOWN_CHARACTERS
    return f"{text[:_SHOWN_CHARACTERS]} … {left_out:,} characters … {text[-_SHOWN_CHARACTERS:]}"
