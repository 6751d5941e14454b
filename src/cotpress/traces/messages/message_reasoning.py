"""The reasoning that a message keeps apart from what it says: in keys of its own, in pieces, or encrypted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cotpress.traces.extraction import strip_span
from cotpress.traces.field_words import is_about, names_reasoning
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.places import STEP_JOINER, format_path, get_at
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import ThinkTagPairs, find_thought
from cotpress.types import RowPath, TextPlace

THOUGHT_KEY = "thought"  # of agents; the content may begin with it again
MESSAGE_REASONING_KEYS = ("reasoning_content", "reasoning", "thinking", "thinking_content", "thoughts", THOUGHT_KEY)
# Where a message keeps what the endpoint said beside its own keys: LangChain's, LiteLLM's, tau2's.
_RAW_KEYS: tuple[RowPath, ...] = (
    ("additional_kwargs", "reasoning_content"),
    ("provider_specific_fields", "reasoning_content"),
    ("raw_data", "message", "reasoning_content"),
)
_PIECE_TEXTS = ("text", "thinking", "content", "summary", "description")
# Reasoning that is there, but encrypted or left out.
HIDDEN_REASONING = Passage("assistant", "", PassageKind.REASONING)


def mark_reasoning(text: str, path: RowPath, pairs: ThinkTagPairs) -> Passage:
    """The passage of a text that is reasoning as a whole, think tags around it aside."""
    found = find_thought(text, pairs)
    start, end = strip_span(text, *(found[0] if found else (0, len(text))))
    place = TextPlace(path, (start, end))
    return Passage("assistant", text[start:end], PassageKind.REASONING, (place,))


def parse_reasoning_keys(message: RowData, path: RowPath, pairs: ThinkTagPairs, role: str) -> list[Passage]:
    """The reasoning that a message keeps apart, with every key that has the same text.

    Args:
        message: a message.
        path: where it stands.
        pairs: the think tags.
        role: who speaks; keys that nobody lists are looked at in replies alone.

    Raises:
        MalformedRowError: "wrong-type", "repeated-think", or a code of think tags.

    >>> [found] = parse_reasoning_keys({"reasoning": "2+3=5.", "content": "5"}, (), (), "assistant")
    >>> found.text, found.places[0].path
    ('2+3=5.', ('reasoning',))
    """
    held: dict[RowPath, Any] = {
        (key,): message[key] for key in MESSAGE_REASONING_KEYS if message.get(key) not in (None, [], {})
    }
    for keys in _RAW_KEYS:
        told = get_at(message, keys)
        if isinstance(told, str) and told.strip():
            held[keys] = told
    held = held or (_find_named_alike(message) if role == "assistant" else {})
    texts = [found for key, value in held.items() if (found := _read_value(value, (*path, *key), pairs)).text]
    if len({passage.text for passage in texts}) > 1:
        names = ", ".join(map(format_path, held))
        raise MalformedRowError("repeated-think", f"'{format_path(path)}' has two reasonings: {names}.")
    details = list(_parse_details(message, path, pairs))
    if not texts:
        hidden = message.get("reasoning_details") and not details
        return [HIDDEN_REASONING] if hidden else details
    if any(passage.text != texts[0].text for passage in details):
        return [texts[0]._replace(places=_add_pieces(texts, details))]
    places = tuple(place for passage in (*texts, *details) for place in passage.places)
    return [texts[0]._replace(places=places)]


def _find_named_alike(message: RowData) -> dict[RowPath, Any]:
    """The one text of a reply under a key with a word of reasoning in its name, or none."""
    alike = [key for key, text in message.items() if isinstance(text, str) and " " in text and names_reasoning(key)]
    alike = [key for key in alike if not is_about(key)]
    return {(alike[0],): message[alike[0]]} if len(alike) == 1 else {}


def _add_pieces(texts: list[Passage], details: list[Passage]) -> tuple[TextPlace, ...]:
    """The places of a reasoning and of the pieces in which it is kept, too; none where these are not its pieces."""
    pieces, at = [], 0
    for passage in details:
        start = texts[0].text.find(passage.text, at)
        if start < 0:
            return ()
        at = start + len(passage.text)
        pieces.append(TextPlace(passage.places[0].path, passage.places[0].span, (start, at)))
    return (*(place for passage in texts for place in passage.places), *pieces)


def _parse_details(message: RowData, path: RowPath, pairs: ThinkTagPairs) -> Iterator[Passage]:
    """The texts of OpenRouter's `reasoning_details`; what is encrypted there has none."""
    details = message.get("reasoning_details")
    for index, part in enumerate(details if isinstance(details, list) else ()):
        for key in ("text", "summary"):
            text = part.get(key) if isinstance(part, dict) else None
            if isinstance(text, str) and text.strip():
                yield mark_reasoning(text, (*path, "reasoning_details", index, key), pairs)


def _read_value(value: Any, path: RowPath, pairs: ThinkTagPairs) -> Passage:
    """The reasoning of a key: a text, an object with one, or a list of such pieces."""
    if isinstance(value, str):
        return mark_reasoning(value, path, pairs)
    if isinstance(value, dict):
        name = next((name for name in _PIECE_TEXTS if isinstance(value.get(name), str)), None)
        if name is not None:
            return mark_reasoning(value[name], (*path, name), pairs)
    if isinstance(value, list) and value:
        pieces = [_read_value(piece, (*path, at), pairs) for at, piece in enumerate(value)]
        return join_pieces([piece for piece in pieces if piece.text])
    raise MalformedRowError(
        "wrong-type", f"The reasoning of '{format_path(path[:-1])}' must be text; it is {describe_value(value)}."
    )


def join_pieces(pieces: Sequence[Passage]) -> Passage:
    """Texts of reasoning as one, each a part of it; empty where there is none.

    >>> joined = join_pieces([mark_reasoning("2+3=5.", ("a",), ()), mark_reasoning("So 5.", ("b",), ())])
    >>> joined.text, joined.places[1].part
    ('2+3=5.\\n\\nSo 5.', (8, 13))
    """
    text, places = "", []
    for piece in pieces:
        start = len(text) + len(STEP_JOINER) if text else 0
        text = f"{text}{STEP_JOINER}{piece.text}" if text else piece.text
        places.append(TextPlace(piece.places[0].path, piece.places[0].span, (start, len(text))))
    return Passage("assistant", text, PassageKind.REASONING, tuple(places))
