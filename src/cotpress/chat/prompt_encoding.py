"""Turning a conversation into the token ids that a causal LM continues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from cotpress.chat.request import ChatMessage, ChatRequest, replace_surrogates
from cotpress.errors import ModelCallError, ModelError
from cotpress.models import summarize_error

PromptIds: TypeAlias = list[int]


@dataclass(frozen=True, slots=True)
class ChatPromptEncoder:
    """A tokenizer with its chat template; without one (`templated` false) the messages follow each other as text.

    `context` is how many tokens the model holds, prompt and reply together.
    """

    tokenizer: Any
    templated: bool
    context: int

    def encode(self, request: ChatRequest) -> PromptIds | ModelCallError:
        """The ids to continue, or an error where they fill the context."""
        ids = self._render(
            [ChatMessage(message.role, replace_surrogates(message.content)) for message in request.messages]
        )
        if len(ids) < self.context:
            return ids
        return ModelCallError(f"The prompt has {len(ids)} tokens, and the model's context is {self.context}.")

    def _render(self, messages: Sequence[ChatMessage]) -> PromptIds:
        """The ids of a conversation. Control tokens that a message spells out are text here, not control."""
        if not self.templated:
            return self._encode_plain("".join(f"{message.content}\n\n" for message in messages))
        try:
            return self._apply_chat_template(messages)
        except Exception as error:  # a template raises what it likes
            folded = _fold_system_messages(messages)
            if len(folded) == len(messages):
                raise ModelError(
                    f"The chat template cannot be applied: {summarize_error(error)}", "Use another."
                ) from error
        return self._apply_chat_template(folded)  # some templates refuse a system turn

    def _apply_chat_template(self, messages: Sequence[ChatMessage]) -> PromptIds:
        encoded = self.tokenizer.apply_chat_template(
            [{"role": message.role, "content": message.content} for message in messages],
            add_generation_prompt=True,
            return_dict=True,
            sanitize_control_tokens=True,
        )
        ids: PromptIds = encoded["input_ids"]
        return ids

    def _encode_plain(self, text: str) -> PromptIds:
        ids: PromptIds = self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        start = self.tokenizer.bos_token_id
        return ids if start is None else [start, *ids]


def _fold_system_messages(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The system's messages at the head of the user's first."""
    system = "\n\n".join(message.content for message in messages if message.role == "system")
    rest = [message for message in messages if message.role != "system"]
    for at, message in enumerate(rest):
        if system and message.role == "user":
            return [*rest[:at], ChatMessage("user", f"{system}\n\n{message.content}"), *rest[at + 1 :]]
    return rest
