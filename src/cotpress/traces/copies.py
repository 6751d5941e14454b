"""Copies of a row's reasoning elsewhere in the row: in think tags, in a column of reasoning, or in any other column.

What is written in the row's own shape must not keep the long text beside the short one. A copy counts where it says
the same but for white space, and is marked as reasoning, by tags or by the name of its field, or is long: nobody says
so much twice by chance. What users, systems and tools say is never touched.
"""

from __future__ import annotations

import sys
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from cotpress.traces.extraction import strip_span
from cotpress.traces.format_definition import QUESTION_FIELDS, REASONING_FIELDS
from cotpress.traces.messages.conversations import find_speaker
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.traces.think_tags import ThinkTagPairs, find_thought, list_pairs
from cotpress.types import RowPath, Span, TextPlace

MIN_COMPARED_CHARACTERS: Final = (
    200  # of a reasoning that is looked for inside other texts; a shorter one may be there by chance
)


class MarkedText(NamedTuple):
    """A text that is marked as reasoning, or long and not `marked`, and where it stands."""

    text: str
    place: TextPlace
    marked: bool = True


def fold_spaces(text: str) -> str:
    """The text with one space in place of all white space, to be compared.

    >>> fold_spaces(" 2+3\\r\\n= 5. ")
    '2+3 = 5.'
    """
    return " ".join(text.split())


def find_marked_texts(data: RowData, pairs: ThinkTagPairs) -> list[MarkedText]:
    """Every text of a row that is marked as reasoning, and every long one.

    Args:
        data: the row.
        pairs: the think tags. Time is linear in the row.

    >>> row = {"cot": "2+3=5.", "reply": "Hm: <think> 2+3=5.</think>5"}
    >>> [marked.place.path for marked in find_marked_texts(row, (("<think>", "</think>"),))]
    [('cot',), ('reply',)]
    """
    found = []
    for path, text in _list_texts(data, ()):
        spans = list(find_tagged_spans(text, pairs))
        if not spans and path and str(path[-1]).lower() in REASONING_FIELDS:
            spans = [strip_span(text, 0, len(text))]
        marked = bool(spans)
        if not spans and path and len(text) >= MIN_COMPARED_CHARACTERS:
            spans = [strip_span(text, 0, len(text))]
        found += [MarkedText(text[start:end], TextPlace(path, (start, end)), marked) for start, end in spans]
    return found


def find_tagged_spans(text: str, pairs: ThinkTagPairs) -> Iterator[Span]:
    """What stands between an opening think tag and its closing one, or before a closing one that nothing opens.

    Args:
        text: any text.
        pairs: the think tags.

    >>> list(find_tagged_spans("<think>a</think>b", (("<think>", "</think>"),)))
    [(7, 8)]
    """
    for opening, closing in list_pairs(text, pairs):
        end = text.find(closing)
        begin = 0
        while end >= 0:
            opened = text.find(opening, begin, end)
            if opened >= 0 or begin == 0:
                yield strip_span(text, opened + len(opening) if opened >= 0 else 0, end)
            begin = end + len(closing)
            end = text.find(closing, begin)


def find_copies(
    traces: Sequence[tuple[str, str, tuple[TextPlace, ...]]], marked: Iterable[MarkedText]
) -> list[tuple[TextPlace, ...]]:
    """The places of each of a row's reasonings, with those of its copies; no place is given twice.

    A copy says the reasoning, or the reasoning and the answer that closes it. Where another text holds the only
    reasoning of a row and more, or a part of it, no place is given: the row cannot be written in its own shape.

    Args:
        traces: reasoning, answer and places of each; one without places gets none.
        marked: what `find_marked_texts` gives.

    >>> texts = ("2+3=5.", "2+3=5. So 5.")
    >>> marked = [MarkedText(text, TextPlace((text,), (0, len(text)))) for text in texts]
    >>> [[place.span for place in one] for one in find_copies([("2+3=5.", "So 5.", (marked[0].place,))], marked)]
    [[(0, 6), (0, 6)]]
    """
    taken = _TakenPlaces(place for _, _, places in traces for place in places)
    others: dict[str, list[MarkedText]] = {}
    for text in marked:
        if taken.is_free(text.place):
            others.setdefault(fold_spaces(text.text), []).append(text)
    if not others:
        return [places for _, _, places in traces]
    completed = []
    for reasoning, answer, places in traces:
        keys = dict.fromkeys((fold_spaces(reasoning), fold_spaces(f"{reasoning} {answer}"))) if places else {}
        is_reply = fold_spaces(answer) in keys  # a reply that says the reasoning again stays
        copies = [
            _narrow(copy, reasoning)
            for key in keys
            for copy in others.pop(key, ())
            if copy.marked or not (is_reply or key != fold_spaces(reasoning))
        ]
        completed.append((*places, *copies))
    if len(traces) > 1:
        return completed
    left = [text for texts in others.values() for text in texts]
    if _is_held_in_one(traces[0][0], [fold_spaces(text.text) for text in left if text.marked]):
        return [()]
    return [(*completed[0], *_find_inside(*traces[0][:2], left))] if completed[0] else completed


