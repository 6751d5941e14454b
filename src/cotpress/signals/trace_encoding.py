"""Traces to token ids: the reasoning with its character offsets, and the prompt that comes before it.

Prompt and reasoning are tokenised apart and their ids joined, so offsets are of the reasoning alone
and no token straddles the two. Control tokens that a trace spells out are text here, not control.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.errors import ModelError
from cotpress.models import summarize_error
from cotpress.types import IntArray, Trace

LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def encode_texts(tokenizer: Any, texts: Sequence[str]) -> list[tuple[list[int], IntArray]]:
    """For each text its token ids, without special tokens, and their offsets, shape [tokens, 2].

    Tokens that are pieces of one character share its offsets. Whether a token's offsets include the
    space before a word is the tokenizer's habit.

    Raises:
        ModelError: the offsets do not lie in the text in ascending order.

    >>> from transformers import AutoTokenizer
    >>> from cotpress.models import embedded_folder
    >>> tokenizer = AutoTokenizer.from_pretrained(embedded_folder() / "world-llama")
    >>> [(ids, offsets)] = encode_texts(tokenizer, ["2+3"])
    >>> offsets.tolist()
    [[0, 1], [1, 2], [2, 3]]
    """
    if not texts:
        return []
    encoded = tokenizer(
        [_replace_surrogates(text) for text in texts],
        add_special_tokens=False,
        return_offsets_mapping=True,
        return_attention_mask=False,
        split_special_tokens=True,
        verbose=False,
    )
    offsets = [np.array(pairs, dtype=np.int64).reshape(-1, 2) for pairs in encoded["offset_mapping"]]
    for text, pairs in zip(texts, offsets, strict=True):
        _check_offsets(text, pairs, tokenizer)
    return list(zip(encoded["input_ids"], offsets, strict=True))


def _check_offsets(text: str, offsets: IntArray, tokenizer: Any) -> None:
    starts, ends = offsets[:, 0], offsets[:, 1]
    inside = (starts >= 0) & (starts <= ends) & (ends <= len(text))
    if not inside.all() or (np.diff(starts) < 0).any() or (np.diff(ends) < 0).any():
        raise ModelError(
            f"The offsets of the tokenizer {tokenizer.name_or_path} mismatch the text: they leave it or run backwards.",
            "Use a model whose tokenizer.json gives true offsets.",
        )


def _replace_surrogates(text: str) -> str:
    """Lone surrogates cannot be encoded; one replacement character each keeps the offsets true."""
    return LONE_SURROGATES.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class TracePromptEncoder:
    """Turns a trace's question into the ids that its reasoning is conditioned on.

    With a chat template: the system prompt where there is one, the question as the user's turn, and
    the template's generation prompt. Without one: each of them and an empty line, after the start token.
    """

    tokenizer: Any
    templated: bool

    def encode(self, trace: Trace, room: int | None = None) -> list[int]:
        """The prompt's ids, never none. `room` cuts the question from the left until they fit in it."""
        ids = self._render(trace.system, trace.question)
        if room is None or len(ids) <= room:
            return ids
        spare = max(0, room - len(self._render(trace.system, "")))
        [(_, offsets)] = encode_texts(self.tokenizer, [trace.question])
        start = int(offsets[-spare, 0]) if 0 < spare <= len(offsets) else len(trace.question)
        return self._render(trace.system, trace.question[start:])[-room:]

    def _render(self, system: str, question: str) -> list[int]:
        if not self.templated:
            return self._encode_plain("".join(f"{part}\n\n" for part in (system, question) if part))
        try:
            return self._apply_chat_template(
                [("system", system), ("user", question)] if system else [("user", question)]
            )
        except Exception as error:  # a template raises what it likes
            if not system:
                raise ModelError(
                    f"The chat template of {self.tokenizer.name_or_path} cannot be applied: {summarize_error(error)}",
                    "Use another model, or mend its chat_template.jinja.",
                ) from error
        return self._render("", f"{system}\n\n{question}")  # some templates refuse a system turn

    def _apply_chat_template(self, turns: Sequence[tuple[str, str]]) -> list[int]:
        encoded = self.tokenizer.apply_chat_template(
            [{"role": role, "content": _replace_surrogates(content)} for role, content in turns],
            add_generation_prompt=True,
            return_dict=True,
            sanitize_control_tokens=True,
        )
        ids: list[int] = encoded["input_ids"]
        return ids

    def _encode_plain(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(_replace_surrogates(text), add_special_tokens=False, split_special_tokens=True)[
            "input_ids"
        ]
        bos, eos = self.tokenizer.bos_token_id, self.tokenizer.eos_token_id
        if bos is None and ids:
            return ids
        return [bos if bos is not None else eos if eos is not None else 0, *ids]
