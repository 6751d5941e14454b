"""A queue before a model in this process: requests that wait at the same time are answered together, in a thread.

The batches of a service, which answer later and for less, are in the files `batch_*.py` beside this one.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeAlias

from cotpress.chat.request import ChatReply, ChatRequest
from cotpress.errors import CotpressError

QUEUE_WAIT_SECONDS = 0.01  # seconds that the first request waits for others
PendingRequest: TypeAlias = tuple[ChatRequest, asyncio.Future[ChatReply], float]
GroupHandler: TypeAlias = Callable[[list[ChatRequest]], Sequence[ChatReply | CotpressError]]


class RequestQueue:
    """A queue before a model in this process. Used from one event loop at a time.

    Args:
        serve: answers several requests at once. They have the same sampling parameters, the seed aside.
        batch_size: the most requests that `serve` gets at once.
    """

    def __init__(self, serve: GroupHandler, batch_size: int) -> None:
        self._serve, self._batch_size = serve, batch_size
        self._pending: deque[PendingRequest] = deque()
        self._worker: ThreadPoolExecutor | None = None
        self._serving_task: asyncio.Task[None] | None = None

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The reply, its `seconds` from asking; the error that `serve` gave for it is raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[ChatReply] = loop.create_future()
        self._pending.append((request, future, time.monotonic()))
        if self._serving_task is None or self._serving_task.done():
            self._serving_task = loop.create_task(self._serve_groups())
        return await future

    async def close(self) -> None:
        """Cancel the requests that wait, and wait for those under way."""
        if self._serving_task is not None:
            self._serving_task.cancel()
        for _, future, _ in self._pending:
            future.cancel()
        self._pending.clear()
        if self._worker is not None:
            self._worker.shutdown(wait=True)
        self._worker = self._serving_task = None

    async def _serve_groups(self) -> None:
        """Answer the requests that wait, group after group."""
        loop = asyncio.get_running_loop()
        self._worker = self._worker or ThreadPoolExecutor(1, "cotpress-generate")
        await asyncio.sleep(QUEUE_WAIT_SECONDS)
        while self._pending:
            group = self._take_group()
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
                if isinstance(outcome, ChatReply):
                    future.set_result(replace(outcome, seconds=time.monotonic() - began))
                else:
                    future.set_exception(outcome)

    def _take_group(self) -> list[PendingRequest]:
        """The first request that waits, and those behind it with the same sampling parameters."""
        first = replace(self._pending[0][0].sampling, seed=None)
        group = [waiting for waiting in self._pending if replace(waiting[0].sampling, seed=None) == first]
        group = group[: self._batch_size]
        taken = {id(waiting) for waiting in group}
        self._pending = deque(waiting for waiting in self._pending if id(waiting) not in taken)
        return group
