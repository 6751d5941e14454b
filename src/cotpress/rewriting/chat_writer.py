"""A language model as a writer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cotpress.chat import CachedChat, ChatRequest, Prices, SamplingParameters
from cotpress.rewriting.prompt import build_messages
from cotpress.rewriting.task import RewriteTask
from cotpress.rewriting.writer import Feedback, WriterReply
from cotpress.types import THINK_TAGS, ModelCall, Trace


def build_request(
    task: RewriteTask,
    model: str,
    sampling: SamplingParameters,
    endpoint: str,
    earlier: Sequence[Feedback] = (),
    secret: bytes = b"",
) -> ChatRequest:
    """The request for a draft, as it is sent.

    Args:
        task: the trace and how it is to be rewritten.
        model: the name that the endpoint knows the model by.
        sampling: how the reply is drawn.
        endpoint: what the chat model says of itself; it is part of the request's key.
        earlier: what was wrong with each draft before.
        secret: what the names of the prompt's tags are made with: see `build_messages`.

    >>> from cotpress.rewriting import make_rewrite_task
    >>> from cotpress.rewriting.levels import get_level
    >>> from cotpress.types import Trace
    >>> task = make_rewrite_task(Trace("1", "2 + 3?", "Two and three. That is 5."), get_level("edit"), ratio=0.5)
    >>> request = build_request(task, "my-model", SamplingParameters(), "http://localhost:8000/v1")
    >>> [message.role for message in request.messages]
    ['system', 'user']
    """
    version = f"{task.level.name}/{task.level.version}"
    return ChatRequest(model, build_messages(task, earlier, secret), sampling, endpoint, version)


class ChatWriter:
    """Asks a chat model, through the cache of replies.

    `model` is the name that the endpoint knows it by. `prices` say what calls cost. `stop` is called when no more
    calls are to begin. `concurrency` says how many drafts are best under way at once.
    """

    def __init__(
        self,
        chat: CachedChat,
        model: str,
        sampling: SamplingParameters | None = None,
        prices: Prices | None = None,
        stop: Callable[[], None] = lambda: None,
        concurrency: int = 8,
    ) -> None:
        self.name, self.concurrency = model, concurrency
        self._chat, self._prices, self._stop = chat, prices, stop
        self._sampling = sampling or SamplingParameters()

    def __repr__(self) -> str:
        return f"ChatWriter({self.name!r})"

    async def write(self, task: RewriteTask, earlier: Sequence[Feedback]) -> WriterReply:
        secret = self._chat.read_secret()
        request = build_request(task, self.name, self._sampling, self._chat.endpoint, earlier, secret)
        reply = await self._chat.ask(request)
        call = ModelCall(
            key=request.compute_key(),
            verdict="",
            finish=reply.finish,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            seconds=reply.seconds,
            cost=self._prices.cost(reply.prompt_tokens, reply.completion_tokens) if self._prices else None,
            cached=reply.cached,
        )
        return WriterReply(_strip_thoughts(reply.text, task.trace), reply.finish, call)

    def record_verdict(self, reply: WriterReply, verdict: str) -> None:
        if reply.call is not None:
            self._chat.record_verdict(reply.call.key, verdict)

    def stop(self) -> None:
        self._stop()

    async def close(self) -> None:
        await self._chat.close()


def _strip_thoughts(text: str, trace: Trace) -> str:
    """What follows the thoughts of a model that thinks first, where its endpoint sends them as well.

    Some endpoints send the closing tag alone, because the chat template holds the opening one.
    """
    return (text if THINK_TAGS[1] in trace.reasoning else text.rpartition(THINK_TAGS[1])[2]).strip()
