"""What a rewriting run would ask and cost, without asking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cotpress.chat import CHARS_PER_TOKEN, BatchJournal, ReplyCache
from cotpress.models import load_counter
from cotpress.pipeline.budget_assignment import make_ratio_function
from cotpress.pipeline.decontamination import select_spec_checks
from cotpress.pipeline.draft_writers import BATCHES_FOLDER, REPLIES_FILE, ClientConfig, resolve_endpoint
from cotpress.pipeline.rewrite_spec import RewriteSpec
from cotpress.pipeline.stream import TraceOrRejected, screen_rows
from cotpress.progress import Progress, track
from cotpress.rewriting import build_request, make_rewrite_task
from cotpress.token_counting import TokenCounter
from cotpress.types import Trace

DEFAULT_OUTPUT_RATIO = 0.6  # of the reasoning that a model writes where no budget is given: a guess, on the high side


def estimate_cost(
    rows: Iterable[TraceOrRejected], spec: RewriteSpec, client: ClientConfig, store: Path | None, progress: Progress
) -> dict[str, Any]:
    """Calls, tokens and cost if every first draft is accepted, and at most (every draft refused to the last).

    Answers that are stored already cost nothing. Tokens are counted with the job's tokenizer, or taken from
    the length of the texts; those of a model that thinks before it answers are not foreseen. Requests of batches
    under way ("in_batches", where calls go in batches) are paid already.

    Args:
        rows: traces and rejected rows.
        spec: the rewriting.
        client: prices, tries and limits of the client.
        store: the folder with stored replies; None for none.
        progress: receives what happens.

    >>> from cotpress.progress import Silent
    >>> traces = [Trace("1", "2+3?", "Two and three. 2+3=5.", "5")]
    >>> estimate_cost(traces, RewriteSpec("edit"), ClientConfig(), None, Silent())["traces"]
    1
    """
    counter = load_counter(spec.tokenizer) if spec.tokenizer else None
    ratio_of = make_ratio_function(spec.keep, spec.seed)
    seen = {"traces": 0, "calls": 0, "cached": 0, "prompt_tokens": 0, "completion_tokens": 0}
    if client.batch is not None:
        seen["in_batches"] = 0
    with _open_paid_requests(client, store) as paid:
        for row in screen_rows(track(rows, progress, "Estimating"), select_spec_checks(spec)):
            seen["traces"] += 1
            if not isinstance(row, Trace) or not spec.rewriter.asks_model:
                continue
            level, hint = spec.resolved_level, spec.policy.hint
            task = make_rewrite_task(row, level, domain=spec.domain, ratio=ratio_of(row), counter=counter, hint=hint)
            endpoint = resolve_endpoint(spec.rewriter, client)
            request = build_request(task, spec.rewriter.model.name, spec.sampling, endpoint, secret=paid.secret)
            paid_as = paid.find(request.compute_key())
            seen[paid_as or "calls"] += 1
            if paid_as is None:
                seen["prompt_tokens"] += sum(_count_tokens(message.content, counter) for message in request.messages)
                written = _count_tokens(row.reasoning, counter) * (task.ratio or DEFAULT_OUTPUT_RATIO)
                seen["completion_tokens"] += round(written)
    cost = _compute_cost(seen, client)
    most = seen["calls"] * spec.policy.tries
    return {**seen, "calls_at_most": most, "cost": cost, "counted_with": spec.tokenizer or "characters"}


@dataclass(slots=True)
class _PaidRequests:
    """What need not be paid for again: replies that are stored, requests of batches under way, and those met before."""

    cache: ReplyCache | None
    under_way: set[str]
    retry_failed: bool
    met: set[str] = field(default_factory=set)

    @property
    def secret(self) -> bytes:
        """What the tags of requests are keyed with."""
        return self.cache.read_secret() if self.cache is not None else b""

    def find(self, key: str) -> Literal["cached", "in_batches"] | None:
        """How a request is paid for already; None where it is not."""
        met_before = key in self.met  # equal traces are asked for once
        self.met.add(key)
        if met_before or (self.cache is not None and _is_cached(self.cache, key, self.retry_failed)):
            return "cached"
        return "in_batches" if key in self.under_way else None


@contextmanager
def _open_paid_requests(client: ClientConfig, store: Path | None) -> Iterator[_PaidRequests]:
    replies = store / REPLIES_FILE if store is not None else None
    cache = ReplyCache(replies) if replies is not None and replies.is_file() else None
    try:
        yield _PaidRequests(cache, _list_keys_under_way(client, store), client.retry_failed)
    finally:
        if cache is not None:
            cache.close()


def _compute_cost(seen: Mapping[str, int], client: ClientConfig) -> float | None:
    prices = client.prices
    return None if prices is None else round(prices.cost(seen["prompt_tokens"], seen["completion_tokens"]), 6)


def _list_keys_under_way(client: ClientConfig, store: Path | None) -> set[str]:
    """The requests of batches whose replies an earlier run did not wait for."""
    folder = store / BATCHES_FOLDER if client.batch is not None and store is not None else None
    if folder is None or not folder.is_dir():
        return set()
    journal = BatchJournal(folder)
    keys = {key for record in journal.read() if record.batch for key in record.keys}
    journal.close()
    return keys


def _is_cached(cache: ReplyCache, key: str, retry_failed: bool) -> bool:
    return cache.get(key) is not None and not (retry_failed and cache.has_failed(key))


def _count_tokens(text: str, counter: TokenCounter | None) -> int:
    return round(len(text) / CHARS_PER_TOKEN) if counter is None else counter.count([text])[0]
