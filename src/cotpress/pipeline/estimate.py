"""What a rewriting run would ask and cost, without asking."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cotpress.chat import CHARS_PER_TOKEN, ReplyCache
from cotpress.models import load_counter
from cotpress.pipeline.budgets import target_of
from cotpress.pipeline.progress import Progress, watched
from cotpress.pipeline.rewrite_job import RewriteJob
from cotpress.pipeline.stream import Row, checks_for, screened
from cotpress.pipeline.writers import REPLIES, Asking, endpoint_of
from cotpress.rewriting import assign, request_for
from cotpress.tokens import TokenCounter
from cotpress.types import Trace

NATURAL_RATIO = 0.6  # of the reasoning that a model writes where no budget is given: a guess, on the high side


def estimate(
    rows: Iterable[Row], job: RewriteJob, asking: Asking, store: Path | None, progress: Progress
) -> dict[str, Any]:
    """Calls, tokens and cost if every first draft is accepted, and at most (every draft refused to the last).

    Answers that are stored already cost nothing. Tokens are counted with the job's tokenizer, or taken from
    the length of the texts; those of a model that thinks before it answers are not foreseen.
    """
    counter = load_counter(job.tokenizer) if job.tokenizer else None
    ratio_of = target_of(job.keep, job.seed)
    replies = store / REPLIES if store is not None else None
    cache = ReplyCache(replies) if replies is not None and replies.is_file() else None
    known: set[str] = set()
    seen = {"traces": 0, "calls": 0, "cached": 0, "prompt_tokens": 0, "completion_tokens": 0}
    for row in screened(watched(rows, progress, "Estimating"), checks_for(job.drop_wrong)):
        seen["traces"] += 1
        if not isinstance(row, Trace) or job.endpoint.name == "rules":
            continue
        ratio = ratio_of(row)
        assignment = assign(row, job.found_level, domain=job.domain, ratio=ratio, counter=counter)
        request = request_for(assignment, job.endpoint.model, job.sampling, endpoint_of(job.endpoint, asking))
        key = request.key()
        twice = key in known  # equal traces are asked for once
        known.add(key)
        if twice or (cache is not None and _answered(cache, key, asking.retry_failed)):
            seen["cached"] += 1
            continue
        seen["calls"] += 1
        seen["prompt_tokens"] += sum(_count(message.content, counter) for message in request.messages)
        seen["completion_tokens"] += round(_count(row.reasoning, counter) * (assignment.ratio or NATURAL_RATIO))
    if cache is not None:
        cache.close()
    prices, tries = asking.allowance.prices, job.steering.tries
    cost = None if prices is None else round(prices.cost(seen["prompt_tokens"], seen["completion_tokens"]), 6)
    return {**seen, "calls_at_most": seen["calls"] * tries, "cost": cost, "counted_with": job.tokenizer or "characters"}


def _answered(cache: ReplyCache, key: str, retry_failed: bool) -> bool:
    return cache.get(key) is not None and not (retry_failed and cache.failed(key))


def _count(text: str, counter: TokenCounter | None) -> int:
    return round(len(text) / CHARS_PER_TOKEN) if counter is None else counter.count([text])[0]
