"""What a language model's drafts are stopped by, with and without the backbone as a hint.

    python benchmarks/hints.py ../shared/data/traces/gsm8k_train_2000.jsonl --base-url URL --model NAME [--traces 20]

Every trace is drafted once at every level, at keep 0.5, by any endpoint that speaks OpenAI's chat completions. Each row
is a level: how many drafts passed, how many each check stopped (a draft may fail several), and the share of the
backbone's results that a draft kept, beside what random pruning to the same length keeps, both with a 95% interval over
traces by the bootstrap. Calls that failed are counted and left out. Replies are not stored.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from cotpress import Method, Trace, compress, read
from cotpress.chat import CachedChat, MeteredChat, OpenAIChat, ReplyCache, RetryPolicy, SamplingParameters
from cotpress.errors import ModelCallError
from cotpress.rewriting import HINTS, ChatWriter, make_rewrite_task
from cotpress.rewriting.attempt import RewriteAttempt, assess_draft
from cotpress.rewriting.checks import Draft
from cotpress.rewriting.checks.backbone import measure_backbone_kept
from cotpress.rewriting.concurrency import map_in_order
from cotpress.rewriting.levels import LEVELS

KEEP, DRAWS, MAX_ANSWER_TOKENS = 0.5, 2000, 250


def draft_all(
    traces: Sequence[Trace], level: str, hint: str, options: argparse.Namespace, folder: Path
) -> list[RewriteAttempt | None]:
    """One draft a trace, checked; None where the call failed."""
    chat = MeteredChat(OpenAIChat(options.base_url, "NO_KEY", RetryPolicy(300, 1)), 2, max_failures=None)
    cached = CachedChat(chat, ReplyCache(folder / f"{level}-{hint}.sqlite"))
    writer = ChatWriter(cached, options.model, SamplingParameters(max_tokens=MAX_ANSWER_TOKENS))

    async def draft(trace: Trace) -> RewriteAttempt | None:
        task = make_rewrite_task(trace, LEVELS[level], ratio=KEEP, hint=hint)
        try:
            return assess_draft(task, await writer.write(task, []), None)
        except ModelCallError:
            return None

    return list(map_in_order(traces, draft, writer, 8))


def prune_to(draft: Draft, ratio: float) -> Draft:
    """The same trace pruned at random to a share of its length."""
    [outcome] = compress([draft.trace], Method("random"), keep=min(max(ratio, 0.01), 1.0))
    return replace(draft, text=getattr(outcome, "text", ""), segmentation=None)


def tell(figures: Sequence[float]) -> str:
    """Mean and interval, in percent."""
    values = np.array(figures)
    means = np.random.default_rng(0).choice(values, (DRAWS, len(values))).mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{values.mean():.0%} [{low:.0%}, {high:.0%}]"


def report(level: str, hint: str, attempts: Sequence[RewriteAttempt | None]) -> None:
    """One row of the table."""
    drafts = [attempt for attempt in attempts if attempt is not None]
    stopped = Counter(failure.check for attempt in drafts for failure in attempt.failures)
    passed = sum(not attempt.failures for attempt in drafts)
    kept = [measure_backbone_kept(attempt.draft) for attempt in drafts]
    random = [measure_backbone_kept(prune_to(attempt.draft, attempt.ratio)) for attempt in drafts]
    checks = ", ".join(f"{name} {count}" for name, count in stopped.most_common()) or "none"
    lengths = np.median([attempt.ratio for attempt in drafts]) if drafts else float("nan")
    print(
        f"| {level} | {hint} | {passed} of {len(drafts)} | {checks} | {lengths:.2f} | {tell(kept)} | {tell(random)} |",
        flush=True,
    )
    if len(drafts) < len(attempts):
        print(f"({len(attempts) - len(drafts)} calls failed)", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--traces", type=int, default=20)
    parser.add_argument("--show", type=int, default=0, help="drafts that passed, to be read")
    options = parser.parse_args()
    traces = list(islice((row for row in read(str(options.file)) if isinstance(row, Trace)), options.traces))
    print(f"{len(traces)} traces of {options.file.name}, {options.model}, keep {KEEP}\n")
    print(
        "| level | hint | passed | stopped by | length | results kept | random pruning |\n|---|---|---|---|---|---|---|"
    )
    passed: list[RewriteAttempt] = []
    with tempfile.TemporaryDirectory() as folder:
        for level in LEVELS:
            for hint in HINTS:
                attempts = draft_all(traces, level, hint, options, Path(folder))
                report(level, hint, attempts)
                passed += [attempt for attempt in attempts if attempt is not None and not attempt.failures]
    for attempt in passed[: options.show]:
        draft = attempt.draft
        print(f"\n--- {draft.level.name} {attempt.ratio:.2f}\n{draft.trace.reasoning}\n-->\n{draft.text}")


if __name__ == "__main__":
    main()
