"""Numbers: those that come from nowhere, and those that must stay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from cotpress.checks.content import atoms
from cotpress.checks.draft import Draft
from cotpress.segment import Segmentation

SUPPORTED = 0.8  # share of a rewrite's numbers that the trace must bear out
FORGIVEN = 1  # so many numbers from nowhere are no reason to fail, whatever their share
_SHOWN = 5
_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:(?:,|\{,\}|\\,)\d{3})++(?!\d)(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?|(?<![\d.])\.\d+")
# Numbers that count steps rather than things: "1." or "(2)" at the start of a line, "Step 3".
_LABEL = re.compile(
    r"^[ \t]*(?:[-*#>]+[ \t]*)*\(?\d{1,3}[.):](?=[ \t*]+\S)|\bstep[ \t]+\d{1,3}\b(?!\.\d)", re.MULTILINE | re.IGNORECASE
)


def faithful(draft: Draft) -> str | None:
    """Fails where too many of the rewrite's numbers occur nowhere in the trace."""
    stray = _stray(draft.text, _sources(draft))
    if len(stray) <= FORGIVEN or faithfulness(draft) >= SUPPORTED:
        return None
    return f"It has numbers that the question and the reasoning do not have: {_listed(stray)}."


def faithfulness(draft: Draft) -> float:
    """The share of the rewrite's distinct numbers that its trace bears out, 0..1; see `supported_numbers`."""
    return supported_numbers(draft.text, _sources(draft))


def supported_numbers(text: str, sources: Iterable[str]) -> float:
    """The share of a text's distinct numbers that occur in any of the sources, 0..1; 1.0 for a text without numbers.

    Numbers are compared by value as they are written in digits (1,000 is 1000, 0.50 is .5). Numbers that count steps
    are left out: "1." at the start of a line, "Step 3".
    """
    present = len(distinct(text))
    return 1 - len(_stray(text, sources)) / present if present else 1.0


def _sources(draft: Draft) -> tuple[str, str, str]:
    return draft.trace.question, draft.trace.reasoning, draft.trace.answer


def distinct(text: str) -> dict[str, tuple[str, ...]]:
    """Each distinct number of a text, in order, with the ways to read it."""
    text = _LABEL.sub(" ", text)
    grouped = {_value("".join(_PLAIN.findall(m[0]))): _readings(m[0]) for m in _GROUPED.finditer(text)}
    plain = dict.fromkeys(map(_value, _PLAIN.findall(_GROUPED.sub(" ", text) if grouped else text)))
    return grouped | {number: (number,) for number in plain}


def _readings(grouped: str) -> tuple[str, ...]:
    """The parts of "1,000", which may be two numbers of a list."""
    return tuple(map(_value, _PLAIN.findall(grouped)))


def _value(number: str) -> str:
    """One spelling for equal numbers: 007 -> 7, 0.50 -> 0.5, .5 -> 0.5."""
    if not number.isascii():
        number = "".join(digit if digit == "." else str(int(digit)) for digit in number)
    whole, _, decimals = number.partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def values(text: str) -> set[str]:
    """Every number of a text in one spelling, with the parts of what may be a list of numbers ("1,100")."""
    found = set(map(_value, _PLAIN.findall(text)))
    found.update(_value("".join(_PLAIN.findall(m[0]))) for m in _GROUPED.finditer(text))
    return found


def _stray(text: str, sources: Iterable[str]) -> list[str]:
    """The distinct numbers of a text that no source has."""
    numbers = distinct(text)
    known: set[str] = set()
    for source in sources:
        known |= values(source)
    return [number for number, parts in numbers.items() if number not in known and not known.issuperset(parts)]


def numbers_kept(draft: Draft) -> str | None:
    """Fails where a number, formula or equation of the original is nowhere in the rewrite.

    What must stay is each distinct run of formal units (digits, operators, variables, LaTeX, calculator marks) of the
    original, as a whole: "48/2=24" is not kept by a 24 elsewhere. It need not stay as often as it was said: who talks
    to himself repeats numbers, and to drop a repetition is what the level is for. Where a deletion brings runs
    together ("3 apples + 4" -> "3 + 4"), each is kept. Numbers that count steps ("1.", "Step 3") may go.
    """
    kept = set(_runs(draft.rewritten))
    joined = "".join(kept)
    lost = [run for run in dict.fromkeys(_runs(draft.original)) if run not in kept]
    lost = [run for run in lost if run not in joined]
    if not lost:
        return None
    return f"It leaves out numbers or formulas of the original: {_listed([''.join(run.split()) for run in lost])}."


def _runs(cut: Segmentation) -> list[str]:
    """Each run of formal units within a step, every atom of it between two tabs."""
    formal = cut.formal.copy()
    for label in _LABEL.finditer(cut.text):
        first = int(np.searchsorted(cut.units, label.start(), side="right")) - 1
        formal[first : int(np.searchsorted(cut.units, label.end(), side="left"))] = False
    begins = np.zeros(len(formal) + 1, np.bool_)
    begins[np.searchsorted(cut.units, cut.steps)] = True
    here = np.flatnonzero(formal)
    if not len(here):
        return []
    splits = np.flatnonzero((np.diff(here) > 1) | begins[here[1:]]) + 1
    bounds = [0, *splits.tolist(), len(here)]
    starts, ends = cut.units[here].tolist(), cut.units[here + 1].tolist()
    spans = ((starts[a], ends[b - 1]) for a, b in pairwise(bounds))
    return ["\t" + "\t".join(atoms(cut.text[start:end])) + "\t" for start, end in spans]


def _listed(items: list[str]) -> str:
    shown = ", ".join(item if len(item) <= 60 else f"{item[:60]}…" for item in items[:_SHOWN])
    return shown if len(items) <= _SHOWN else f"{shown} and {len(items) - _SHOWN} more"
