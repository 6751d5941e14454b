"""A `transformers` causal LM as a chat model, for those without a server."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Unpack

from cotpress.chat.generation import TextGenerator, load_generator
from cotpress.chat.prompt_encoding import PromptIds
from cotpress.chat.request import ChatReply, ChatRequest
from cotpress.chat.request_queue import RequestQueue
from cotpress.deprecation import rename_parameters
from cotpress.errors import CotpressError, ModelError, OptionError
from cotpress.models import ModelLoader, ModelSettings, ModelSpec, make_model_spec, summarize_error


class LocalChat:
    """Any Hugging Face causal LM: a hub id, a folder, or a `.gguf` file.

    Requests that wait at the same time and have the same sampling parameters are run together. Each is drawn from its
    own seed, so that the others do not change it. A request's `model` is not read. Without `max_tokens` a reply may
    fill the model's context. Weights are loaded at the first request.

    Args:
        model: a ModelSpec, which then says everything; or a hub id, a folder or a file.
        batch_size: the most requests that are run together.
        settings: the other fields of ModelSpec: revision, device, dtype, trust_remote_code.

    Raises:
        OptionError: on construction, for a batch_size below 1.
        ModelError: on `endpoint` and `ask`, for a model that cannot be found, loaded or used.
        MissingExtraError: likewise, where torch or transformers is not installed.
    """

    @rename_parameters(batch="batch_size")
    def __init__(self, model: ModelSpec | str | Path, batch_size: int = 8, **settings: Unpack[ModelSettings]) -> None:
        if batch_size < 1:
            raise OptionError(f"batch_size is {batch_size}.", "Give 1 or more.")
        self._loader = ModelLoader(make_model_spec(model, **settings))
        self._queue = RequestQueue(lambda requests: self._answer_group(requests), batch_size)
        self._generator: TextGenerator | None = None

    @cached_property
    def endpoint(self) -> str:
        """Model, revision, tokenizer and dtype, known from the files alone."""
        identity = self._loader.identity
        return f"local:{identity['model']}@{identity['revision']}/{identity['tokenizer']}/{identity['dtype']}"

    @property
    def templated(self) -> bool:
        """Whether the model has a chat template; without one, messages follow each other as plain text."""
        return self._loader.resolved.has_chat_template

    def load_tokenizer(self) -> Any:
        """The model's tokenizer, a fast one of `transformers`."""
        return self._loader.load_tokenizer()

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The model's reply; see `ChatModel`. A prompt that fills the context is a `ModelCallError`."""
        return await self._queue.ask(request)

    async def close(self) -> None:
        """Stop what is being generated; a later request goes on with the model as loaded."""
        if self._generator is not None:
            self._generator.stopping = True
        await self._queue.close()

    def _answer_group(self, requests: list[ChatRequest]) -> list[ChatReply | CotpressError]:
        """One outcome a request. Runs in the worker's thread."""
        try:
            if self._generator is None:
                self._generator = load_generator(self._loader)
            generator = self._generator
            generator.stopping = False
            outcomes: list[PromptIds | CotpressError] = [generator.encode_prompt(request) for request in requests]
            ready = [outcome for outcome in outcomes if isinstance(outcome, list)]
            samplings = [
                request.sampling for request, ids in zip(requests, outcomes, strict=True) if isinstance(ids, list)
            ]
            replies = iter(generator.generate(ready, samplings) if ready else [])
            return [next(replies) if isinstance(outcome, list) else outcome for outcome in outcomes]
        except CotpressError as error:
            return [error for _ in requests]
        except Exception as error:  # whatever a model of another make raises
            name = self._loader.resolved.name
            failed = ModelError(f"The model {name} cannot be run: {summarize_error(error)}", "Try another causal LM.")
            return [failed for _ in requests]