def _find_inside(reasoning: str, answer: str, others: Iterable[MarkedText]) -> Iterator[TextPlace]:
    """The places of a long reasoning inside texts that have more, as a rendered chat; not in what asks or replies."""
    for text in others if len(reasoning) >= MIN_COMPARED_CHARACTERS else ():
        start, name = text.text.find(reasoning), str(text.place.path[-1]).lower()
        if not text.marked and start >= 0 and name not in QUESTION_FIELDS and text.text not in answer:
            start += text.place.span[0] if text.place.span else 0
            yield TextPlace(text.place.path, (start, start + len(reasoning)))


def _narrow(copy: MarkedText, reasoning: str) -> TextPlace:
    """The place of the reasoning in a copy that begins with it but for white space."""
    left, at = len("".join(reasoning.split())), 0
    if copy.text.startswith(reasoning):
        at = len(reasoning)
    else:
        while left:
            left -= not copy.text[at].isspace()
            at += 1
    start = copy.place.span[0] if copy.place.span else 0
    return TextPlace(copy.place.path, (start, start + at))


def _is_held_in_one(reasoning: str, others: Iterable[str]) -> bool:
    """Whether a text that is no copy has all of the reasoning in it, or is a large part of it."""
    folded = fold_spaces(reasoning)
    return len(folded) >= MIN_COMPARED_CHARACTERS and any(
        folded in text or (len(text) >= MIN_COMPARED_CHARACTERS and text in folded) for text in others
    )


def drop_repeated(text: str, reasoning: str, pairs: ThinkTagPairs) -> str:
    """A reply without the think tags in which it repeats reasoning that is given apart.

    Args:
        text: the reply.
        reasoning: what is given apart.
        pairs: the think tags.

    Raises:
        MalformedRowError: "repeated-think": the tags hold another reasoning; or a code of think tags.

    >>> drop_repeated("<think>2+3=5.</think>5", "2+3=5.", (("<think>", "</think>"),))
    '5'
    """
    found = find_thought(text, pairs)
    if found is None:
        return text
    if fold_spaces(text[slice(*found[0])]) not in ("", fold_spaces(reasoning)):
        raise MalformedRowError(
            "repeated-think", "The reasoning is given apart, and another one in think tags as well."
        )
    return text[found[1] :].strip()


class _TakenPlaces:
    """Places that are in use. Those of one text do not overlap, so that a place is looked up by where it begins."""

    def __init__(self, places: Iterable[TextPlace]) -> None:
        self._spans: dict[RowPath, list[Span]] = {}
        for place in places:
            insort(self._spans.setdefault(place.path, []), place.span or (0, sys.maxsize))

    def is_free(self, place: TextPlace) -> bool:
        """Whether no place in use overlaps it, or holds it."""
        if any(place.path[:length] in self._spans for length in range(1, len(place.path))):
            return False
        spans, (start, end) = self._spans.get(place.path, []), place.span or (0, 0)
        at = bisect_right(spans, (start, end))
        return not any(start < until and since < end for since, until in spans[max(0, at - 1) : at + 1])


def _list_texts(value: Any, path: RowPath) -> Iterator[tuple[RowPath, str]]:
    """Every text of a row, those inside text that is JSON, too; not what others than the assistant say."""
    if isinstance(value, str):
        inner = parse_json_text(value) if path else value
        if isinstance(inner, str):
            yield path, value
            return
        value = inner
    if isinstance(value, Mapping):
        if path and find_speaker(value) not in (None, "assistant"):
            return
        for key, part in value.items():
            if isinstance(key, str):
                yield from _list_texts(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _list_texts(part, (*path, index))
