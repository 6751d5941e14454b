"""A pair as one text: what was kept, what was deleted and what was inserted, in the order of reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal, TypeAlias

from cotpress.analysis.pairs.match_cleaning import drop_chance_matches, shift_deletions
from cotpress.analysis.pairs.word_matching import match_words

PartKind: TypeAlias = Literal["kept", "deleted", "inserted"]
PART_KINDS: Final[tuple[PartKind, ...]] = ("kept", "deleted", "inserted")
_WORD = re.compile(r"\w++|[^\w\s]")


@dataclass(frozen=True, slots=True)
class MarkedPart:
    """A stretch of text: `kind` is "kept" (in both texts), "deleted" (in the original alone) or "inserted"."""

    kind: PartKind
    text: str


def mark_pair(original: str, compressed: str, kept_spans: Iterable[Sequence[int]] | None = None) -> list[MarkedPart]:
    """A pair as parts. What is kept or deleted makes the original, what is kept or inserted makes the compressed text.

    Args:
        original: the reasoning as it was.
        compressed: what became of it.
        kept_spans: the [start, end) characters of the original that stayed, ascending, if it was pruned. Without
            them, or where they do not make the compressed text, words are compared.

    >>> [(part.kind, part.text) for part in mark_pair("Well, x is 3.", "x = 3.")]
    [('deleted', 'Well, '), ('kept', 'x '), ('deleted', 'is'), ('inserted', '='), ('kept', ' 3.')]
    """
    parts = None if kept_spans is None else _mark_spans(original, compressed, kept_spans)
    return _mark_words(original, compressed) if parts is None else parts


def join_kinds(parts: Iterable[MarkedPart], *kinds: PartKind) -> str:
    """The text of the parts of these kinds.

    >>> join_kinds(mark_pair("Well, x.", "x."), "kept", "inserted")
    'x.'
    """
    return "".join(part.text for part in parts if part.kind in kinds)


def _mark_spans(original: str, compressed: str, kept_spans: Iterable[Sequence[int]]) -> list[MarkedPart] | None:
    """The parts of a pruned text, or None where the spans do not make it."""
    parts: list[MarkedPart] = []
    done = written = 0
    for start, end in kept_spans:
        if not done <= start <= end <= len(original):
            return None
        parts.append(MarkedPart("deleted", original[done:start]))
        kept, done = original[start:end], end
        if compressed.startswith(" ", written) and not compressed.startswith(kept, written):
            parts.append(MarkedPart("inserted", " "))  # between words that would become one
            written += 1
        parts.append(MarkedPart("kept", kept))
        written += len(kept)
    parts.append(MarkedPart("deleted", original[done:]))
    return _join_neighbours(parts) if join_kinds(parts, "kept", "inserted") == compressed else None


def _mark_words(original: str, compressed: str) -> list[MarkedPart]:
    """The parts of a text that was written anew, by the words that both have in common and in order."""
    ours, theirs = list(_WORD.finditer(original)), list(_WORD.finditer(compressed))
    matches = match_words([word.group() for word in ours], [word.group() for word in theirs])
    parts: list[MarkedPart] = []
    done = written = 0
    for match in shift_deletions(drop_chance_matches(matches, len(ours), len(theirs)), original, ours):
        for number in range(match.length):
            word, copy = ours[match.before + number], theirs[match.after + number]
            parts += _mark_between(original[done : word.start()], compressed[written : copy.start()])
            parts.append(MarkedPart("kept", word.group()))
            done, written = word.end(), copy.end()
    parts += _mark_between(original[done:], compressed[written:])
    return _join_neighbours(parts)


def _mark_between(deleted: str, inserted: str) -> Iterator[MarkedPart]:
    """What stands between two words that match: white space that both begin or end with is kept."""
    head = _count_common_space(deleted, inserted)
    tail = _count_common_space(deleted[head:][::-1], inserted[head:][::-1])
    yield MarkedPart("kept", deleted[:head])
    yield MarkedPart("deleted", deleted[head : len(deleted) - tail])
    yield MarkedPart("inserted", inserted[head : len(inserted) - tail])
    yield MarkedPart("kept", deleted[len(deleted) - tail :])


def _count_common_space(text: str, other: str) -> int:
    count = 0
    while count < min(len(text), len(other)) and text[count] == other[count] and text[count].isspace():
        count += 1
    return count


def _join_neighbours(parts: Iterable[MarkedPart]) -> list[MarkedPart]:
    """The parts without empty ones, neighbours of one kind as one."""
    groups = groupby((part for part in parts if part.text), key=lambda part: part.kind)
    return [MarkedPart(kind, "".join(part.text for part in group)) for kind, group in groups]
