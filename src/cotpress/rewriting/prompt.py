"""A rewriting task in words, for a language model.

The system prompt depends on the level and the domain alone, so that an endpoint can reuse its work on a common
beginning. The trace goes into the user's message between tags that no text of the trace can close: their name is a
hash of the trace, keyed with a secret of the cache of replies. Who writes a trace does not know the secret, and a tag
seen in an output is of no use, since another trace has another one. The secret lies in the cache
(`ReplyCache.read_secret`), so that a later run asks in the same words and finds its replies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cotpress.chat import ChatMessage
from cotpress.rewriting.hints import NO_HINT, format_facts
from cotpress.rewriting.levels import Level, read_level_file
from cotpress.rewriting.task import RewriteTask
from cotpress.rewriting.writer import Feedback


def build_messages(task: RewriteTask, earlier: Sequence[Feedback] = (), secret: bytes = b"") -> tuple[ChatMessage, ...]:
    """The conversation so far: the task, then each earlier draft and what was wrong with it.

    `secret` keys the names of the tags: at most 64 bytes; without it they can be foreseen.
    """
    talk = [
        ChatMessage("system", build_system_prompt(task.level, task.domain, task.hint)),
        ChatMessage("user", _format_task(task, secret)),
    ]
    for feedback in earlier:
        talk += [ChatMessage("assistant", feedback.text), ChatMessage("user", _format_feedback(feedback, task))]
    return tuple(talk)


def build_system_prompt(level: Level, domain: str, hint: str = NO_HINT) -> str:
    """The level's contract within the frame that all levels share, and what a hint is, where there is one."""
    template = "\n".join(f"{heading}: ..." for heading in level.headings(domain))
    contract = level.prompt.replace("{{template}}", template)
    frame = read_level_file("_frame.md").strip()
    if hint != NO_HINT:
        frame += "\n\n" + read_level_file("_hint.md").strip()
    return frame.replace("{{level}}", level.name).replace("{{contract}}", contract)


def _format_task(task: RewriteTask, secret: bytes) -> str:
    trace = task.trace
    tag = hashlib.blake2b(f"{trace.question}\0{trace.reasoning}".encode(), digest_size=16, key=secret).hexdigest()
    parts = [_wrap_in_tag(f"{tag}-question", trace.question), _wrap_in_tag(f"{tag}-reasoning", trace.reasoning)]
    if task.answer:
        parts.append(_wrap_in_tag(f"{tag}-answer", task.answer))
    parts.append(_wrap_in_tag(f"{tag}-facts", format_facts(task)))
    words = len(trace.reasoning.split())
    steps = "1 step" if task.step_count == 1 else f"{task.step_count} steps, separated by {task.separator}"
    parts.append(f"The reasoning has {words} words in {steps}.{_format_budget(task, words)}")
    return "\n\n".join(part for part in parts if part)


def _format_budget(task: RewriteTask, words: int) -> str:
    if task.ratio is None:
        return f' Rewrite it at the level "{task.level.name}".'
    aim = f"about {max(1, round(words * task.ratio))} words"
    aim += f" ({task.budget} tokens)"
    return f' Rewrite it at the level "{task.level.name}" in {aim}, {task.ratio:.0%} of its length.'


def _wrap_in_tag(tag: str, text: str) -> str:
    return f"<{tag}>\n{text}\n</{tag}>" if text.strip() else ""


def _format_feedback(feedback: Feedback, task: RewriteTask) -> str:
    parts = list(feedback.faults)
    if feedback.ratio is not None and task.ratio is not None and feedback.off_budget:
        direction = "Shorten it further" if feedback.ratio > task.ratio else "Keep more of the original"
        parts.append(
            f"It has {feedback.ratio:.0%} of the original's length; {task.ratio:.0%} is asked for. {direction}."
        )
    return (
        "That is not accepted yet. " + " ".join(parts) + " Write the whole rewritten reasoning again, and nothing else."
    )
