"""Axolotl's rows of segments, of which those with a true label are trained: templates, masks and all as one text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from typing import Any, Final

from cotpress.traces.extraction import get_field, strip_span
from cotpress.traces.fields.field_detection import EXAMPLE_QUESTION
from cotpress.traces.format_definition import FieldNames, RawTrace, RowSample, RowSchema, TraceFormat, format_roles
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.passages import Passage, extract_traces
from cotpress.traces.messages.rendered_chats import find_last_tokens, find_style, parse_prompt, parse_rendered_chat
from cotpress.traces.messages.reply_text import split_reply
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import TextPlace

_FIELD: Final = "segments"
_FIRST_TOKEN: Final = re.compile(r"\s*<(?:s|bos|\|[^|<>\n]{1,40}\|)>")


def _recognise_segments(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    if fields.reasoning or fields.question or fields.answer:
        return None
    if 2 * sum(_is_segmented(parse_json_text(row.get(_FIELD))) for row in sample) < max(1, len(sample)):
        return None

    def extract(data: RowData) -> list[RawTrace]:
        segments = parse_json_text(get_field(data, _FIELD))
        if not isinstance(segments, list) or not all(map(_is_segment, segments)):
            held = describe_value(segments)
            raise MalformedRowError("wrong-type", f"The field '{_FIELD}' must be a list of segments; it holds {held}.")
        return extract_traces(_parse_segments(segments, fields.tag_pairs), fields.turns)

    return RowSchema(extract, format_roles(turns=_FIELD), frozenset((_FIELD,)))


def _is_segmented(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_segment, value))


def _is_segment(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("label"), bool) and isinstance(value.get("text"), str)


def _parse_segments(segments: list[dict[str, Any]], pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of all segments: as the chat template in them has it, else a turn for each change of the label."""
    texts = [segment["text"] for segment in segments]
    ends = [0, *accumulate(map(len, texts))]  # where each begins in all texts as one
    joined = "".join(texts)
    style = find_style(joined)
    if style is not None:
        passages = parse_rendered_chat(joined, style, (), pairs)
    else:
        passages = list(_parse_runs([(segment["label"], segment["text"]) for segment in segments], pairs))
    return [
        passage._replace(places=tuple(piece for place in passage.places for piece in _find_pieces(place, texts, ends)))
        for passage in passages
    ]


def _parse_runs(segments: Sequence[tuple[bool, str]], pairs: ThinkTagPairs) -> Iterator[Passage]:
    """The passages of texts of which the trained ones are replies; their places are those in all texts as one."""
    start = 0
    for number, (label, run) in enumerate(groupby(segments, key=lambda segment: segment[0])):
        text = "".join(part for _, part in run)
        if label:
            said = split_reply(text[: find_last_tokens(text)], (), pairs)
            yield from (_shift(passage, start)._replace(message=number) for passage in said)
        else:
            first = _FIRST_TOKEN.match(text)
            asked = parse_prompt(text if find_style(text) or not first else text[first.end() :])
            yield from (passage._replace(text=passage.text.strip(), message=number) for passage in asked)
        start += len(text)


def _shift(passage: Passage, by: int) -> Passage:
    spans = [place.span or (0, 0) for place in passage.places]
    return passage._replace(places=tuple(TextPlace((), (start + by, end + by)) for start, end in spans))


def _find_pieces(place: TextPlace, texts: Sequence[str], ends: Sequence[int]) -> list[TextPlace]:
    """A place in all texts as one, as the places in the segments over which it reaches, without white space at ends."""
    start, end = place.span or (0, 0)
    pieces = []
    for at in range(max(0, bisect_right(ends, start) - 1), len(texts)):
        begin = ends[at]
        if begin >= end:
            break
        first, last = strip_span(texts[at], max(start - begin, 0), min(end - begin, len(texts[at])))
        if first < last:
            part = (first + begin - start, last + begin - start)
            pieces.append(TextPlace((_FIELD, at, "text"), (first, last), part, stays=True))
    return [replace(pieces[0], part=None, stays=False)] if len(pieces) == 1 else pieces


add_format(
    TraceFormat(
        "segments",
        "Axolotl's template-free rows: segments, of which those with a true label are trained",
        {
            "segments": [
                {"label": False, "text": f"{EXAMPLE_QUESTION}\n"},
                {"label": True, "text": "<think>2 and 3 make 5.</think>5</s>"},
            ]
        },
        _recognise_segments,
        rank=18,
    )
)
