"""What a language model is told beside the trace: the facts that its rewrite must keep."""

from __future__ import annotations

from typing import Final

from cotpress.errors import build_unknown_name_error
from cotpress.rewriting.checks.backbone import BackboneStep, list_backbone_steps
from cotpress.rewriting.task import RewriteTask

NO_HINT, BACKBONE_HINT = "none", "backbone"
HINTS: Final = (NO_HINT, BACKBONE_HINT)
MAX_STEP_CHARACTERS: Final = 300  # of one step
MAX_LISTED_RESULTS: Final = 60


def check_hint(name: str) -> None:
    """Raises OptionError for a hint that is none of HINTS.

    >>> check_hint("bone")
    Traceback (most recent call last):
    cotpress.errors.OptionError: There is no hint 'bone'. Did you mean 'none'? Known: backbone, none.
    """
    if name not in HINTS:
        raise build_unknown_name_error("hint", name, HINTS)


def format_facts(task: RewriteTask) -> str:
    """The steps that the answer rests on, a line each and in their order, then their results; "" without a hint.

    They are as many as the budget holds, and what the check `backbone-kept` looks for.

    >>> from cotpress.rewriting.levels import get_level
    >>> from cotpress.rewriting.task import make_rewrite_task
    >>> from cotpress.types import Trace
    >>> trace = Trace("1", "2 + 3, times 4?", "We add 2 + 3 = 5.\\n\\nHmm, let me see.\\n\\nThen 5 * 4 = 20.")
    >>> print(format_facts(make_rewrite_task(trace, get_level("edit"), hint="backbone")))
    - We add 2 + 3 = 5.
    - Then 5 * 4 = 20.
    Results: 5, 20
    """
    if task.hint == NO_HINT:
        return ""
    ratio = 1.0 if task.ratio is None else task.ratio
    steps = list_backbone_steps(task.trace, task.segmentation.mode, ratio)
    steps.sort(key=lambda step: step.place)
    lines = [f"- {_shorten(step.text)}" for step in steps]
    results = _list_results(steps)
    return "\n".join([*lines, *([f"Results: {', '.join(results)}"] if results else [])])


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_STEP_CHARACTERS else f"{line[:MAX_STEP_CHARACTERS]} ..."


def _list_results(steps: list[BackboneStep]) -> list[str]:
    """The results, each once, in the order of the steps and, within one, of its text."""
    found = dict.fromkeys(
        result for step in steps for result in sorted(step.results, key=lambda one: (step.text.find(one), one))
    )
    return list(found)[:MAX_LISTED_RESULTS]
