"""Generating with a causal LM: prompts through its chat template, batches padded on the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from cotpress.chat.request import LENGTH, STOP, Message, Reply, Request, Sampling, encodable
from cotpress.errors import CallFailed, ModelError, require
from cotpress.models import Wanted, first_line

Prompt: TypeAlias = list[int]


class Generator:
    """A loaded model. Set `stopping` from another thread to end what is being generated."""

    def __init__(self, tokenizer: Any, model: Any, templated: bool, context: int) -> None:
        self.stopping = False
        self._tokenizer, self._model, self._templated, self._context = tokenizer, model, templated, context
        self._ends = _end_tokens(tokenizer, model)
        # What a model recommends (a penalty on repetition, a cut at k) would make "greedy" mean something else.
        library = require("transformers", "lm")
        pad = next(one for one in (tokenizer.pad_token_id, *self._ends, 0) if one is not None)
        model.generation_config = library.GenerationConfig(pad_token_id=pad, eos_token_id=self._ends or None)
        self._pad = pad

    def prompt(self, request: Request) -> Prompt | CallFailed:
        """The ids to continue, or why there is no room for a reply."""
        ids = self._render([Message(one.role, encodable(one.content)) for one in request.messages])
        if len(ids) < self._context:
            return ids
        return CallFailed(f"The prompt has {len(ids)} tokens, and the model's context is {self._context}.")

    def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> list[Reply]:
        """One reply a prompt, drawn as `sampling` says; their `seconds` are 0.

        Raises:
            ModelError: the device has not enough memory.
        """
        torch = require("torch", "lm")
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), self._pad, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(prompts):
            ids[row, width - len(prompt) :] = torch.tensor(prompt)
            mask[row, width - len(prompt) :] = 1
        room = self._context - width
        if sampling.seed is not None:
            torch.manual_seed(sampling.seed)
        try:
            with torch.inference_mode():
                out = self._model.generate(
                    input_ids=ids.to(self._model.device),
                    attention_mask=mask.to(self._model.device),
                    max_new_tokens=min(sampling.max_tokens or room, room),
                    stopping_criteria=[self._stop],
                    **_drawn(sampling),
                )
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise ModelError(
                f"There is not enough memory on {self._model.device} for {len(prompts)} replies at once.",
                "Give a smaller batch or max_tokens, or another device.",
            ) from error
        written = out[:, width:].tolist()
        return [self._reply(len(prompt), row) for prompt, row in zip(prompts, written, strict=True)]

    def _reply(self, sent: int, row: list[int]) -> Reply:
        end = next((at for at, token in enumerate(row) if token in self._ends), None)
        text = self._tokenizer.decode(row[:end], skip_special_tokens=True)
        count = len(row) if end is None else end + 1
        return Reply(text, LENGTH if end is None else STOP, sent, count, 0.0)

    def _stop(self, ids: Any, scores: Any, **_: Any) -> Any:
        torch = require("torch", "lm")
        return torch.full((len(ids),), self.stopping, dtype=torch.bool, device=ids.device)

    def _render(self, messages: Sequence[Message]) -> Prompt:
        """The ids of a conversation. Control tokens that a message spells out are text here, not control."""
        if not self._templated:
            return self._plain("".join(f"{one.content}\n\n" for one in messages))
        try:
            return self._chat(messages)
        except Exception as error:  # a template raises what it likes
            folded = _folded(messages)
            if len(folded) == len(messages):
                raise ModelError(f"The chat template cannot be applied: {first_line(error)}", "Use another.") from error
        return self._chat(folded)  # some templates refuse a system turn

    def _chat(self, messages: Sequence[Message]) -> Prompt:
        encoded = self._tokenizer.apply_chat_template(
            [{"role": one.role, "content": one.content} for one in messages],
            add_generation_prompt=True,
            return_dict=True,
            sanitize_control_tokens=True,
        )
        ids: Prompt = encoded["input_ids"]
        return ids

    def _plain(self, text: str) -> Prompt:
        ids: Prompt = self._tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        start = self._tokenizer.bos_token_id
        return ids if start is None else [start, *ids]


def load_generator(wanted: Wanted) -> Generator:
    """Load tokenizer and weights.

    Raises:
        ModelError: they cannot be found or loaded.
        MissingExtra: torch or transformers is not installed.
    """
    tokenizer, model = wanted.load_tokenizer(), wanted.load_model("AutoModelForCausalLM")
    positions = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    context = wanted.limits.room(positions, wanted.origin.name)
    return Generator(tokenizer, model, wanted.origin.has_chat_template, context)


def _drawn(sampling: Sampling) -> dict[str, Any]:
    if not sampling.temperature:
        return {"do_sample": False}
    return {"do_sample": True, "temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0}


def _end_tokens(tokenizer: Any, model: Any) -> list[int]:
    """Every token that ends a reply: the model's own list, and the tokenizer's."""
    named = model.generation_config.eos_token_id
    several = named if isinstance(named, list) else [named]
    return sorted({one for one in (*several, tokenizer.eos_token_id) if one is not None})


def _folded(messages: Sequence[Message]) -> list[Message]:
    """The system's messages at the head of the user's first."""
    system = "\n\n".join(one.content for one in messages if one.role == "system")
    rest = [one for one in messages if one.role != "system"]
    for at, one in enumerate(rest):
        if system and one.role == "user":
            return [*rest[:at], Message("user", f"{system}\n\n{one.content}"), *rest[at + 1 :]]
    return rest
