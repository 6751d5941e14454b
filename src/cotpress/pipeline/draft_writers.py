"""Opening the writer that a rewriting job names, with its cache of replies and its meter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cotpress.chat import (
    BatchChat,
    BatchClient,
    BatchJournal,
    BatchPolicy,
    CachedChat,
    ChatModel,
    MeteredChat,
    Prices,
    ReplyCache,
    RetryPolicy,
    SamplingParameters,
    SpendLimit,
)
from cotpress.chat.backends import BackendOptions, get_backend
from cotpress.deprecation import rename_parameters
from cotpress.errors import OptionError
from cotpress.models import ModelSpec
from cotpress.pipeline.rewrite_spec import RewriterConfig, RewriteSpec
from cotpress.progress import Progress, Silent
from cotpress.rewriting import LOOKAHEAD_PER_CALL, ChatWriter, RulesWriter, Writer
from cotpress.storage import get_cache_folder

REPLIES_FILE, BATCHES_FOLDER = "replies.sqlite", "batches"
BATCH_BACKEND = "openai"  # the backend that has a batch interface


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """How an endpoint is asked: what may change from one run to the next without changing the output.

    `concurrency` is how many calls may be under way; `key_env` names the environment variable that holds the
    key; `retry_failed` asks again where a cached answer was a refusal or failed its checks; `batch` sends the calls in
    batches, None for one by one.
    """

    concurrency: int = 8
    spend_limit: SpendLimit = field(default_factory=SpendLimit)
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    key_env: str = "OPENAI_API_KEY"
    retry_failed: bool = False
    batch: BatchPolicy | None = None

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise OptionError(f"concurrency is {self.concurrency}.", "Give 1 or more.")

    @property
    def drafts_under_way(self) -> int:
        """The `concurrency` of a rewriter that asks in this way; in batches, so much that it begins a batch of traces.

        >>> ClientConfig(batch=BatchPolicy(size=2000)).drafts_under_way
        500
        """
        return self.concurrency if self.batch is None else -(-self.batch.size // LOOKAHEAD_PER_CALL)

    @property
    def prices(self) -> Prices | None:
        """What calls cost, None where that is not known."""
        prices = self.spend_limit.prices
        return prices.for_batches() if prices is not None and self.batch is not None else prices


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
    if client.batch is not None:
        _check_batch_backend(spec.rewriter)
    if spec.rewriter.name == "rules":
        return RulesWriter()
    if not spec.rewriter.asks_model:
        raise OptionError(
            f"The rewriter '{spec.rewriter.name}' knows the truth of generated traces alone.",
            "Name it in a study whose traces are `world`, or use cotpress.rewriting.oracle.OracleRewriter in Python.",
        )
    if store is None:
        raise OptionError("A rewriter that asks a model needs a place for its replies.", "Give --store FOLDER.")
    return _build_chat_writer(spec.rewriter, spec.sampling, client, store, progress)


@rename_parameters(asking="client")
def make_chat_writer(
    model: str, *, base_url: str = "", store: str | Path | None = None, client: ClientConfig | None = None
) -> Writer:
    """A writer that asks `model` at an OpenAI-compatible endpoint.

    Its replies are kept in the folder `store` (the default cache where none is named), and never asked for twice.

    Args:
        model: the name by which the endpoint knows the model.
        base_url: the endpoint; the provider's own by default.
        store: the folder for replies.
        client: concurrency, limits, prices and tries.

    Raises:
        MissingExtraError: the `openai` library is not installed.

    >>> make_chat_writer("qwen3-8b", base_url="http://127.0.0.1:8000/v1", store="replies").name
    'qwen3-8b'
    """
    endpoint = RewriterConfig("openai", ModelSpec(model), base_url)
    return _build_chat_writer(
        endpoint,
        SamplingParameters(),
        client or ClientConfig(),
        Path(store) if store else get_cache_folder(),
        Silent(),
    )


def _build_chat_writer(
    endpoint: RewriterConfig,
    sampling: SamplingParameters,
    client: ClientConfig,
    store: Path,
    progress: Progress,
) -> ChatWriter:
    cache = ReplyCache(store / REPLIES_FILE)
    meter, stop = _open_meter(endpoint, client, cache, progress)
    meter.on_change = lambda: progress.note(meter.usage_summary)
    cached = CachedChat(meter, cache, client.retry_failed)
    return ChatWriter(cached, endpoint.model.name, sampling, client.prices, stop, client.drafts_under_way)


def _open_meter(
    endpoint: RewriterConfig, client: ClientConfig, cache: ReplyCache, progress: Progress
) -> tuple[MeteredChat, Callable[[], None]]:
    """The chat model, metered, and what ends its work."""
    allowed = replace(client.spend_limit, prices=client.prices)
    if client.batch is None:
        meter = MeteredChat(open_chat_model(endpoint, client), client.concurrency, allowed)
        return meter, meter.stop
    _check_batch_backend(endpoint)
    reached = BatchClient(endpoint.base_url, client.key_env, client.retry_policy)
    journal = BatchJournal(cache.path.parent / BATCHES_FOLDER)
    batches = BatchChat(reached, journal, cache, client.batch, progress.say)
    meter = MeteredChat(batches, client.batch.size, allowed, max_failures=None)

    def stop() -> None:
        meter.stop()
        batches.stop()

    return meter, stop


def _check_batch_backend(endpoint: RewriterConfig) -> None:
    if endpoint.name != BATCH_BACKEND:
        raise OptionError(
            f"The rewriter '{endpoint.name}' has no batches.", f"Give --rewriter {BATCH_BACKEND}, or leave --batch out."
        )


def resolve_endpoint(endpoint: RewriterConfig, client: ClientConfig) -> str:
    """What a request records as its endpoint."""
    return open_chat_model(endpoint, client).endpoint


def open_chat_model(endpoint: RewriterConfig, client: ClientConfig) -> ChatModel:
    """The chat model behind an endpoint. Nothing is asked or loaded yet."""
    options = BackendOptions(endpoint.base_url, client.key_env, client.retry_policy)
    return get_backend(endpoint.name).open_chat(endpoint.model, options)
