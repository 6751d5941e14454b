"""Taking a key out of what an endpoint sends, whatever way it is written: as it is, encoded, reversed, or in pieces."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote

MIN_KEY_CHARS = 8  # shorter values are placeholders such as "EMPTY", and may well be words of a text
GRAM = 4  # letters and digits in a row by which a piece of a key is known
LONG_PIECE = 12  # so many in a row are a piece of the key by themselves
SHARE = 0.5  # of a written form: where a text has so much of it, all pieces of it go, however short
REPLACEMENT = "***"


def redact(text: str, key: str) -> str:
    """The text with the key, its usual encodings and longer pieces of them replaced by "***".

    Only letters and digits are compared, and without case, so that a key with dashes or line breaks in it is one, too.
    The time is linear in the text.

    >>> redact("It is sk-3f9a-77c1-e0b2.", "sk-3f9a77c1e0b2")
    'It is ***.'
    """
    if len(key) < MIN_KEY_CHARS:
        return text
    places = [at for at, character in enumerate(text) if character.isalnum()]
    compact = "".join(text[at].lower()[:1] for at in places)
    spans = [(places[start], places[end - 1] + 1) for start, end in _find_pieces(compact, key)]
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], REPLACEMENT]
        at = end
    return "".join([*parts, text[at:]])


def _find_pieces(compact: str, key: str) -> list[tuple[int, int]]:
    """Where pieces stand that are long, or that together are much of the key; in order, joined where they touch."""
    grams, sizes = _index_forms(key)
    hits: dict[int, list[tuple[int, int]]] = {}  # form -> (place in the text, place in the form)
    for at in range(len(compact) - GRAM + 1):
        for form, place in grams.get(compact[at : at + GRAM], ()):
            hits.setdefault(form, []).append((at, place))
    marked: set[int] = set()
    for form, found in hits.items():
        covered = {place + offset for _, place in found for offset in range(GRAM)}
        everything = len(covered) >= SHARE * sizes[form]
        for start, end in _join_runs(found):
            if everything or end - start >= min(LONG_PIECE, sizes[form]):
                marked.update(range(start, end))
    return list(_join_places(sorted(marked)))


def _join_runs(found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in the text of hits that follow each other in the text and in the form."""
    by_diagonal: dict[int, list[int]] = {}
    for at, place in found:
        by_diagonal.setdefault(at - place, []).append(at)
    for starts in by_diagonal.values():
        first = previous = starts[0]
        for at in [*starts[1:], -1]:
            if at != previous + 1:
                yield first, previous + GRAM
                first = at
            previous = at


def _join_places(places: list[int]) -> Iterator[tuple[int, int]]:
    for at, place in enumerate(places):
        if at == 0 or place != places[at - 1] + 1:
            start = place
        if at + 1 == len(places) or places[at + 1] != place + 1:
            yield start, place + 1


@lru_cache(maxsize=8)
def _index_forms(key: str) -> tuple[Mapping[str, tuple[tuple[int, int], ...]], tuple[int, ...]]:
    """Each four letters or digits in a row -> the forms of the key that have them, and where; how long each form is."""
    grams: dict[str, list[tuple[int, int]]] = {}
    forms = list(_write_forms(key))
    for form, written in enumerate(forms):
        for place in range(len(written) - GRAM + 1):
            grams.setdefault(written[place : place + GRAM], []).append((form, place))
    return {gram: tuple(found) for gram, found in grams.items()}, tuple(map(len, forms))


def _write_forms(key: str) -> Iterator[str]:
    raw = key.encode()
    escaped = "".join(character if character.isalnum() else f"%{ord(character):02x}" for character in key)
    written = [key, quote(key, safe=""), escaped, raw.hex()]
    # within a longer text, what base64 makes of a key depends on where it begins; its ends also on what is around it
    written += [
        b64encode(b"\0" * shift + raw).decode()[shift + 1 if shift else 0 :].rstrip("=")[:-1] for shift in range(3)
    ]
    for form in dict.fromkeys("".join(filter(str.isalnum, one)).lower() for one in written):
        if len(form) >= GRAM:
            yield form
            yield form[::-1]
