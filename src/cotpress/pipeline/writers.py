"""Opening the writer that a rewriting job names, with its cache of replies and its meter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cotpress.chat import (
    CachedChat,
    ChatModel,
    MeteredChat,
    ReplyCache,
    RetryPolicy,
    SamplingParameters,
    SpendLimit,
)
from cotpress.chat.backends import BackendOptions, get_backend
from cotpress.errors import OptionError
from cotpress.models import ModelSpec
from cotpress.pipeline.rewrite_spec import RewriterConfig, RewriteSpec
from cotpress.progress import Progress
from cotpress.rewriting import ChatWriter, RulesWriter, Writer
from cotpress.storage import get_cache_folder

REPLIES_FILE = "replies.sqlite"


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """How an endpoint is asked: what may change from one run to the next without changing the output.

    `concurrency` is how many calls may be under way; `key_env` names the environment variable that holds the
    key; `retry_failed` asks again where a cached answer was a refusal or failed its checks.
    """

    concurrency: int = 8
    spend_limit: SpendLimit = field(default_factory=SpendLimit)
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    key_env: str = "OPENAI_API_KEY"
    retry_failed: bool = False

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise OptionError(f"concurrency is {self.concurrency}.", "Give 1 or more.")


def open_writer(spec: RewriteSpec, client: ClientConfig, store: Path | None, progress: Progress) -> Writer:
    """The writer that the job names. Replies are kept in `store`; what is spent is noted in `progress`.

    Args:
        spec: names the rewriter.
        client: concurrency, limits, prices and tries.
        store: the folder for replies; None where no model is asked.
        progress: receives what is spent.

    Raises:
        MissingExtraError: the writer's library is not installed.
        OptionError: a writer that asks a model has nowhere to keep replies; or it is the oracle, which knows generated
            traces alone.

    >>> from cotpress.progress import Silent
    >>> open_writer(RewriteSpec("edit"), ClientConfig(), None, Silent()).name
    'rules'
    """
    if spec.endpoint.name == "rules":
        return RulesWriter()
    if not spec.endpoint.asks_model:
        raise OptionError(
            f"The rewriter '{spec.endpoint.name}' knows the truth of generated traces alone.",
            "Name it in a study whose traces are `world`, or use cotpress.rewriting.oracle.OracleRewriter in Python.",
        )
    if store is None:
        raise OptionError("A rewriter that asks a model needs a place for its replies.", "Give --store FOLDER.")
    return _build_chat_writer(spec.endpoint, spec.sampling, client, store, progress.note)


def make_chat_writer(
    model: str, *, base_url: str = "", store: str | Path | None = None, asking: ClientConfig | None = None
) -> Writer:
    """A writer that asks `model` at an OpenAI-compatible endpoint.

    Its replies are kept in the folder `store` (the default cache where none is named), and never asked for twice.

    Args:
        model: the name by which the endpoint knows the model.
        base_url: the endpoint; the provider's own by default.
        store: the folder for replies.
        asking: concurrency, limits, prices and tries.

    Raises:
        MissingExtraError: the `openai` library is not installed.

    >>> make_chat_writer("qwen3-8b", base_url="http://127.0.0.1:8000/v1", store="replies").name
    'qwen3-8b'
    """
    endpoint = RewriterConfig("openai", ModelSpec(model), base_url)
    return _build_chat_writer(
        endpoint,
        SamplingParameters(),
        asking or ClientConfig(),
        Path(store) if store else get_cache_folder(),
        lambda line: None,
    )


def _build_chat_writer(
    endpoint: RewriterConfig,
    sampling: SamplingParameters,
    client: ClientConfig,
    store: Path,
    note: Callable[[str], None],
) -> ChatWriter:
    meter = MeteredChat(open_chat_model(endpoint, client), client.concurrency, client.spend_limit)
    meter.on_change = lambda: note(meter.usage_summary)
    cached = CachedChat(meter, ReplyCache(store / REPLIES_FILE), client.retry_failed)
    return ChatWriter(cached, endpoint.model.name, sampling, client.spend_limit.prices, meter.stop)


def resolve_endpoint(endpoint: RewriterConfig, client: ClientConfig) -> str:
    """What a request records as its endpoint."""
    return open_chat_model(endpoint, client).endpoint


def open_chat_model(endpoint: RewriterConfig, client: ClientConfig) -> ChatModel:
    """The chat model behind an endpoint. Nothing is asked or loaded yet."""
    options = BackendOptions(endpoint.base_url, client.key_env, client.retry_policy)
    return get_backend(endpoint.name).open_chat(endpoint.model, options)
