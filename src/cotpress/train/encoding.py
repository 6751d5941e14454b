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

from cotpress.chat import Message, Prompter, Request
from cotpress.errors import CallFailed, ModelError
from cotpress.export import THINK_TAGS
from cotpress.models import first_line
from cotpress.train.examples import Example
from cotpress.types import Rejected

MASKED = -100  # a label that gets no loss
TOGETHER = 256  # completions that are tokenised at once
_PROBE = "cotpress-probe"


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """The token ids [tokens] of one example. The first `prompt` get no loss; the last is the end of the turn."""

    ids: NDArray[np.int32]
    prompt: int

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def labels(self) -> NDArray[np.int32]:
        """The ids [tokens] where there is a loss, MASKED elsewhere."""
        labels = self.ids.copy()
        labels[: self.prompt] = MASKED
        return labels


@dataclass(frozen=True, slots=True)
class Encoder:
    """Turns examples into ids for one student. Made by `make_encoder`.

    `ending` are the ids after every completion. `opened` says that the template itself opens the think tag.
    """

    tokenizer: Any
    ending: tuple[int, ...]
    opened: bool

    def encode(self, examples: Sequence[Example]) -> list[Encoded]:
        """One encoding an example, of whatever length.

        Raises:
            ModelError: the chat template cannot be applied.
        """
        written = [self._written(one.completion) for one in examples]
        tails = self.tokenizer(written, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        heads = [self.prompt(one.asked) for one in examples]
        return [
            Encoded(np.array([*head, *tail, *self.ending], dtype=np.int32), len(head))
            for head, tail in zip(heads, tails, strict=True)
        ]

    def prompt(self, asked: tuple[Message, ...]) -> list[int]:
        """The ids that the student is to continue."""
        ids = Prompter(self.tokenizer, True, sys.maxsize).prompt(Request("", asked))
        if isinstance(ids, CallFailed):
            raise ids
        return ids

    def _written(self, completion: str) -> str:
        opening = THINK_TAGS[0]
        return completion.removeprefix(opening).lstrip("\n") if self.opened else completion


def make_encoder(tokenizer: Any, ends: frozenset[int]) -> Encoder:
    """An encoder for a tokenizer with a chat template; `ends` are the ids at which generation stops.

    Raises:
        ModelError: the chat template cannot be applied, or nothing is known to end a reply.
    """
    asked = [{"role": "user", "content": "Hello"}]
    try:
        prompt = tokenizer.apply_chat_template(asked, add_generation_prompt=True, tokenize=False)
        whole = tokenizer.apply_chat_template([*asked, {"role": "assistant", "content": _PROBE}], tokenize=False)
    except Exception as error:  # a template raises what it likes
        raise ModelError(
            f"The chat template cannot be applied: {first_line(error)}", "Give another with --chat-template FILE."
        ) from error
    after = whole.rpartition(_PROBE)[2] if _PROBE in whole else ""
    ending = tokenizer(after, add_special_tokens=False)["input_ids"] if after else []
    return Encoder(tokenizer, _closed(ending, ends, tokenizer), prompt.rstrip().endswith(THINK_TAGS[0]))


def _closed(ending: list[int], ends: frozenset[int], tokenizer: Any) -> tuple[int, ...]:
    """What the template writes after a reply, up to the first id at which generation stops."""
    for place, one in enumerate(ending):
        if one in ends:
            return tuple(ending[: place + 1])
    if tokenizer.eos_token_id is None:
        raise ModelError(
            "Neither the chat template nor the tokenizer has a token that ends a reply.",
            "Set eos_token in its tokenizer_config.json.",
        )
    return (*ending, tokenizer.eos_token_id)


def fitting(
    examples: Sequence[Example], encoder: Encoder, max_length: int
) -> Iterator[tuple[Example, Encoded] | Rejected]:
    """Each example with its encoding, in order, or a rejection: "too-long" beyond `max_length` tokens."""
    for start in range(0, len(examples), TOGETHER):
        batch = examples[start : start + TOGETHER]
        for example, encoded in zip(batch, encoder.encode(batch), strict=True):
            if len(encoded) <= max_length:
                yield example, encoded
                continue
            told = f"{len(encoded)} tokens ({encoded.prompt} of the prompt), and the limit is {max_length}."
            yield example.rejected("too-long", told)
