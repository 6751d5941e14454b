"""What a chat model is: anything that answers requests."""

from __future__ import annotations

from typing import Protocol

from cotpress.chat.request import ChatReply, ChatRequest


class ChatModel(Protocol):
    """Something that answers requests, many at once, from one event loop."""

    @property
    def endpoint(self) -> str:
        """What a reply depends on besides the request: a base URL, or a local model with revision and dtype."""

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The reply to one request.

        Raises:
            ModelCallError: this request got no answer, although it was tried as often as allowed.
            ModelError: no request would get one: a wrong key, an unknown model, a host that does not exist.
        """

    async def close(self) -> None:
        """Close connections, threads and files. A later `ask` opens them again."""
