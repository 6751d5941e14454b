"""A chat model with a cache: no reply that was paid for is asked for again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from cotpress.chat.chat_model import ChatModel
from cotpress.chat.reply_cache import ReplyCache
from cotpress.chat.request import ChatReply, ChatRequest


class CachedChat:
    """Answers from the cache, and asks the model for the rest; several equal requests are one call.

    With `retry_failed`, a stored reply that failed its checks is asked for again, once in the life of this object.
    """

    def __init__(self, model: ChatModel, cache: ReplyCache, retry_failed: bool = False) -> None:
        self._model, self._cache, self._retry_failed = model, cache, retry_failed
        self._pending_calls: dict[str, asyncio.Task[ChatReply]] = {}
        self._retried: set[str] = set()

    @property
    def endpoint(self) -> str:
        """The model's."""
        return self._model.endpoint

    def read_secret(self) -> bytes:
        """The cache's: see `ReplyCache.read_secret`."""
        return self._cache.read_secret()

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The stored reply, or the model's. Errors are the model's, and those of the cache.

        A caller that is cancelled does not end the call: it is paid for, and its reply is kept.
        """
        key = request.compute_key()
        if key in self._pending_calls:
            return replace(await asyncio.shield(self._pending_calls[key]), cached=True)
        stored = self._find_stored(key)
        if stored is not None:
            return stored
        call = asyncio.get_running_loop().create_task(self._call(key, request))
        self._pending_calls[key] = call
        call.add_done_callback(lambda done: self._finish_call(key, done))
        return await asyncio.shield(call)

    def record_verdict(self, request: ChatRequest | str, verdict: str) -> None:
        """Record what became of the reply to a request (or to the one with that key): "ok", or what it failed."""
        self._cache.record_verdict(request if isinstance(request, str) else request.compute_key(), verdict)

    async def close(self) -> None:
        """Close the model and the cache."""
        await self._model.close()
        self._cache.close()

    async def _call(self, key: str, request: ChatRequest) -> ChatReply:
        reply = await self._model.ask(request)
        self._cache.put(key, request.model, reply)
        return reply

    def _finish_call(self, key: str, call: asyncio.Task[ChatReply]) -> None:
        if self._pending_calls.get(key) is call:
            del self._pending_calls[key]
        if not call.cancelled():
            call.exception()  # seen here, should every caller have been cancelled

    def _find_stored(self, key: str) -> ChatReply | None:
        stored = self._cache.get(key)
        if stored is None or not self._retry_failed or key in self._retried:
            return stored
        if not self._cache.has_failed(key):
            return stored
        self._retried.add(key)
        return None
