"""Turning a conversation into the token ids that a causal LM continues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from cotpress.chat.request import Message, Request, encodable
from cotpress.errors import CallFailed, ModelError
from cotpress.models import first_line

Prompt: TypeAlias = list[int]


@dataclass(frozen=True, slots=True)
class Prompter:
    """A tokenizer with its chat template; without one (`templated` false) the messages follow each other as text.

    `context` is how many tokens the model holds, prompt and reply together.
    """

    tokenizer: Any
    templated: bool
    context: int

    def prompt(self, request: Request) -> Prompt | CallFailed:
        """The ids to continue, or why there is no room for a reply."""
        ids = self._render([Message(one.role, encodable(one.content)) for one in request.messages])
        if len(ids) < self.context:
            return ids
        return CallFailed(f"The prompt has {len(ids)} tokens, and the model's context is {self.context}.")

    def _render(self, messages: Sequence[Message]) -> Prompt:
        """The ids of a conversation. Control tokens that a message spells out are text here, not control."""
        if not self.templated:
            return self._plain("".join(f"{one.content}\n\n" for one in messages))
        try:
            return self._chat(messages)
        except Exception as error:  # a template raises what it likes
            folded = _folded(messages)
            if len(folded) == len(messages):
                raise ModelError(f"The chat template cannot be applied: {first_line(error)}", "Use another.") from error
        return self._chat(folded)  # some templates refuse a system turn

    def _chat(self, messages: Sequence[Message]) -> Prompt:
        encoded = self.tokenizer.apply_chat_template(
            [{"role": one.role, "content": one.content} for one in messages],
            add_generation_prompt=True,
            return_dict=True,
            sanitize_control_tokens=True,
        )
        ids: Prompt = encoded["input_ids"]
        return ids

    def _plain(self, text: str) -> Prompt:
        ids: Prompt = self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        start = self.tokenizer.bos_token_id
        return ids if start is None else [start, *ids]


def _folded(messages: Sequence[Message]) -> list[Message]:
    """The system's messages at the head of the user's first."""
    system = "\n\n".join(one.content for one in messages if one.role == "system")
    rest = [one for one in messages if one.role != "system"]
    for at, one in enumerate(rest):
        if system and one.role == "user":
            return [*rest[:at], Message("user", f"{system}\n\n{one.content}"), *rest[at + 1 :]]
    return rest
