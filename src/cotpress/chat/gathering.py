"""Bringing requests that wait at the same time together, to be answered as one batch in a thread of its own."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeAlias

from cotpress.chat.request import Reply, Request
from cotpress.errors import CotpressError

GATHER = 0.01  # seconds that the first request waits for company
Waiting: TypeAlias = tuple[Request, asyncio.Future[Reply], float]
Serve: TypeAlias = Callable[[list[Request]], Sequence[Reply | CotpressError]]


class Gathering:
    """A queue before a model in this process: `serve` answers `batch` requests at most that are drawn alike.

    Requests that differ in the seed alone are drawn alike. Used from one event loop at a time.
    """

    def __init__(self, serve: Serve, batch: int) -> None:
        self._serve, self._batch = serve, batch
        self._waiting: deque[Waiting] = deque()
        self._worker: ThreadPoolExecutor | None = None
        self._pump: asyncio.Task[None] | None = None

    async def ask(self, request: Request) -> Reply:
        """The reply, its `seconds` from asking; the error that `serve` gave for it is raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Reply] = loop.create_future()
        self._waiting.append((request, future, time.monotonic()))
        if self._pump is None or self._pump.done():
            self._pump = loop.create_task(self._run())
        return await future

    async def close(self) -> None:
        """Cancel who waits, and wait for the batch under way."""
        if self._pump is not None:
            self._pump.cancel()
        for _, future, _ in self._waiting:
            future.cancel()
        self._waiting.clear()
        if self._worker is not None:
            self._worker.shutdown(wait=True)
        self._worker = self._pump = None

    async def _run(self) -> None:
        """Serve those who wait, batch after batch."""
        loop = asyncio.get_running_loop()
        self._worker = self._worker or ThreadPoolExecutor(1, "cotpress-generate")
        await asyncio.sleep(GATHER)
        while self._waiting:
            group = self._next_group()
            requests = [request for request, _, _ in group]
            try:
                outcomes = await loop.run_in_executor(self._worker, self._serve, requests)
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

    def _next_group(self) -> list[Waiting]:
        """The first that waits, and those behind it that are drawn alike."""
        first = replace(self._waiting[0][0].sampling, seed=None)
        group = [one for one in self._waiting if replace(one[0].sampling, seed=None) == first][: self._batch]
        taken = {id(one) for one in group}
        self._waiting = deque(one for one in self._waiting if id(one) not in taken)
        return group
