"""Numbers: those that are not in the trace, and those that must stay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from cotpress.rewriting.checks.content import split_atoms
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check
from cotpress.text import Segmentation

MIN_SUPPORTED_SHARE = 0.8  # share of a rewrite's numbers that must occur in the trace
MAX_UNSUPPORTED = 1  # up to so many numbers that are not in the trace, a draft passes whatever their share
_MAX_LISTED = 5
_GROUPED_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?:(?:,|\{,\}|\\,)\d{3})++(?!\d)(?:\.\d+)?")
_DIGIT = re.compile(r"\d")
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?|(?<![\d.])\.\d+")
# Numbers that count steps rather than things: "1." or "(2)" at the start of a line, "Step 3".
_STEP_LABEL = re.compile(
    r"^[-*#> \t]*+\(?\d{1,3}[.):](?=[ \t*]+\S)|\bstep[ \t]+\d{1,3}\b(?!\.\d)", re.MULTILINE | re.IGNORECASE
)


@register_check("faithful")
def faithful(draft: Draft) -> str | None:
    """Fails where too many of the rewrite's numbers occur nowhere in the trace."""
    stray = _find_unsupported_numbers(draft.text, _collect_sources(draft))
    if len(stray) <= MAX_UNSUPPORTED or measure_faithfulness(draft) >= MIN_SUPPORTED_SHARE:
        return None
    return f"It has numbers that the question and the reasoning do not have: {_format_list(stray)}."


def measure_faithfulness(draft: Draft) -> float:
    """The share of the rewrite's distinct numbers that occur in its trace, 0..1; see `measure_number_support`.

    >>> from cotpress.rewriting.levels import get_level
    >>> from cotpress.types import Trace
    >>> measure_faithfulness(Draft(Trace("1", "2 + 3?", "2 + 3 = 5"), "2 + 3 = 5, or 7.", get_level("edit")))
    0.75
    """
    return measure_number_support(draft.text, _collect_sources(draft))


def measure_number_support(text: str, sources: Iterable[str]) -> float:
    """The share of a text's distinct numbers that occur in any of the sources, 0..1; 1.0 for a text without numbers.

    Numbers are compared by value as they are written in digits (1,000 is 1000, 0.50 is .5). Numbers that count steps
    are left out: "1." at the start of a line, "Step 3".

    >>> measure_number_support("12 / 4 = 3", ["We divide 12 by 4."])
    0.6666666666666667
    """
    present = len(parse_distinct_numbers(text))
    return 1 - len(_find_unsupported_numbers(text, sources)) / present if present else 1.0


def _collect_sources(draft: Draft) -> tuple[str, str, str]:
    return draft.trace.question, draft.trace.reasoning, draft.trace.answer


def parse_distinct_numbers(text: str) -> dict[str, tuple[str, ...]]:
    """Each distinct number of a text, in order, with the ways to read it."""
    if not _DIGIT.search(text):  # such as a page of ruled lines
        return {}
    text = _STEP_LABEL.sub(" ", text)
    grouped = {
        _canonicalise_number("".join(_PLAIN_NUMBER.findall(m[0]))): _split_grouped_number(m[0])
        for m in _GROUPED_NUMBER.finditer(text)
    }
    plain = dict.fromkeys(
        map(_canonicalise_number, _PLAIN_NUMBER.findall(_GROUPED_NUMBER.sub(" ", text) if grouped else text))
    )
    return grouped | {number: (number,) for number in plain}


def _split_grouped_number(grouped: str) -> tuple[str, ...]:
    """The parts of "1,000", which may be two numbers of a list."""
    return tuple(map(_canonicalise_number, _PLAIN_NUMBER.findall(grouped)))


def _canonicalise_number(number: str) -> str:
    """One spelling for equal numbers: 007 -> 7, 0.50 -> 0.5, .5 -> 0.5."""
    if not number.isascii():
        number = "".join(digit if digit == "." else str(int(digit)) for digit in number)
    whole, _, decimals = number.partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def parse_numbers(text: str) -> set[str]:
    """Every number of a text in one spelling, with the parts of what may be a list of numbers ("1,100")."""
    numbers = set(map(_canonicalise_number, _PLAIN_NUMBER.findall(text)))
    numbers.update(_canonicalise_number("".join(_PLAIN_NUMBER.findall(m[0]))) for m in _GROUPED_NUMBER.finditer(text))
    return numbers


def _find_unsupported_numbers(text: str, sources: Iterable[str]) -> list[str]:
    """The distinct numbers of a text that no source has."""
    numbers = parse_distinct_numbers(text)
    known: set[str] = set()
    for source in sources:
        known |= parse_numbers(source)
    return [number for number, parts in numbers.items() if number not in known and not known.issuperset(parts)]


@register_check("numbers-kept")
def numbers_kept(draft: Draft) -> str | None:
    """Fails where a number, formula or equation of the original is nowhere in the rewrite.

    What must stay is each distinct run of formal units (digits, operators, variables, LaTeX, calculator marks) of the
    original, as a whole: "48/2=24" is not kept by a 24 elsewhere. It need not stay as often as it was: reasoning
    repeats numbers, and the level is there to drop repetitions. Where a deletion brings runs
    together ("3 apples + 4" -> "3 + 4"), each is kept. Numbers that count steps ("1.", "Step 3") may go.
    """
    kept = set(_extract_formal_runs(draft.rewritten))
    joined = "".join(kept)
    lost = [run for run in dict.fromkeys(_extract_formal_runs(draft.original)) if run not in kept]
    lost = [run for run in lost if run not in joined]
    if not lost:
        return None
    return f"It leaves out numbers or formulas of the original: {_format_list([''.join(run.split()) for run in lost])}."


def _extract_formal_runs(segmentation: Segmentation) -> list[str]:
    """Each run of formal units within a step, every atom of it between two tabs."""
    formal = segmentation.formal.copy()
    for label in _STEP_LABEL.finditer(segmentation.text):
        first = int(np.searchsorted(segmentation.units, label.start(), side="right")) - 1
        formal[first : int(np.searchsorted(segmentation.units, label.end(), side="left"))] = False
    begins = np.zeros(len(formal) + 1, np.bool_)
    begins[np.searchsorted(segmentation.units, segmentation.steps)] = True
    here = np.flatnonzero(formal)
    if not len(here):
        return []
    splits = np.flatnonzero((np.diff(here) > 1) | begins[here[1:]]) + 1
    bounds = [0, *splits.tolist(), len(here)]
    starts, ends = segmentation.units[here].tolist(), segmentation.units[here + 1].tolist()
    spans = ((starts[a], ends[b - 1]) for a, b in pairwise(bounds))
    return ["\t" + "\t".join(split_atoms(segmentation.text[start:end])) + "\t" for start, end in spans]


def _format_list(items: list[str]) -> str:
    shown = ", ".join(item if len(item) <= 60 else f"{item[:60]}…" for item in items[:_MAX_LISTED])
    return shown if len(items) <= _MAX_LISTED else f"{shown} and {len(items) - _MAX_LISTED} more"
