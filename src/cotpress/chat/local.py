"""A `transformers` causal LM as a chat model, for those without a server."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from cotpress.chat.generation import Generator, Prompt, load_generator
from cotpress.chat.request import Reply, Request
from cotpress.errors import CotpressError, ModelError, OptionError
from cotpress.models import Limits, Wanted, first_line

GATHER = 0.01  # seconds that the first request waits for company


class LocalChat:
    """Any Hugging Face causal LM: a hub id, a folder, or a `.gguf` file.

    Requests that wait at the same time and are drawn alike are run together, `batch` at most; one drawn at
    random from a seed is run alone, so that its company does not change it. A request's `model` is not looked
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
        self._batch = batch
        self._waiting: deque[tuple[Request, asyncio.Future[Reply], float]] = deque()
        self._worker: ThreadPoolExecutor | None = None
        self._pump: asyncio.Task[None] | None = None
        self._generator: Generator | None = None

    @cached_property
    def endpoint(self) -> str:
        """Model, revision, tokenizer and dtype, known from the files alone."""
        found = self._wanted.identity
        return f"local:{found['model']}@{found['revision']}/{found['tokenizer']}/{found['dtype']}"

    async def ask(self, request: Request) -> Reply:
        """The model's reply; see `ChatModel`. A prompt that leaves no room in the context is a `CallFailed`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Reply] = loop.create_future()
        self._waiting.append((request, future, time.monotonic()))
        if self._pump is None or self._pump.done():
            self._pump = loop.create_task(self._run())
        return await future

    async def close(self) -> None:
        """Stop what is being generated; a later request goes on with the model as loaded."""
        if self._generator is not None:
            self._generator.stopping = True
        if self._pump is not None:
            self._pump.cancel()
        for _, future, _ in self._waiting:
            future.cancel()
        self._waiting.clear()
        if self._worker is not None:
            self._worker.shutdown(wait=True)
        self._worker = self._pump = None

    async def _run(self) -> None:
        """Serve those who wait, batch after batch, in a thread of its own."""
        loop = asyncio.get_running_loop()
        self._worker = self._worker or ThreadPoolExecutor(1, "cotpress-generate")
        await asyncio.sleep(GATHER)
        while self._waiting:
            group = self._next_group()
            requests = [request for request, _, _ in group]
            try:
                outcomes = await loop.run_in_executor(self._worker, self._replies, requests)
            except asyncio.CancelledError:
                for _, future, _ in group:
                    future.cancel()
                raise
            for (_, future, began), outcome in zip(group, outcomes, strict=True):
                if future.done():
                    continue
                if isinstance(outcome, Reply):
                    future.set_result(replace(outcome, seconds=time.monotonic() - began))
                else:
                    future.set_exception(outcome)

    def _next_group(self) -> list[tuple[Request, asyncio.Future[Reply], float]]:
        """The first that waits, and those behind it that are drawn alike."""
        first = self._waiting[0][0].sampling
        most = 1 if first.temperature and first.seed is not None else self._batch
        group = [one for one in self._waiting if one[0].sampling == first][:most]
        taken = {id(one) for one in group}
        self._waiting = deque(one for one in self._waiting if id(one) not in taken)
        return group

    def _replies(self, requests: list[Request]) -> list[Reply | CotpressError]:
        """One outcome a request. Runs in the worker's thread."""
        try:
            if self._generator is None:
                self._generator = load_generator(self._wanted)
            generator = self._generator
            generator.stopping = False
            outcomes: list[Prompt | CotpressError] = [generator.prompt(one) for one in requests]
            ready = [one for one in outcomes if isinstance(one, list)]
            replies = iter(generator.generate(ready, requests[0].sampling) if ready else [])
            return [next(replies) if isinstance(one, list) else one for one in outcomes]
        except CotpressError as error:
            return [error for _ in requests]
        except Exception as error:  # whatever a model of another make raises
            name = self._wanted.origin.name
            failed = ModelError(f"The model {name} cannot be run: {first_line(error)}", "Try another causal LM.")
            return [failed for _ in requests]
