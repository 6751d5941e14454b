"""A chat model that remembers: no paid answer is asked for twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from cotpress.chat.cache import ReplyCache
from cotpress.chat.model import ChatModel
from cotpress.chat.request import Reply, Request


class CachedChat:
    """Answers from the cache, asks the model for the rest, and asks once where many wait for the same.

    With `retry_failed`, a stored reply that was judged and found wanting is asked for anew, once in the
    life of this object.
    """

    def __init__(self, model: ChatModel, cache: ReplyCache, retry_failed: bool = False) -> None:
        self._model, self._cache, self._retry_failed = model, cache, retry_failed
        self._under_way: dict[str, asyncio.Task[Reply]] = {}
        self._retried: set[str] = set()

    @property
    def endpoint(self) -> str:
        """The model's."""
        return self._model.endpoint

    async def ask(self, request: Request) -> Reply:
        """The stored reply, or the model's. Errors are the model's, and those of the cache.

        A caller that is cancelled does not end the call: it is paid for, and its reply is kept.
        """
        key = request.key()
        if key in self._under_way:
            return replace(await asyncio.shield(self._under_way[key]), cached=True)
        stored = self._stored(key)
        if stored is not None:
            return stored
        call = asyncio.get_running_loop().create_task(self._call(key, request))
        self._under_way[key] = call
        call.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(call)

    def judge(self, request: Request | str, verdict: str) -> None:
        """Record what became of the reply to a request (or to the one with that key): "ok", or what it failed."""
        self._cache.judge(request if isinstance(request, str) else request.key(), verdict)

    async def close(self) -> None:
        """Close the model and the cache."""
        await self._model.close()
        self._cache.close()

    async def _call(self, key: str, request: Request) -> Reply:
        reply = await self._model.ask(request)
        self._cache.put(key, request.model, reply)
        return reply

    def _landed(self, key: str, call: asyncio.Task[Reply]) -> None:
        if self._under_way.get(key) is call:
            del self._under_way[key]
        if not call.cancelled():
            call.exception()  # seen here, should every caller have been cancelled

    def _stored(self, key: str) -> Reply | None:
        stored = self._cache.get(key)
        if stored is None or not self._retry_failed or key in self._retried:
            return stored
        if not self._cache.failed(key):
            return stored
        self._retried.add(key)
        return None
