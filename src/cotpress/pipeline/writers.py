"""Opening the writer that a rewriting job names, with its cache of replies and its meter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cotpress.chat import (
    Allowance,
    CachedChat,
    ChatModel,
    LocalChat,
    MeteredChat,
    OpenAIChat,
    Patience,
    ReplyCache,
    Sampling,
)
from cotpress.errors import OptionError
from cotpress.pipeline.progress import Progress
from cotpress.pipeline.rewrite_job import Endpoint, RewriteJob
from cotpress.rewriting import ChatWriter, RulesWriter, Writer
from cotpress.store import default_cache

REPLIES = "replies.sqlite"


@dataclass(frozen=True, slots=True)
class Asking:
    """How an endpoint is asked: what may change from one run to the next without changing the output.

    `concurrency` is how many calls may be under way; `key_env` names the environment variable that holds the
    key; `retry_failed` asks again where a cached answer was a refusal or failed its checks.
    """

    concurrency: int = 8
    allowance: Allowance = field(default_factory=Allowance)
    patience: Patience = field(default_factory=Patience)
    key_env: str = "OPENAI_API_KEY"
    retry_failed: bool = False

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise OptionError(f"concurrency is {self.concurrency}.", "Give 1 or more.")


def open_writer(job: RewriteJob, asking: Asking, store: Path | None, progress: Progress) -> Writer:
    """The writer that the job names. Replies are kept in `store`; what is spent is noted in `progress`.

    Raises:
        MissingExtra: the writer's library is not installed.
        OptionError: a writer that asks a model has nowhere to keep replies.
    """
    if job.endpoint.name == "rules":
        return RulesWriter()
    if store is None:
        raise OptionError("A rewriter that asks a model needs a place for its replies.", "Give --store FOLDER.")
    return _chatting(job.endpoint, job.sampling, asking, store, progress.note)


def chat_writer(
    model: str, *, base_url: str = "", store: str | Path | None = None, asking: Asking | None = None
) -> Writer:
    """A writer that asks `model` at an OpenAI-compatible endpoint.

    Its replies are kept in the folder `store` (the default cache where none is named), and never asked for twice.

    Raises:
        MissingExtra: the `openai` library is not installed.
    """
    endpoint = Endpoint("openai", model, base_url)
    return _chatting(
        endpoint, Sampling(), asking or Asking(), Path(store) if store else default_cache(), lambda line: None
    )


def _chatting(
    endpoint: Endpoint, sampling: Sampling, asking: Asking, store: Path, note: Callable[[str], None]
) -> ChatWriter:
    meter = MeteredChat(open_chat(endpoint, asking), asking.concurrency, asking.allowance)
    meter.on_change = lambda: note(meter.spent)
    cached = CachedChat(meter, ReplyCache(store / REPLIES), asking.retry_failed)
    return ChatWriter(cached, endpoint.model, sampling, asking.allowance.prices, meter.stop)


def endpoint_of(endpoint: Endpoint, asking: Asking) -> str:
    """What a request records as its endpoint."""
    return open_chat(endpoint, asking).endpoint


def open_chat(endpoint: Endpoint, asking: Asking) -> ChatModel:
    """The chat model behind an endpoint. Nothing is asked or loaded yet."""
    if endpoint.name == "openai":
        return OpenAIChat(endpoint.base_url, asking.key_env, asking.patience)
    return LocalChat(
        endpoint.model,
        revision=endpoint.revision or None,
        device=endpoint.device or None,
        dtype=endpoint.dtype or None,
        trust_remote_code=endpoint.trust_remote_code,
    )
