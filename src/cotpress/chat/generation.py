"""Generating with a causal LM: prompts through its chat template, batches padded on the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cotpress.chat.decoding import BatchDecoder, SeededSampler
from cotpress.chat.prompt_encoding import ChatPromptEncoder, PromptIds
from cotpress.chat.request import FINISH_LENGTH, FINISH_STOP, ChatReply, ChatRequest, SamplingParameters
from cotpress.errors import ModelCallError, ModelError, import_optional
from cotpress.models import ModelLoader
from cotpress.number_formatting import count_noun


class TextGenerator:
    """A loaded model. Set `stopping` from another thread to end what is being generated."""

    def __init__(self, prompter: ChatPromptEncoder, model: Any) -> None:
        self.stopping = False
        self._prompter, self._tokenizer, self._model = prompter, prompter.tokenizer, model
        self._ends = _list_end_tokens(self._tokenizer, model)
        # What a model recommends (a penalty on repetition, a cut at k) would make "greedy" mean something else.
        library = import_optional("transformers", "lm")
        rows = model.get_input_embeddings().weight.shape[0]  # a tokenizer may have more tokens than the model
        candidates = (self._tokenizer.pad_token_id, *self._ends, 0)
        pad = next(token for token in candidates if token is not None and token < rows)
        model.generation_config = library.GenerationConfig(pad_token_id=pad, eos_token_id=self._ends or None)
        self._decoder = BatchDecoder(model, self._ends, pad, lambda: self.stopping)

    def encode_prompt(self, request: ChatRequest) -> PromptIds | ModelCallError:
        """The ids to continue, or an error where they fill the context."""
        return self._prompter.encode(request)

    def generate(self, prompts: Sequence[PromptIds], samplings: Sequence[SamplingParameters]) -> list[ChatReply]:
        """One reply a prompt, drawn as `samplings` say; those differ in their seeds alone. `seconds` of a reply are 0.

        Raises:
            ModelError: the device has not enough memory.
        """
        torch = import_optional("torch", "lm")
        spaces = [self._prompter.context - len(prompt) for prompt in prompts]
        limits = [min(sampling.max_tokens or space, space) for sampling, space in zip(samplings, spaces, strict=True)]
        draws = SeededSampler(samplings, limits) if samplings[0].temperature else None
        try:
            with torch.inference_mode():
                written = self._decoder.decode(prompts, limits, draws)
        except (torch.OutOfMemoryError, MemoryError) as error:
            replies = count_noun(len(prompts), "reply", "replies")
            raise ModelError(
                f"There is not enough memory on {self._model.device} for {replies} at once.",
                "Give a smaller batch or max_tokens, or another device.",
            ) from error
        return [self._build_reply(len(prompt), row) for prompt, row in zip(prompts, written, strict=True)]

    def _build_reply(self, sent: int, row: list[int]) -> ChatReply:
        ended = bool(row) and row[-1] in self._ends
        text = self._tokenizer.decode(row[: len(row) - ended], skip_special_tokens=True)
        return ChatReply(text, FINISH_STOP if ended else FINISH_LENGTH, sent, len(row), 0.0)


def load_prompt_encoder(loader: ModelLoader, positions: int | None) -> ChatPromptEncoder:
    """Load the tokenizer, for a model of so many positions (None: it states none)."""
    context = loader.spec.limits.resolve_context(positions, loader.resolved.name)
    return ChatPromptEncoder(loader.load_tokenizer(), loader.resolved.has_chat_template, context)


def load_generator(loader: ModelLoader) -> TextGenerator:
    """Load tokenizer and weights.

    Raises:
        ModelError: they cannot be found or loaded.
        MissingExtraError: torch or transformers is not installed.
    """
    model = loader.load_model("AutoModelForCausalLM")
    positions = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return TextGenerator(load_prompt_encoder(loader, positions), model)


def _list_end_tokens(tokenizer: Any, model: Any) -> list[int]:
    """Every token that ends a reply: the model's own list, and the tokenizer's."""
    of_model = model.generation_config.eos_token_id
    tokens = of_model if isinstance(of_model, list) else [of_model]
    return sorted({token for token in (*tokens, tokenizer.eos_token_id) if token is not None})
