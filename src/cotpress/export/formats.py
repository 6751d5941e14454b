"""Training-set formats. A new one is one function and one line in FORMATS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cotpress.errors import unknown_name
from cotpress.export.example import Example

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Format:
    """A format's row for one example, and how LLaMA-Factory is told to read it (None: it cannot)."""

    row: Callable[[Example], Row]
    llama_factory: Row | None


def messages(example: Example) -> Row:
    """OpenAI chat messages; what most trainers call conversational."""
    return {"id": example.id, "messages": [*_asked(example), _turn("assistant", example.completion)]}


def prompt_completion(example: Example) -> Row:
    """Prompt and completion as message lists: TRL puts the loss on the completion alone."""
    return {"id": example.id, "prompt": _asked(example), "completion": [_turn("assistant", example.completion)]}


def sharegpt(example: Example) -> Row:
    """ShareGPT conversations."""
    names = {"system": "system", "user": "human"}
    asked = [{"from": names[turn["role"]], "value": turn["content"]} for turn in _asked(example)]
    return {"id": example.id, "conversations": [*asked, {"from": "gpt", "value": example.completion}]}


def alpaca(example: Example) -> Row:
    """Alpaca instruction, input and output; the system prompt in a field of its own."""
    row = {"id": example.id, "instruction": example.prompt, "input": "", "output": example.completion}
    return {**row, "system": example.system}


def _asked(example: Example) -> list[dict[str, str]]:
    system = [_turn("system", example.system)] if example.system else []
    return [*system, _turn("user", example.prompt)]


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


_CHAT_TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}
_ALPACA_COLUMNS = {"prompt": "instruction", "query": "input", "response": "output", "system": "system"}

FORMATS: dict[str, Format] = {
    "messages": Format(messages, {"formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": _CHAT_TAGS}),
    "prompt-completion": Format(prompt_completion, None),
    "sharegpt": Format(sharegpt, {"formatting": "sharegpt", "columns": {"messages": "conversations"}}),
    "alpaca": Format(alpaca, {"formatting": "alpaca", "columns": _ALPACA_COLUMNS}),
}


def get_format(name: str) -> Format:
    """The format of that name.

    Raises:
        OptionError: there is none; the nearest name is offered.
    """
    if name not in FORMATS:
        raise unknown_name("export format", name, FORMATS)
    return FORMATS[name]
