"""Generating with a causal LM: prompts through its chat template, batches padded on the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cotpress.chat.decoding import Decoder, Draws
from cotpress.chat.prompting import Prompt, Prompter
from cotpress.chat.request import LENGTH, STOP, Reply, Request, Sampling
from cotpress.errors import CallFailed, ModelError, require
from cotpress.models import Wanted
from cotpress.wording import counted


class Generator:
    """A loaded model. Set `stopping` from another thread to end what is being generated."""

    def __init__(self, prompter: Prompter, model: Any) -> None:
        self.stopping = False
        self._prompter, self._tokenizer, self._model = prompter, prompter.tokenizer, model
        self._ends = _end_tokens(self._tokenizer, model)
        # What a model recommends (a penalty on repetition, a cut at k) would make "greedy" mean something else.
        library = require("transformers", "lm")
        rows = model.get_input_embeddings().weight.shape[0]  # a tokenizer may have more tokens than the model
        pad = next(one for one in (self._tokenizer.pad_token_id, *self._ends, 0) if one is not None and one < rows)
        model.generation_config = library.GenerationConfig(pad_token_id=pad, eos_token_id=self._ends or None)
        self._decoder = Decoder(model, self._ends, pad, lambda: self.stopping)

    def prompt(self, request: Request) -> Prompt | CallFailed:
        """The ids to continue, or why there is no room for a reply."""
        return self._prompter.prompt(request)

    def generate(self, prompts: Sequence[Prompt], samplings: Sequence[Sampling]) -> list[Reply]:
        """One reply a prompt, drawn as `samplings` say, which differ in nothing but the seed; their `seconds` are 0.

        Raises:
            ModelError: the device has not enough memory.
        """
        torch = require("torch", "lm")
        rooms = [self._prompter.context - len(prompt) for prompt in prompts]
        limits = [min(one.max_tokens or room, room) for one, room in zip(samplings, rooms, strict=True)]
        draws = Draws(samplings, limits) if samplings[0].temperature else None
        try:
            with torch.inference_mode():
                written = self._decoder.run(prompts, limits, draws)
        except (torch.OutOfMemoryError, MemoryError) as error:
            replies = counted(len(prompts), "reply", "replies")
            raise ModelError(
                f"There is not enough memory on {self._model.device} for {replies} at once.",
                "Give a smaller batch or max_tokens, or another device.",
            ) from error
        return [self._reply(len(prompt), row) for prompt, row in zip(prompts, written, strict=True)]

    def _reply(self, sent: int, row: list[int]) -> Reply:
        ended = bool(row) and row[-1] in self._ends
        text = self._tokenizer.decode(row[: len(row) - ended], skip_special_tokens=True)
        return Reply(text, STOP if ended else LENGTH, sent, len(row), 0.0)


def load_prompter(wanted: Wanted, positions: int | None) -> Prompter:
    """Load the tokenizer, for a model of so many positions (None: it states none)."""
    context = wanted.limits.room(positions, wanted.origin.name)
    return Prompter(wanted.load_tokenizer(), wanted.origin.has_chat_template, context)


def load_generator(wanted: Wanted) -> Generator:
    """Load tokenizer and weights.

    Raises:
        ModelError: they cannot be found or loaded.
        MissingExtra: torch or transformers is not installed.
    """
    model = wanted.load_model("AutoModelForCausalLM")
    positions = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return Generator(load_prompter(wanted, positions), model)


def _end_tokens(tokenizer: Any, model: Any) -> list[int]:
    """Every token that ends a reply: the model's own list, and the tokenizer's."""
    named = model.generation_config.eos_token_id
    several = named if isinstance(named, list) else [named]
    return sorted({one for one in (*several, tokenizer.eos_token_id) if one is not None})
