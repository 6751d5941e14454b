"""Agents' trajectories as lists of steps: a thought, an action, an observation."""

from __future__ import annotations

import json
from typing import Any

from cotpress.traces.extraction import get_field, strip_span
from cotpress.traces.fields.field_detection import EXAMPLE_QUESTION, find_question_field, get_question_text
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
from cotpress.traces.messages.conversations import begins_with, find_speaker
from cotpress.traces.messages.message_reasoning import mark_reasoning
from cotpress.traces.messages.passages import Passage, PassageKind, extract_traces
from cotpress.traces.messages.react_text import is_react, parse_react
from cotpress.traces.messages.sdk_events import asks_user, is_sdk_event, parse_sdk_event, thinks
from cotpress.traces.places import get_at, parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.types import RowPath, TextPlace

_LISTS = ("trajectory", "steps", "history", "messages", "turns", "events")
_THOUGHTS = ("thought", "thinking", "reasoning", "think", "reasoning_content", "thoughts")
_ARGUMENTS = "args"  # of an action, where OpenHands keeps the thought
_MODEL_OUTPUT = "model_output"  # where browsing agents keep thought and action
_ACTIONS = ("action", "tool", "tool_name", "tool_input", "action_input", "arguments", "command", "tool_calls")
_REPLIES = ("answer", "final_answer", "reply", "output")
_OBSERVATIONS = ("observation", "observations", "result", "tool_output", "response_from_tool")
_SPEAKERS = {"user": "user", "system": "system", "agent": "assistant"}  # of the key "source"
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
    said = any(_says_user(step) for row in sample for step in _read_steps(row.get(field)))
    asks = question is not None or said or any(_find_task(row, field) for row in sample)

    def extract(data: RowData) -> list[RawTrace]:
        steps = parse_json_text(get_field(data, field))
        if not isinstance(steps, list):
            raise MalformedRowError("wrong-type", f"The field '{field}' must be a list of steps; it holds "
                                    f"{describe_value(steps)}.")  # fmt: skip
        told = get_question_text(data, question) if question else _find_task(data, field)
        passages = [] if any(map(_says_user, steps)) else [Passage("user", told)]
        for at, step in enumerate(steps):
            passages += _parse_step(step, (field, at), fields, len(passages))
        copies = _find_copies(data, field)
        shown = (_add_copy(passage, copies) for passage in passages)
        return extract_traces(list(shown), fields.turns)

    asked = question or ("a step of the user's" if said else "the first message of history" if asks else None)
    roles = format_roles(question=asked, turns=field)
    return RowSchema(extract, roles, frozenset((field, question or "", "history")), True, asks)


def _is_trajectory(value: Any) -> bool:
    steps = _read_steps(value)
    if steps and all(map(is_sdk_event, steps)):
        return any(map(thinks, steps))
    held = [step for step in steps if isinstance(step, dict) and find_speaker(step) is None]
    return any(_find_thought(step) or _find_react(step) for step in held) and len(held) == len(steps)


def _read_steps(value: Any) -> list[Any]:
    value = parse_json_text(value)
    return value if isinstance(value, list) else []


def _says_user(step: Any) -> bool:
    if is_sdk_event(step):
        return asks_user(step)
    return isinstance(step, dict) and step.get("source") == "user" and isinstance(step.get("message"), str)


def _find_thought(step: dict[str, Any]) -> RowPath | None:
    """The keys of a step's thought: its own, or that of the arguments of its action."""
    inner = ((key,) for key in (_ARGUMENTS, _MODEL_OUTPUT))
    for path in ((), *inner):
        held = get_at(step, path)
        if not isinstance(held, dict):
            continue
        for name in _THOUGHTS:
            if isinstance(text := held.get(name), str) and text.strip():
                return (*path, name)
    return None


def _find_react(step: dict[str, Any]) -> str | None:
    """The key of a step's text that thinks and acts."""
    return next((key for key, text in step.items() if isinstance(text, str) and is_react(text)), None)


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
            keys = [key for key in ("thought", "content") if begins_with(message.get(key), thought)]
            span = strip_span(thought, 0, len(thought))
            copies.setdefault(thought.strip(), []).append(tuple(TextPlace(("history", at, key), span) for key in keys))
    return copies


def _add_copy(passage: Passage, copies: dict[str, list[tuple[TextPlace, ...]]]) -> Passage:
    waiting = copies.get(passage.text) if passage.kind is PassageKind.REASONING else None
    return passage._replace(places=(*passage.places, *waiting.pop(0))) if waiting else passage


def _parse_step(step: Any, path: RowPath, fields: FieldNames, number: int) -> list[Passage]:
    if not isinstance(step, dict):
        raise MalformedRowError("wrong-type", f"'{path[0]}.{path[1]}' must be a step; it is {describe_value(step)}.")
    if is_sdk_event(step):
        said = parse_sdk_event(step, path, fields.tag_pairs)
        return [passage._replace(message=number) for passage in said]
    found = _parse_thought(step, path, fields) or _parse_speech(step)
    seen = next((step[key] for key in _OBSERVATIONS if step.get(key)), None)
    if seen is not None:
        content = step.get("content")  # beside the kind of an observation
        seen = content if isinstance(content, str) else seen
        found.append(Passage("tool", seen if isinstance(seen, str) else _show(seen), PassageKind.OTHER))
    return [passage._replace(message=number) for passage in found]


def _parse_thought(step: dict[str, Any], path: RowPath, fields: FieldNames) -> list[Passage]:
    """The thought of a step and what it does or says; nothing where it does not think."""
    thought = _find_thought(step)
    if thought is None:
        key = _find_react(step)
        return parse_react(step[key], (*path, key)) if key else []
    text = str(get_at(step, thought))
    passage = mark_reasoning(text, (*path, *thought), fields.tag_pairs)
    if begins_with(step.get("response"), text):  # SWE-agent's copy
        copy = TextPlace((*path, "response"), passage.places[0].span)
        passage = passage._replace(places=(*passage.places, copy))
    return [passage, *_parse_speech(step)]


def _parse_speech(step: dict[str, Any]) -> list[Passage]:
    """What a step does or says, the thought aside."""
    speaker = _SPEAKERS.get(str(step.get("source", "")), "assistant")
    told = step.get("message")
    acts = {key: step[key] for key in _ACTIONS if step.get(key)}
    if isinstance(told, str) and (speaker != "assistant" or not _is_event(step)):
        passages = [Passage(speaker, told)]
    else:
        passages = []
    if speaker != "assistant":
        return passages
    if isinstance(step.get(_ARGUMENTS), dict) and acts:
        acts[_ARGUMENTS] = {key: value for key, value in step[_ARGUMENTS].items() if key not in _THOUGHTS}
    if isinstance(said := step.get(_MODEL_OUTPUT), dict):
        acts |= {key: value for key, value in said.items() if key not in _THOUGHTS and value}
    if acts:
        plain = len(acts) == 1 and isinstance(value := next(iter(acts.values())), str)
        passages.append(Passage("assistant", value if plain else _show(acts), PassageKind.OTHER))
    return passages + [Passage("assistant", step[key]) for key in _REPLIES if isinstance(step.get(key), str)]


def _is_event(step: dict[str, Any]) -> bool:
    """Whether the message of an agent's step only sums up what it does."""
    return bool(step.get("action")) or isinstance(step.get("observation"), str)


def _show(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


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
