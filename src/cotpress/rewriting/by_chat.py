"""A language model as a writer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cotpress.chat import CachedChat, Prices, Request, Sampling
from cotpress.rewriting.assignment import Assignment
from cotpress.rewriting.prompt import messages
from cotpress.rewriting.writer import Turn, Written
from cotpress.types import Call, Trace

_THOUGHTS_END = "</think>"


def request_for(
    assignment: Assignment, model: str, sampling: Sampling, endpoint: str, turns: Sequence[Turn] = ()
) -> Request:
    """The request for a draft, as it is sent."""
    version = f"{assignment.level.name}/{assignment.level.version}"
    return Request(model, messages(assignment, turns), sampling, endpoint, version)


class ChatWriter:
    """Asks a chat model, through the cache of replies.

    `model` is the name that the endpoint knows it by; `prices` tell what calls cost; `stop` makes
    whatever lies behind the cache begin no more calls.
    """

    def __init__(
        self,
        chat: CachedChat,
        model: str,
        sampling: Sampling | None = None,
        prices: Prices | None = None,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = model
        self._chat, self._prices, self._stop = chat, prices, stop
        self._sampling = sampling or Sampling()

    async def write(self, assignment: Assignment, turns: Sequence[Turn]) -> Written:
        request = request_for(assignment, self.name, self._sampling, self._chat.endpoint, turns)
        reply = await self._chat.ask(request)
        call = Call(
            key=request.key(),
            verdict="",
            finish=reply.finish,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            seconds=reply.seconds,
            cost=self._prices.cost(reply.prompt_tokens, reply.completion_tokens) if self._prices else None,
            cached=reply.cached,
        )
        return Written(_spoken(reply.text, assignment.trace), reply.finish, call)

    def judge(self, written: Written, verdict: str) -> None:
        if written.call is not None:
            self._chat.judge(written.call.key, verdict)

    def stop(self) -> None:
        self._stop()

    async def close(self) -> None:
        await self._chat.close()


def _spoken(text: str, trace: Trace) -> str:
    """What follows the thoughts of a model that thinks first, and whose endpoint sends them along: some send the
    closing tag alone, because their template has opened it."""
    return (text if _THOUGHTS_END in trace.reasoning else text.rpartition(_THOUGHTS_END)[2]).strip()
