"""The think tags that are known, and what stands between them in a text."""

from __future__ import annotations

from typing import TypeAlias

from cotpress.traces.rows import MalformedRowError
from cotpress.types import THINK_TAGS, Span

TagPair: TypeAlias = tuple[str, str]
ThinkTagPairs: TypeAlias = tuple[TagPair, ...]
# Of these, a single tag is enough to say that the text is of that kind.
_SURE_PAIRS: ThinkTagPairs = (THINK_TAGS, ("<|begin_of_thought|>", "<|end_of_thought|>"))
THINK_TAG_PAIRS: ThinkTagPairs = (
    *_SURE_PAIRS,
    ("<thinking>", "</thinking>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("<seed:think>", "</seed:think>"),
    ("◁think▷", "◁/think▷"),
)


def has_think_tags(text: str, pairs: ThinkTagPairs = THINK_TAG_PAIRS) -> bool:
    """Whether the text marks a part of it as thought."""
    return _find_pair(text, pairs) is not None


def _find_pair(text: str, pairs: ThinkTagPairs) -> TagPair | None:
    """The pair of tags that a text uses: the one whose tag comes first.

    A rare tag that is opened in the middle of a text and not closed is a word of it, such as "<reasoning>" in prose.
    """
    found: list[tuple[int, TagPair]] = []
    for pair in pairs:
        opened, closed = text.find(pair[0]), text.find(pair[1])
        if closed < 0 and (opened < 0 or (pair not in _SURE_PAIRS and text[:opened].strip())):
            continue
        found.append((min(at for at in (opened, closed) if at >= 0), pair))
    return min(found, default=(0, None))[1]


def find_thought(text: str, pairs: ThinkTagPairs = THINK_TAG_PAIRS) -> tuple[Span, int] | None:
    """[start, end) of what is inside the think tags, and where what follows them begins; None where there are none.

    Chat templates may put the opening tag into the prompt, so a closing tag alone is enough.

    Raises:
        MalformedRowError: "unclosed-think", "repeated-think" or "text-before-think".

    >>> find_thought("<think>2+3=5.</think>5")
    ((7, 13), 21)
    """
    pair = _find_pair(text, pairs)
    if pair is None:
        return None
    opening, closing = pair
    if text.count(opening) > 1 or text.count(closing) > 1:
        counts = f"{text.count(opening)} of {opening} and {text.count(closing)} of {closing}"
        raise MalformedRowError("repeated-think", f"There are {counts}; one pair is understood.")
    opened = text.find(opening)
    start = opened + len(opening) if opened >= 0 else 0
    end = text.find(closing, start)
    if end < 0:
        raise MalformedRowError("unclosed-think", f"{opening} is never closed by {closing}.")
    before = text[: max(0, opened)].strip()
    if before:
        raise MalformedRowError("text-before-think", f"Text stands before {opening}: '{before[:60]}'.")
    return (start, end), end + len(closing)


def split_think_tags(text: str, pairs: ThinkTagPairs = THINK_TAG_PAIRS) -> tuple[str, str] | None:
    """(what is inside the think tags, what follows them); None where there are none. Raises as `find_thought`."""
    found = find_thought(text, pairs)
    return (text[slice(*found[0])], text[found[1] :].strip()) if found else None
