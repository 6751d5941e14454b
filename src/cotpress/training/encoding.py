"""From a conversation to token ids: the prompt as inference will give it, the completion, the end of the turn.

The prompt is rendered as `cotpress evaluate` renders it. The completion follows in its own words and never passes
through the chat template, which in some models drops or adds reasoning; of the template only what it writes after a
reply, the end of the turn, is taken. The prompt is thereby a prefix of every example, token by token.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cotpress.chat import ChatMessage, ChatPromptEncoder, ChatRequest
from cotpress.errors import ModelCallError, ModelError
from cotpress.models import summarize_error
from cotpress.training.examples import TrainingExample
from cotpress.types import THINK_TAGS, Rejected

IGNORED_LABEL = -100  # a label that gets no loss
TOKENIZER_BATCH = 256  # completions that are tokenised at once
_PROBE_REPLY = "cotpress-probe"


@dataclass(frozen=True, slots=True, eq=False)
class EncodedExample:
    """The token ids [tokens] of one example. The first `prompt_length` get no loss; the last is the end of the turn."""

    ids: NDArray[np.int32]
    prompt_length: int

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def labels(self) -> NDArray[np.int32]:
        """The ids [tokens] where there is a loss, `IGNORED_LABEL` elsewhere."""
        labels = self.ids.copy()
        labels[: self.prompt_length] = IGNORED_LABEL
        return labels


@dataclass(frozen=True, slots=True)
class ExampleEncoder:
    """Turns examples into ids for one student. Made by `make_example_encoder`.

    `end_ids` are the ids after every completion. `opens_think_tag` says that the template itself opens the think tag.
    """

    tokenizer: Any
    end_ids: tuple[int, ...]
    opens_think_tag: bool

    def encode(self, examples: Sequence[TrainingExample]) -> list[EncodedExample]:
        """One encoding an example, of whatever length.

        Raises:
            ModelError: the chat template cannot be applied.
        """
        written = [self._strip_opened_tag(example.completion) for example in examples]
        tails = self.tokenizer(written, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        heads = [self.encode_prompt(example.prompt) for example in examples]
        return [
            EncodedExample(np.array([*head, *tail, *self.end_ids], dtype=np.int32), len(head))
            for head, tail in zip(heads, tails, strict=True)
        ]

    def encode_prompt(self, asked: tuple[ChatMessage, ...]) -> list[int]:
        """The ids that the student is to continue."""
        ids = ChatPromptEncoder(self.tokenizer, True, sys.maxsize).encode(ChatRequest("", asked))
        if isinstance(ids, ModelCallError):
            raise ids
        return ids

    def _strip_opened_tag(self, completion: str) -> str:
        opening = THINK_TAGS[0]
        return completion.removeprefix(opening).lstrip("\n") if self.opens_think_tag else completion


def make_example_encoder(tokenizer: Any, ends: frozenset[int]) -> ExampleEncoder:
    """An encoder for a tokenizer with a chat template; `ends` are the ids at which generation stops.

    Raises:
        ModelError: the chat template cannot be applied, or nothing is known to end a reply.
    """
    asked = [{"role": "user", "content": "Hello"}]
    try:
        prompt = tokenizer.apply_chat_template(asked, add_generation_prompt=True, tokenize=False)
        whole = tokenizer.apply_chat_template([*asked, {"role": "assistant", "content": _PROBE_REPLY}], tokenize=False)
    except Exception as error:  # a template raises what it likes
        raise ModelError(
            f"The chat template cannot be applied: {summarize_error(error)}", "Give another with --chat-template FILE."
        ) from error
    after = whole.rpartition(_PROBE_REPLY)[2] if _PROBE_REPLY in whole else ""
    ending = tokenizer(after, add_special_tokens=False)["input_ids"] if after else []
    return ExampleEncoder(tokenizer, _find_end_ids(ending, ends, tokenizer), prompt.rstrip().endswith(THINK_TAGS[0]))


def _find_end_ids(ending: list[int], ends: frozenset[int], tokenizer: Any) -> tuple[int, ...]:
    """What the template writes after a reply, up to the first id at which generation stops."""
    for place, token in enumerate(ending):
        if token in ends:
            return tuple(ending[: place + 1])
    if tokenizer.eos_token_id is None:
        raise ModelError(
            "Neither the chat template nor the tokenizer has a token that ends a reply.",
            "Set eos_token in its tokenizer_config.json.",
        )
    return (*ending, tokenizer.eos_token_id)


def encode_examples(
    examples: Sequence[TrainingExample], encoder: ExampleEncoder, max_length: int
) -> Iterator[tuple[TrainingExample, EncodedExample] | Rejected]:
    """Each example with its encoding, in order, or a rejection: "too-long" beyond `max_length` tokens."""
    for start in range(0, len(examples), TOKENIZER_BATCH):
        batch = examples[start : start + TOKENIZER_BATCH]
        for example, encoded in zip(batch, encoder.encode(batch), strict=True):
            if len(encoded) <= max_length:
                yield example, encoded
                continue
            detail = f"{len(encoded)} tokens ({encoded.prompt_length} of the prompt), and the limit is {max_length}."
            yield example.reject("too-long", detail)
