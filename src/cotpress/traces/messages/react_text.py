"""ReAct in one text, as passages: lines such as `Thought:`, `Action:`, `Code:`, `Observation:`, `Final Answer:`."""

from __future__ import annotations

import re

from cotpress.traces.extraction import strip_span
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.types import RowPath, TextPlace

_LABEL = re.compile(
    r"^[ \t]{0,8}(?:(Thought|THOUGHT|Think|Action Input|Action|Act|Code|Observation|Final Answer)(?: ?\d{1,3})?:[ \t]*"
    r"|(DISCUSSION)[ \t]*$)",
    re.MULTILINE,
)
_THOUGHTS, _ACTIONS = ("Thought", "THOUGHT", "Think", "DISCUSSION"), ("Action", "Act", "Code")
_FENCE = re.compile(r"^```.*$", re.MULTILINE)


def _get_label(mark: re.Match[str]) -> str:
    return str(mark[1] or mark[2])


def is_react(text: str) -> bool:
    """Whether a text begins with a thought and acts later, under a label or by a block of code that ends it.

    >>> is_react("Thought: 2+3=5.\\nAction: say 5"), is_react("Thought: 2+3=5.")
    (True, False)
    >>> is_react("THOUGHT: I look.\\n\\n```bash\\nls\\n```")
    True
    """
    first = _LABEL.match(text.lstrip())
    if first is None or _get_label(first) not in _THOUGHTS:
        return False
    return any(_get_label(mark) in _ACTIONS for mark in _LABEL.finditer(text)) or _find_last_block(text) is not None


def _find_last_block(text: str) -> int | None:
    """Where the block of code begins that a text ends with; None where it ends otherwise."""
    fences = list(_FENCE.finditer(text.rstrip()))
    closed = len(fences) > 1 and not len(fences) % 2 and fences[-1].end() == len(text.rstrip())
    return fences[-2].start() if closed and fences[-1][0].strip() == "```" else None


def parse_react(text: str, path: RowPath) -> list[Passage]:
    """The passages of a text: thoughts are reasoning, observations the tool's.

    Args:
        text: a text that `is_react`.
        path: where it stands in the row.

    >>> [(part.role, part.kind.value) for part in parse_react("Thought: 2+3=5.\\nAction: say 5", ("text",))]
    [('assistant', 'reasoning'), ('assistant', 'other')]
    """
    marks = list(_LABEL.finditer(text))
    block = None if any(_get_label(mark) in _ACTIONS for mark in marks) else _find_last_block(text)
    passages = []
    for number, mark in enumerate(marks, 1):
        until = marks[number].start() if number < len(marks) else len(text)
        acts_at = until if block is None or number < len(marks) else max(block, mark.end())
        start, end = strip_span(text, mark.end(), acts_at)
        label = _get_label(mark)
        if label in _THOUGHTS:
            place = TextPlace(path, (start, end))
            passages.append(Passage("assistant", text[start:end], PassageKind.REASONING, (place,)))
            if acts_at < until:
                passages.append(Passage("assistant", text[acts_at:until].strip(), PassageKind.OTHER))
        elif label == "Final Answer":
            passages.append(Passage("assistant", text[start:end]))
        else:
            role = "tool" if label == "Observation" else "assistant"
            said = text[start:end] if role == "tool" else text[mark.start() : end].strip()
            passages.append(Passage(role, said, PassageKind.OTHER))
    return passages
