"""A `transformers` causal LM as a chat model, for those without a server."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from cotpress.chat.gathering import Gathering
from cotpress.chat.generation import Generator, load_generator
from cotpress.chat.prompting import Prompt
from cotpress.chat.request import Reply, Request
from cotpress.errors import CotpressError, ModelError, OptionError
from cotpress.models import Limits, Wanted, first_line


class LocalChat:
    """Any Hugging Face causal LM: a hub id, a folder, or a `.gguf` file.

    Requests that wait at the same time and are drawn alike are run together, `batch` at most; each is drawn from
    its own seed, so that its company does not change it. A request's `model` is not looked
    at. Without `max_tokens` a reply may fill the model's context. Weights are loaded at the first request.

    Raises:
        OptionError: on construction, for a batch below 1.
        ModelError: on `endpoint` and `ask`, for a model that cannot be found, loaded or used.
        MissingExtra: likewise, where torch or transformers is not installed.
    """

    def __init__(
        self,
        model: str | Path,
        revision: str | None = None,
        device: str | None = None,
        dtype: str | None = None,
        trust_remote_code: bool = False,
        batch: int = 8,
    ) -> None:
        if batch < 1:
            raise OptionError(f"The batch is {batch}.", "Give 1 or more.")
        self._wanted = Wanted(model, revision, device, dtype, Limits(), trust_remote_code)
        self._gathering = Gathering(lambda requests: self._replies(requests), batch)
        self._generator: Generator | None = None

    @cached_property
    def endpoint(self) -> str:
        """Model, revision, tokenizer and dtype, known from the files alone."""
        found = self._wanted.identity
        return f"local:{found['model']}@{found['revision']}/{found['tokenizer']}/{found['dtype']}"

    @property
    def templated(self) -> bool:
        """Whether the model has a chat template; without one, messages follow each other as plain text."""
        return self._wanted.origin.has_chat_template

    def load_tokenizer(self) -> Any:
        """The model's tokenizer, a fast one of `transformers`."""
        return self._wanted.load_tokenizer()

    async def ask(self, request: Request) -> Reply:
        """The model's reply; see `ChatModel`. A prompt that leaves no room in the context is a `CallFailed`."""
        return await self._gathering.ask(request)

    async def close(self) -> None:
        """Stop what is being generated; a later request goes on with the model as loaded."""
        if self._generator is not None:
            self._generator.stopping = True
        await self._gathering.close()

    def _replies(self, requests: list[Request]) -> list[Reply | CotpressError]:
        """One outcome a request. Runs in the worker's thread."""
        try:
            if self._generator is None:
                self._generator = load_generator(self._wanted)
            generator = self._generator
            generator.stopping = False
            outcomes: list[Prompt | CotpressError] = [generator.prompt(one) for one in requests]
            ready = [one for one in outcomes if isinstance(one, list)]
            drawn = [one.sampling for one, ids in zip(requests, outcomes, strict=True) if isinstance(ids, list)]
            replies = iter(generator.generate(ready, drawn) if ready else [])
            return [next(replies) if isinstance(one, list) else one for one in outcomes]
        except CotpressError as error:
            return [error for _ in requests]
        except Exception as error:  # whatever a model of another make raises
            name = self._wanted.origin.name
            failed = ModelError(f"The model {name} cannot be run: {first_line(error)}", "Try another causal LM.")
            return [failed for _ in requests]
