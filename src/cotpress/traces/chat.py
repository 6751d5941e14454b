"""Conversations: `messages`, ShareGPT `conversations`, and prompts and completions made of messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from cotpress.traces.rows import Data, Malformed, described
from cotpress.traces.shape import Fields, Format, Raw, Sample, Shape, columns, said
from cotpress.traces.text import find, has_tags, split_think, text_of

_ROLES = {
    "system": "system", "developer": "system",
    "user": "user", "human": "user",
    "assistant": "assistant", "gpt": "assistant", "chatgpt": "assistant", "bot": "assistant", "model": "assistant",
    "tool": "tool", "function": "tool", "observation": "tool", "function_call": "assistant", "ipython": "tool",
}  # fmt: skip
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")


class Turn(NamedTuple):
    """One message. `thought` is reasoning kept apart from the text, None where there is none."""

    role: str
    text: str
    thought: str | None = None


def _recognise_list(sample: Sample, fields: Fields, *, names: tuple[str, ...]) -> Shape | None:
    found = columns(sample, names, (list, str))
    if not found or fields.reasoning:
        return None
    field = found[0]
    if not any(_looks_chat(row.get(field)) for row in sample):
        return None
    return Shape(lambda data: conversation(turns(find(data, field), field)), said(turns=field), frozenset(found))


def _looks_chat(value: Any) -> bool:
    if isinstance(value, str):
        return value.lstrip().startswith("[")
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _recognise_prompt_completion(sample: Sample, fields: Fields) -> Shape | None:
    if not (columns(sample, ("prompt",), (str, list)) and columns(sample, ("completion",), (str, list))):
        return None
    if fields.reasoning not in (None, "completion") or columns(sample, _THOUGHTS):
        return None
    return Shape(_prompt_completion, said(question="prompt", text="completion"), frozenset(("prompt", "completion")))


def _prompt_completion(data: Data) -> Raw:
    prompt, completion = find(data, "prompt"), find(data, "completion")
    before = turns(prompt, "prompt") if isinstance(prompt, list) else [Turn("user", text_of(data, "prompt"))]
    if isinstance(completion, list):
        return conversation([*before, *turns(completion, "completion")])
    return conversation([*before, Turn("assistant", text_of(data, "completion"))])


def turns(value: Any, field: str) -> list[Turn]:
    """The messages in a field: a list of objects, or JSON text of one, as CSV holds it.

    Raises:
        Malformed: "wrong-type", "missing-field" or "unknown-role".
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise Malformed("wrong-type", f"The field '{field}' holds text that is no JSON list of messages.") from None
    if not isinstance(value, list):
        raise Malformed("wrong-type", f"The field '{field}' must be a list of messages; it holds {described(value)}.")
    return [_turn(message, f"{field}.{index}") for index, message in enumerate(value)]


def _turn(message: Any, place: str) -> Turn:
    if not isinstance(message, dict):
        raise Malformed("wrong-type", f"'{place}' must be a message; it is {described(message)}.")
    role = message.get("role") or message.get("from")
    if role is None:
        raise Malformed("missing-field", f"'{place}' has neither 'role' nor 'from'.")
    if not isinstance(role, str) or role not in _ROLES:
        known = ", ".join(_ROLES)
        raise Malformed("unknown-role", f"'{place}' has the role {described(role)}; known are {known}.")
    key = "content" if "content" in message else "value"
    thought = next((text for name in _THOUGHTS if (text := message.get(name)) is not None), None)
    if thought is not None and not isinstance(thought, str):
        raise Malformed("wrong-type", f"The reasoning of '{place}' must be text; it is {described(thought)}.")
    text, aside = _content(message, key, place)
    return Turn(_ROLES[role], text, aside if thought is None else thought)


def _content(message: Data, key: str, place: str) -> tuple[str, str | None]:
    """(text, thought) of a message's content, which may be a list of parts."""
    if key not in message:
        raise Malformed("missing-field", f"'{place}' has neither 'content' nor 'value'.")
    content = message[key]
    if isinstance(content, str):
        return content, None
    if content is None:  # a message of tool calls, or of reasoning alone
        calls = message.get("tool_calls")
        return (json.dumps(calls, ensure_ascii=False) if calls else ""), None
    parts: dict[str, list[str]] = {"text": [], "thinking": []}
    for part in content if isinstance(content, list) else [content]:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in parts or not isinstance(part.get(kind), str):
            raise Malformed("wrong-type", f"The content of '{place}' must be text; it holds {described(part)}.")
        parts[kind].append(part[kind])
    return "".join(parts["text"]), "".join(parts["thinking"]) or None


def conversation(all_turns: Sequence[Turn]) -> Raw:
    """The last assistant turn is the trace; what was said before it is the question.

    Raises:
        Malformed: "missing-field" where nobody asks or nobody replies.
    """
    last = max((index for index, turn in enumerate(all_turns) if turn.role == "assistant"), default=None)
    if last is None:
        raise Malformed("missing-field", "No message is the assistant's.")
    before = [turn for turn in all_turns[:last] if turn.role != "system"]
    if not any(turn.role == "user" for turn in before):
        raise Malformed("missing-field", "No message of the user's comes before the assistant's last one.")
    system = "\n\n".join(turn.text for turn in all_turns[:last] if turn.role == "system")
    return Raw(asked(before), all_turns[last].text, all_turns[last].thought, system=system)


def asked(before: Sequence[Turn]) -> str:
    """One turn as it is; several with the name of who speaks, earlier thoughts left out as chat templates do."""
    if len(before) == 1:
        return before[0].text
    return "\n\n".join(f"{turn.role.capitalize()}: {_spoken(turn)}" for turn in before)


def _spoken(turn: Turn) -> str:
    if turn.role != "assistant" or not has_tags(turn.text):
        return turn.text
    parts = split_think(turn.text)
    return parts[1] if parts else turn.text


MESSAGES = Format(
    "messages",
    "OpenAI chat messages; reasoning in <think> tags, in reasoning_content, or the whole reply",
    {
        "messages": [
            {"role": "user", "content": "What is 2 + 3?"},
            {"role": "assistant", "content": "<think>2 and 3 make 5.</think>5"},
        ]
    },
    partial(_recognise_list, names=("messages",)),
)
SHAREGPT = Format(
    "sharegpt",
    "ShareGPT conversations: from human and gpt, or role and content",
    {
        "conversations": [
            {"from": "human", "value": "What is 2 + 3?"},
            {"from": "gpt", "value": "<think>2 and 3 make 5.</think>5"},
        ]
    },
    partial(_recognise_list, names=("conversations", "conversation")),
)
PROMPT_COMPLETION = Format(
    "prompt-completion",
    "prompt and completion, each text or a list of messages",
    {"prompt": "What is 2 + 3?", "completion": "<think>2 and 3 make 5.</think>5"},
    _recognise_prompt_completion,
)
