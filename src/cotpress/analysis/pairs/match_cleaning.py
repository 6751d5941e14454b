"""Matching words put as people would put them: without chance matches, deletions from the beginning of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cotpress.analysis.pairs.word_matching import WordMatch

_MIN_KEPT_WORDS: Final = 3  # words: fewer between two replacements are taken for chance
_MAX_SHIFT: Final = 8  # words
_SENTENCE_ENDS: Final = frozenset(".!?:")


def drop_chance_matches(matches: Sequence[WordMatch], ours: int, theirs: int) -> Iterator[WordMatch]:
    """The matches without single words that two replacements happen to share: "the", a comma.

    `ours` and `theirs` are how many words the texts have.

    >>> list(drop_chance_matches([WordMatch(5, 4, 1)], 9, 9))
    []
    """
    bounds = [WordMatch(0, 0, 0), *matches, WordMatch(ours, theirs, 0)]
    for last, match, following in zip(bounds, matches, bounds[2:], strict=False):
        replaced_before = match.before > last.before + last.length and match.after > last.after + last.length
        end, other_end = match.before + match.length, match.after + match.length
        replaced_after = following.before > end and following.after > other_end
        if match.length >= _MIN_KEPT_WORDS or not (replaced_before and replaced_after):
            yield match


def shift_deletions(matches: Iterable[WordMatch], original: str, ours: Sequence[re.Match[str]]) -> list[WordMatch]:
    """The matches with each deletion moved to where a sentence begins, if the text that is left stays the same.

    Of "A. B. C." a comparison may take out ". B" as well as "B."; the second is how people read it.
    `ours` are the words of the original.

    >>> ours = list(re.finditer(r"[A-Z.]", "A. B. C."))
    >>> shift_deletions([WordMatch(0, 0, 1), WordMatch(3, 1, 3)], "A. B. C.", ours)
    [WordMatch(before=0, after=0, length=2), WordMatch(before=4, after=2, length=2)]
    """
    shifted: list[WordMatch] = []
    for following in matches:
        last = shifted[-1] if shifted else None
        if last and last.after + last.length == following.after:
            step = _find_best_shift(last, following, original, ours)
            shifted[-1] = WordMatch(last.before, last.after, last.length + step)
            following = WordMatch(following.before + step, following.after + step, following.length - step)
        shifted.append(following)
    return [match for match in shifted if match.length]


def _find_best_shift(last: WordMatch, following: WordMatch, original: str, ours: Sequence[re.Match[str]]) -> int:
    """How many words to move a deletion, which stands between two matches, to the right (below 0: to the left)."""
    start, end = last.before + last.length, following.before
    low = high = 0
    while high < min(following.length, _MAX_SHIFT) and _is_same(ours, start + high, end + high):
        high += 1
    while low > -min(last.length, _MAX_SHIFT) and _is_same(ours, start + low - 1, end + low - 1):
        low -= 1
    return max(range(low, high + 1), key=lambda step: (_rate_start(original, ours, start + step), -abs(step)))


def _is_same(ours: Sequence[re.Match[str]], place: int, other: int) -> bool:
    return ours[place].group() == ours[other].group()


def _rate_start(original: str, ours: Sequence[re.Match[str]], place: int) -> int:
    """How well a deletion can begin with a word: best behind a line break, then behind the end of a sentence."""
    if not place:
        return 2
    gap = original[ours[place - 1].end() : ours[place].start()]
    return 2 if "\n" in gap else 1 if gap and ours[place - 1].group() in _SENTENCE_ENDS else 0
