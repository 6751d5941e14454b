"""An assignment in words, for a language model.

The system prompt depends on the level and the domain alone, so that endpoints which remember a common
beginning can do so. The trace goes into the user's message between tags that no text of the trace can
close, because their name is made from a hash of the trace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cotpress.chat import Message
from cotpress.levels import Level, level_file
from cotpress.rewriting.assignment import Assignment
from cotpress.rewriting.writer import Turn


def messages(assignment: Assignment, turns: Sequence[Turn] = ()) -> tuple[Message, ...]:
    """The conversation so far: the task, then each earlier draft and what was wrong with it."""
    talk = [
        Message("system", system_prompt(assignment.level, assignment.domain)),
        Message("user", _task(assignment)),
    ]
    for turn in turns:
        talk += [Message("assistant", turn.text), Message("user", _again(turn, assignment))]
    return tuple(talk)


def system_prompt(level: Level, domain: str) -> str:
    """The level's contract within the frame that all levels share."""
    template = "\n".join(f"{heading}: ..." for heading in level.headings(domain))
    contract = level.prompt.replace("{{template}}", template)
    return level_file("_frame.md").strip().replace("{{level}}", level.name).replace("{{contract}}", contract)


def _task(assignment: Assignment) -> str:
    trace = assignment.trace
    tag = hashlib.blake2b(f"{trace.question}\0{trace.reasoning}".encode(), digest_size=4).hexdigest()
    parts = [_between(f"{tag}-question", trace.question), _between(f"{tag}-reasoning", trace.reasoning)]
    if assignment.answer:
        parts.append(_between(f"{tag}-answer", assignment.answer))
    words = len(trace.reasoning.split())
    steps = "1 step" if assignment.steps == 1 else f"{assignment.steps} steps, separated by {assignment.separator}"
    parts.append(f"The reasoning has {words} words in {steps}.{_budget(assignment, words)}")
    return "\n\n".join(part for part in parts if part)


def _budget(assignment: Assignment, words: int) -> str:
    if assignment.ratio is None:
        return f' Rewrite it at the level "{assignment.level.name}".'
    aim = f"about {max(1, round(words * assignment.ratio))} words"
    aim += f" ({assignment.budget} tokens)"
    return f' Rewrite it at the level "{assignment.level.name}" in {aim}, {assignment.ratio:.0%} of its length.'


def _between(tag: str, text: str) -> str:
    return f"<{tag}>\n{text}\n</{tag}>" if text.strip() else ""


def _again(turn: Turn, assignment: Assignment) -> str:
    parts = list(turn.faults)
    if turn.ratio is not None and assignment.ratio is not None and turn.off_budget:
        direction = "Shorten it further" if turn.ratio > assignment.ratio else "Keep more of the original"
        parts.append(
            f"It has {turn.ratio:.0%} of the original's length; {assignment.ratio:.0%} is asked for. {direction}."
        )
    return (
        "That is not accepted yet. " + " ".join(parts) + " Write the whole rewritten reasoning again, and nothing else."
    )
