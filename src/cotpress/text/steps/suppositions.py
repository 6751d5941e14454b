"""What is said under a supposition needs the sentence that supposes, and that one the verdict that rejects it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_MAX_SUPPOSED_STEPS: Final = 8  # after the step that supposes
_HEAD_CHARACTERS: Final = 80  # of a step, in which it begins to suppose
_SUPPOSING = re.compile(
    r"(?:(?:so|now|then|but|and|next|again|also|first|second|alternatively|wait|hmm|okay|no|case\s+\w{1,4}|"
    r"(?:next|other)\s+possibility)\b[,:.\s]*+){0,3}"
    r"(?:if|suppose|assume|imagine|say|what\s+if|let(?:['’]s|\s+me)\s+(?:say|suppose|assume|imagine|try))\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"if\s+(?:i|we|you)\s+(?:\w+\s+)?(?:look|think|want|need|recall|remember|can|could)\b", re.IGNORECASE
)
_REJECTED = re.compile(
    r"\b(?:invalid|contradict\w*|conflict\w*|impossible|violates?|problematic|ruled\s+out|no\s+(?:solution|good)|not\s+"
    r"(?:possible|valid|allowed|work)|(?:can['’]t|cannot)\s+(?:be|work|happen)|(?:isn|aren)['’]t\s+(?:possible|valid|allowed)"
    r"|doesn['’]t\s+(?:work|fit|hold|satisfy|exist))\b",
    re.IGNORECASE,
)


def find_suppositions(steps: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of steps (step, needed): what follows a supposition in its paragraph needs it, and it what rejects it.

    What speaks of the answer holds without it.

    Args:
        steps: the texts of the steps, each with the white space before it.

    >>> steps = ["If Ana is in 3, Dan is in 4.", " Then 1 is left for Ben.", " So invalid.", "\\n\\nSo Eve is first."]
    >>> find_suppositions(steps)
    [(1, 0), (2, 0), (0, 2)]
    """
    pairs: list[tuple[int, int]] = []
    head, rejected = -1, -1
    for place, step in enumerate([*steps, "\n\n"]):
        bare = step.lstrip()
        begins_paragraph = step[: len(step) - len(bare)].count("\n") > 1
        supposes = _supposes(bare)
        ends = supposes or begins_paragraph or "the answer" in bare or place - head > _MAX_SUPPOSED_STEPS
        if head >= 0 and ends:
            pairs += [(head, rejected)] if rejected > head else []
            head = -1
        if supposes:
            head, rejected = place, -1
        elif head >= 0:
            pairs.append((place, head))
            rejected = place if rejects(bare) else rejected
    return pairs


def rejects(step: str) -> bool:
    """Whether a step says that what was supposed cannot be.

    >>> rejects("So this is invalid."), rejects("So Ana is first.")
    (True, False)
    """
    return _REJECTED.search(step) is not None


def _supposes(step: str) -> bool:
    match = _SUPPOSING.match(step[:_HEAD_CHARACTERS])
    return match is not None and not _ASIDE.match(step, match.end() - 2)
