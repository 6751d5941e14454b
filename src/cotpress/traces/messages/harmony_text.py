"""The text of harmony, the format of gpt-oss, as passages: `<|start|>ROLE<|channel|>NAME<|message|>TEXT<|end|>`.

Read by hand, because `openai-harmony` works on tokens of its own vocabulary, which it downloads, and gives no places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cotpress.traces.extraction import strip_span
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.rows import MalformedRowError
from cotpress.types import RowPath, TextPlace

_MARK = re.compile(r"<\|(start|message|end|return|call)\|>")
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)")
_RECIPIENT = re.compile(r"\bto=([^\s<]+)")
_SPEAKERS = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}


def is_harmony(text: str) -> bool:
    """Whether a text is written in harmony.

    >>> is_harmony("<|channel|>final<|message|>5<|return|>"), is_harmony("5")
    (True, False)
    """
    return "<|message|>" in text and text.lstrip().startswith(("<|start|>", "<|channel|>"))


def parse_harmony(text: str, path: RowPath) -> list[Passage]:
    """The passages of a text; one without a first `<|start|>` goes on after the prompt's `<|start|>assistant`.

    Args:
        text: the text.
        path: where it stands in the row.

    Raises:
        MalformedRowError: "cut-off": the last message is not ended.

    >>> [passage.kind.value for passage in parse_harmony("<|channel|>analysis<|message|>2+3.<|end|>", ("text",))]
    ['reasoning']
    """
    return [
        _build_passage(header, text, (start, end), path, number)
        for number, (header, start, end) in enumerate(_split_messages(text))
    ]


def _split_messages(text: str) -> Iterator[tuple[str, int, int]]:
    """(header, [start, end) of the content) of each message."""
    header_start, content = 0, None
    header = ""
    for mark in _MARK.finditer(text):
        if mark[1] == "message" and content is None:
            header, content = text[header_start : mark.start()], mark.end()
        elif mark[1] == "start":
            if content is not None:  # a prompt whose message was not ended
                yield header, content, mark.start()
                content = None
            header_start = mark.end()
        elif mark[1] != "message" and content is not None:
            yield header, content, mark.start()
            header_start, content = mark.end(), None
    if content is not None and text[content:].strip():
        if (channel := _CHANNEL.search(header)) and channel[1] == "final":  # servers take the last token off
            yield header, content, len(text)
            return
        raise MalformedRowError("cut-off", "The last message of the harmony text is not ended.")


def _build_passage(header: str, text: str, span: tuple[int, int], path: RowPath, number: int) -> Passage:
    start, end = strip_span(text, *span)
    content, channel = text[start:end], _CHANNEL.search(header)
    name = re.split(r"[<\s]", header.strip(), maxsplit=1)[0]
    role = _SPEAKERS.get(name, "tool") if name else "assistant"
    recipient = _RECIPIENT.search(header)
    if role == "assistant" and recipient:
        return Passage(role, f"{recipient[1]}: {content}", PassageKind.OTHER, (), number)
    if role == "tool":
        return Passage(role, content, PassageKind.OTHER, (), number)
    if role == "assistant" and channel and channel[1] == "analysis":
        return Passage(role, content, PassageKind.REASONING, (TextPlace(path, (start, end)),), number)
    return Passage(role, content, PassageKind.TEXT, (TextPlace(path, (start, end)),), number)
