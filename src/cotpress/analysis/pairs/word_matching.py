"""Words that two texts have in common, in order, in about linear time.

Words that are unique on both sides are matched first, in the longest order they share, then what lies between them:
the patience diff of Bram Cohen, here with runs of words, so that there are unique ones in long and repetitive texts.
Short gaps are matched by `difflib`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_RUN_LENGTHS = (6, 3, 1)  # words of a run that is looked for; longer ones are surer, shorter ones more often there
_MAX_TABLE = 10_000  # word pairs: gaps up to this size go to difflib, whose time can grow with the cube of a side
_MAX_DEPTH = 12  # each depth costs a pass over the texts


class WordMatch(NamedTuple):
    """`length` equal words, from `before` on in the one text and from `after` on in the other."""

    before: int
    after: int
    length: int


class _Gap(NamedTuple):
    """Words of both texts, [start, end) each, that are still to be matched."""

    before: int
    before_end: int
    after: int
    after_end: int
    depth: int


def match_words(before: Sequence[str], after: Sequence[str]) -> list[WordMatch]:
    """Equal words of two texts, ascending in both and disjoint.

    They are many, but not always the most: a longest common subsequence takes time in proportion to the product of the
    lengths.

    >>> match_words("so x is 3".split(), "x is 3".split())
    [WordMatch(before=1, after=0, length=3)]
    """
    matches, waiting = [], [_Gap(0, len(before), 0, len(after), 0)]
    while waiting:
        gap, ends = _strip_equal_ends(waiting.pop(), before, after)
        matches += ends
        rows, columns = gap.before_end - gap.before, gap.after_end - gap.after
        if not rows or not columns:
            continue
        if rows * columns <= _MAX_TABLE:
            matches += _match_small_gap(gap, before, after)
        elif gap.depth < _MAX_DEPTH:
            waiting += _split_gap(gap, before, after)
    return _join_adjacent(sorted(matches))


def _strip_equal_ends(gap: _Gap, before: Sequence[str], after: Sequence[str]) -> tuple[_Gap, list[WordMatch]]:
    start, end, other, other_end, depth = gap
    while start < end and other < other_end and before[start] == after[other]:
        start, other = start + 1, other + 1
    while start < end and other < other_end and before[end - 1] == after[other_end - 1]:
        end, other_end = end - 1, other_end - 1
    ends = [WordMatch(gap.before, gap.after, start - gap.before), WordMatch(end, other_end, gap.before_end - end)]
    return _Gap(start, end, other, other_end, depth), [match for match in ends if match.length]


def _match_small_gap(gap: _Gap, before: Sequence[str], after: Sequence[str]) -> Iterator[WordMatch]:
    matcher = SequenceMatcher(
        None, before[gap.before : gap.before_end], after[gap.after : gap.after_end], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        if block.size:
            yield WordMatch(gap.before + block.a, gap.after + block.b, block.size)


def _split_gap(gap: _Gap, before: Sequence[str], after: Sequence[str]) -> list[_Gap]:
    """The gaps between the runs of words that are unique on both sides; none where there is no such run.

    Each begins at a run, which the next pass takes off its front.
    """
    for length in _RUN_LENGTHS:
        anchors = _find_anchors(gap, before, after, length)
        if anchors:
            starts = [(gap.before, gap.after), *anchors]
            ends = [*anchors, (gap.before_end, gap.after_end)]
            return [
                _Gap(start, end, other, other_end, gap.depth + 1)
                for (start, other), (end, other_end) in zip(starts, ends, strict=True)
            ]
    return []


def _find_anchors(gap: _Gap, before: Sequence[str], after: Sequence[str], length: int) -> list[tuple[int, int]]:
    """Where runs of `length` words begin that are unique on both sides, the longest ascending sequence of them."""
    ours = _find_unique_runs(before, gap.before, gap.before_end, length)
    theirs = _find_unique_runs(after, gap.after, gap.after_end, length)
    pairs = sorted((place, theirs[run]) for run, place in ours.items() if run in theirs)
    return _select_ascending(pairs)


def _find_unique_runs(words: Sequence[str], start: int, end: int, length: int) -> dict[tuple[str, ...], int]:
    places: dict[tuple[str, ...], int] = {}
    for place in range(start, end - length + 1):
        run = tuple(words[place : place + length])
        places[run] = -1 if run in places else place
    return {run: place for run, place in places.items() if place >= 0}


def _select_ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence that ascends in the second number of each pair too (patience sorting)."""
    tops: list[int] = []  # the least last number of an ascending subsequence of each length
    at_top: list[int] = []  # which pair that is
    previous = [-1] * len(pairs)
    for number, (_, other) in enumerate(pairs):
        pile = bisect_left(tops, other)
        previous[number] = at_top[pile - 1] if pile else -1
        tops[pile : pile + 1] = [other]
        at_top[pile : pile + 1] = [number]
    selected, number = [], at_top[-1] if at_top else -1
    while number >= 0:
        selected.append(pairs[number])
        number = previous[number]
    return selected[::-1]


def _join_adjacent(matches: list[WordMatch]) -> list[WordMatch]:
    joined: list[WordMatch] = []
    for match in matches:
        last = joined[-1] if joined else None
        if last and (last.before + last.length, last.after + last.length) == (match.before, match.after):
            joined[-1] = WordMatch(last.before, last.after, last.length + match.length)
        else:
            joined.append(match)
    return joined
