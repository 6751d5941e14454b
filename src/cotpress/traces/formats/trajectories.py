"""Agents' trajectories as lists of steps: a thought, an action, an observation."""

from __future__ import annotations

import json
from typing import Any

from cotpress.traces.conversations import mark_reasoning
from cotpress.traces.extraction import get_field, strip_span
from cotpress.traces.field_detection import EXAMPLE_QUESTION, find_question_field, get_question_text
from cotpress.traces.format_definition import (
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    find_columns,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.passages import Passage, PassageKind, extract_traces
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.types import TextPlace

_LISTS = ("trajectory", "steps", "history", "messages", "turns", "events")
_THOUGHTS = ("thought", "thinking", "reasoning", "think")
_ACTIONS = ("action", "tool", "tool_name", "tool_input", "action_input", "arguments", "command")
_REPLIES = ("answer", "final_answer", "reply", "output")
_OBSERVATIONS = ("observation", "result", "tool_output", "response_from_tool")
_TASKS = ("task", "problem_statement", "goal", "issue", "intent")


def _recognise_trajectory(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    columns = [
        name
        for name in find_columns(sample, _LISTS, (list, str))
        if any(_is_trajectory(row.get(name)) for row in sample)
    ]
    if not columns or fields.reasoning:
        return None
    field = columns[0]
    tasks = find_columns(sample, _TASKS)
    question = fields.question or next(iter(tasks), None) or find_question_field(sample, fields, (field,))
    asks = question is not None or any(_find_task(row, field) for row in sample)

    def extract(data: RowData) -> list[RawTrace]:
        steps = parse_json_text(get_field(data, field))
        if not isinstance(steps, list):
            raise MalformedRowError("wrong-type", f"The field '{field}' must be a list of steps; it holds "
                                    f"{describe_value(steps)}.")  # fmt: skip
        told = get_question_text(data, question) if question else _find_task(data, field)
        passages = [Passage("user", told)]
        for at, step in enumerate(steps):
            passages += _parse_step(step, (field, at), fields, len(passages))
        copies = _find_copies(data, field)
        shown = (_add_copy(passage, copies) for passage in passages)
        return extract_traces(list(shown), fields.turns)

    roles = format_roles(question=question or ("the first message of history" if asks else None), turns=field)
    return RowSchema(extract, roles, frozenset((field, question or "", "history")), True, asks)


def _is_trajectory(value: Any) -> bool:
    value = parse_json_text(value)
    if not isinstance(value, list) or not value:
        return False
    held = [step for step in value if isinstance(step, dict) and not ("role" in step or "from" in step)]
    return any(any(isinstance(step.get(name), str) for name in _THOUGHTS) for step in held) and len(held) == len(value)


def _find_task(data: RowData, field: str) -> str:
    """The task of a trajectory that keeps it in a list of messages beside it: the last of the user's before a reply.

    Demonstrations come first, so the task is the message before the first reply of the agent itself.
    """
    history = data.get("history") if field != "history" else None
    last = ""
    for message in history if isinstance(history, list) else ():
        if not isinstance(message, dict) or message.get("is_demo"):
            continue
        if message.get("role") == "assistant":
            break
        if message.get("role") == "user" and isinstance(message.get("content"), str):
            last = message["content"]
    return last


def _find_copies(data: RowData, field: str) -> dict[str, list[tuple[TextPlace, ...]]]:
    """The thoughts that the list of messages beside a trajectory repeats, with their places, in order."""
    history = data.get("history") if field != "history" else None
    copies: dict[str, list[tuple[TextPlace, ...]]] = {}
    for at, message in enumerate(history if isinstance(history, list) else ()):
        thought = message.get("thought") if isinstance(message, dict) else None
        if isinstance(thought, str) and not message.get("is_demo"):
            keys = [key for key in ("thought", "content") if _begins_with(message.get(key), thought)]
            span = strip_span(thought, 0, len(thought))
            copies.setdefault(thought.strip(), []).append(tuple(TextPlace(("history", at, key), span) for key in keys))
    return copies


def _begins_with(text: Any, thought: str) -> bool:
    """Whether a text is a thought, perhaps with the action below it."""
    return isinstance(text, str) and (text == thought or text.startswith(f"{thought.rstrip()}\n"))


def _add_copy(passage: Passage, copies: dict[str, list[tuple[TextPlace, ...]]]) -> Passage:
    waiting = copies.get(passage.text) if passage.kind is PassageKind.REASONING else None
    return passage._replace(places=(*passage.places, *waiting.pop(0))) if waiting else passage


def _parse_step(step: Any, path: tuple[str, int], fields: FieldNames, number: int) -> list[Passage]:
    if not isinstance(step, dict):
        raise MalformedRowError("wrong-type", f"'{path[0]}.{path[1]}' must be a step; it is {describe_value(step)}.")
    passages = []
    name = next((name for name in _THOUGHTS if isinstance(step.get(name), str) and step[name].strip()), None)
    if name:
        thought = mark_reasoning(step[name], (*path, name), fields.tag_pairs)
        if _begins_with(step.get("response"), step[name]):  # SWE-agent's copy
            copy = TextPlace((*path, "response"), thought.places[0].span)
            thought = thought._replace(places=(*thought.places, copy))
        passages.append(thought)
    acts = {key: step[key] for key in _ACTIONS if step.get(key)}
    if acts:
        plain = len(acts) == 1 and isinstance(value := next(iter(acts.values())), str)
        passages.append(
            Passage("assistant", value if plain else json.dumps(acts, ensure_ascii=False), PassageKind.OTHER)
        )
    passages += [Passage("assistant", step[key]) for key in _REPLIES if isinstance(step.get(key), str)]
    seen = next((step[key] for key in _OBSERVATIONS if step.get(key)), None)
    if seen is not None:
        shown = seen if isinstance(seen, str) else json.dumps(seen, ensure_ascii=False)
        passages.append(Passage("tool", shown, PassageKind.OTHER))
    return [passage._replace(message=number) for passage in passages]


add_format(
    TraceFormat(
        "trajectory",
        "an agent's steps: thought, action, observation",
        {
            "task": EXAMPLE_QUESTION,
            "trajectory": [{"thought": "2 and 3 make 5.", "action": "say 5", "observation": "done"}],
        },
        _recognise_trajectory,
        rank=16,
    )
)
