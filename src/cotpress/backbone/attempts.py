"""What the answer does not rest on: wrong attempts with their retraction, doubts and checks."""

from __future__ import annotations

from collections.abc import Sequence

from cotpress.text.markers import is_retraction
from cotpress.text.retractions import MAX_ATTEMPT_DISTANCE


def find_attempts(steps: Sequence[str], reflective: Sequence[bool]) -> list[tuple[int, int]]:
    """Pairs (attempt, retraction): a reflective step that takes something back, and the step that it takes back.

    The attempt is the nearest step before it that is not itself reflective, at most `MAX_ATTEMPT_DISTANCE` steps
    away.

    >>> steps = ["So 4 * 2 = 9.", "No, wait. That is wrong.", "4 * 2 = 8."]
    >>> find_attempts(steps, [False, True, False])
    [(0, 1)]
    """
    pairs = []
    for place, step in enumerate(steps):
        if reflective[place] and is_retraction(step):
            earlier = range(place - 1, max(-1, place - 1 - MAX_ATTEMPT_DISTANCE), -1)
            attempt = next((back for back in earlier if not reflective[back]), None)
            if attempt is not None:
                pairs.append((attempt, place))
    return pairs


def find_digressions(steps: Sequence[str], reflective: Sequence[bool]) -> list[bool]:
    """Whether each step is reflective or follows a reflective one in its paragraph, so that it belongs to a doubt.

    Args:
        steps: the texts of the steps, each with the white space before it.
        reflective: whether each step turns back on the work.

    >>> steps = ["So f is 4.", "\\n\\nIs that right?", " 4 - 8 = 6.", "\\n\\nSo g is 7."]
    >>> find_digressions(steps, [False, True, False, False])
    [False, True, True, False]
    """
    inside, digressions = False, []
    for step, turns_back in zip(steps, reflective, strict=True):
        begins_paragraph = step[: len(step) - len(step.lstrip())].count("\n") > 1
        inside = turns_back or (inside and not begins_paragraph)
        digressions.append(inside)
    return digressions
