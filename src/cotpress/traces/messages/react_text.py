"""ReAct in one text, as passages: lines such as `Thought:`, `Action:`, `Code:`, `Observation:`, `Final Answer:`."""

from __future__ import annotations

import re

from cotpress.traces.extraction import strip_span
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.types import RowPath, TextPlace

_LABEL = re.compile(
    r"^[ \t]{0,8}(Thought|Think|Action Input|Action|Act|Code|Observation|Final Answer)(?: ?\d{1,3})?:[ \t]*",
    re.MULTILINE,
)
_THOUGHTS, _ACTIONS = ("Thought", "Think"), ("Action", "Act", "Code")


def is_react(text: str) -> bool:
    """Whether a text begins with a thought and acts later.

    >>> is_react("Thought: 2+3=5.\\nAction: say 5"), is_react("Thought: 2+3=5.")
    (True, False)
    """
    first = _LABEL.match(text.lstrip())
    return first is not None and first[1] in _THOUGHTS and any(mark[1] in _ACTIONS for mark in _LABEL.finditer(text))


def parse_react(text: str, path: RowPath) -> list[Passage]:
    """The passages of a text: thoughts are reasoning, observations the tool's.

    Args:
        text: a text that `is_react`.
        path: where it stands in the row.

    >>> [(part.role, part.kind.value) for part in parse_react("Thought: 2+3=5.\\nAction: say 5", ("text",))]
    [('assistant', 'reasoning'), ('assistant', 'other')]
    """
    marks = list(_LABEL.finditer(text))
    passages = []
    for number, mark in enumerate(marks, 1):
        until = marks[number].start() if number < len(marks) else len(text)
        start, end = strip_span(text, mark.end(), until)
        if mark[1] in _THOUGHTS:
            place = TextPlace(path, (start, end))
            passages.append(Passage("assistant", text[start:end], PassageKind.REASONING, (place,)))
        elif mark[1] == "Final Answer":
            passages.append(Passage("assistant", text[start:end]))
        else:
            role = "tool" if mark[1] == "Observation" else "assistant"
            said = text[start:end] if role == "tool" else text[mark.start() : end].strip()
            passages.append(Passage(role, said, PassageKind.OTHER))
    return passages
