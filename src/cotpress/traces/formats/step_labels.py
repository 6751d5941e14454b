"""Solutions step by step with several candidates for each and the one that was chosen, as PRM800K keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from cotpress.traces.fields.field_detection import EXAMPLE_QUESTION
from cotpress.traces.format_definition import FieldNames, RawTrace, RowSample, RowSchema, TraceFormat, format_roles
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.message_reasoning import join_pieces, mark_reasoning
from cotpress.traces.messages.passages import Passage
from cotpress.traces.places import get_at
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.types import RowPath

_STEPS: Final[RowPath] = ("label", "steps")


def _list_chosen(steps: list[Any]) -> Iterator[Passage]:
    """The chosen text of each step; the walk ends where a step has none."""
    for at, step in enumerate(steps):
        chosen = step.get("chosen_completion") if isinstance(step, dict) else None
        keys: RowPath = ("completions", chosen) if isinstance(chosen, int) else ("human_completion",)
        path = (*_STEPS, at, *keys)
        held = get_at(steps, path[len(_STEPS) :])
        text = held.get("text") if isinstance(held, dict) else held
        if not isinstance(text, str) or not text.strip():
            return
        yield mark_reasoning(text, (*path, "text") if isinstance(held, dict) else path, ())


def _extract(data: RowData) -> RawTrace:
    question, steps = get_at(data, ("question", "problem")), get_at(data, _STEPS)
    gold = get_at(data, ("question", "ground_truth_answer"))
    if not isinstance(question, str) or not isinstance(steps, list):
        raise MalformedRowError("missing-field", "There is no 'question.problem' with 'label.steps'.")
    chosen = list(_list_chosen(steps))
    if len(chosen) < len(steps):
        why = f"Step {len(chosen) + 1} of {len(steps)} has no chosen completion, so the solution has no end."
        raise MalformedRowError("cut-off", why)
    thought = join_pieces(chosen)
    places = tuple(replace(place, stays=True) for place in thought.places)  # others are known by their numbers
    known = gold if isinstance(gold, str) else None
    return RawTrace(question, "", thought.text, known, places=places, settled=True, structured=True)


def _recognise_labels(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    if fields.reasoning or fields.question:
        return None
    held = sum(isinstance(get_at(row, ("question", "problem")), str) and _has_candidates(row) for row in sample)
    if 2 * held < max(1, len(sample)):
        return None
    roles = format_roles(
        question="question.problem", reasoning="the chosen label.steps", gold="question.ground_truth_answer"
    )
    return RowSchema(_extract, roles, frozenset(("question", "label")), True)


def _has_candidates(data: RowData) -> bool:
    steps = get_at(data, _STEPS)
    return isinstance(steps, list) and any(isinstance(step, dict) and "completions" in step for step in steps)


add_format(
    TraceFormat(
        "step-labels",
        "PRM800K: steps with rated completions, of which the chosen ones are the solution",
        {
            "question": {"problem": EXAMPLE_QUESTION, "ground_truth_answer": "5"},
            "label": {"steps": [{"completions": [{"text": "2 and 3 make 5.", "rating": 1}], "chosen_completion": 0}]},
        },
        _recognise_labels,
        rank=19,
    )
)
