"""What a language model's drafts are stopped by: with and without the backbone as a hint, or asked in one sentence.

    python benchmarks/hints.py ../shared/data/traces/gsm8k_train_2000.jsonl --base-url URL --model NAME [--traces 20]
        [--ways none backbone plain] [--most-words 250] [--draws 1] [--store FOLDER] [--show 50]

Every trace is drafted once at every level, at keep 0.5, by any endpoint that speaks OpenAI's chat completions, such as
`benchmarks/llama_server.py`. Each row is a level: how many drafts passed, how many each check stopped (a draft may
fail several), and the share of the backbone's results that a draft kept, beside what random pruning to the same length
keeps, both with a 95% interval over traces by the bootstrap. Calls that failed are counted and left out.

The way "plain" asks with the level's summary and the reasoning alone. A model that is too weak for the whole prompt
writes texts so, most of them wrong: `--show` prints those that pass, to be read. `--draws` asks so often, with other
seeds, at temperature 0.7. `--store` keeps replies, so that drafts can be checked again: it may be that of a run of
`cotpress rewrite` with `--tries 1 --keep 0.5 --max-new-tokens 400`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from cotpress import Method, Trace, compress, read
from cotpress.chat import (
    CachedChat,
    ChatMessage,
    ChatRequest,
    MeteredChat,
    OpenAIChat,
    ReplyCache,
    RetryPolicy,
    SamplingParameters,
)
from cotpress.errors import ModelCallError
from cotpress.pipeline.draft_writers import REPLIES_FILE
from cotpress.rewriting import HINTS, ChatWriter, WriterReply, make_rewrite_task
from cotpress.rewriting.attempt import RewriteAttempt, assess_draft
from cotpress.rewriting.checks import Draft
from cotpress.rewriting.checks.backbone import measure_backbone_kept
from cotpress.rewriting.concurrency import map_in_order
from cotpress.rewriting.hints import NO_HINT
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.task import RewriteTask

KEEP, RESAMPLES, MAX_ANSWER_TOKENS = 0.5, 2000, 400
PLAIN, TEMPERATURE = "plain", 0.7  # of several draws
Attempts = list[RewriteAttempt | None]


def draft_all(
    traces: Sequence[Trace], level: str, way: str, options: argparse.Namespace, cache: ReplyCache
) -> Attempts:
    """As many drafts a trace as are drawn, checked; None where the call failed."""
    chat = MeteredChat(OpenAIChat(options.base_url, "NO_KEY", RetryPolicy(600, 1)), 4, max_failures=None)
    cached = CachedChat(chat, cache)
    attempts: Attempts = []
    for draw in range(options.draws):
        sampling = SamplingParameters(max_tokens=MAX_ANSWER_TOKENS)
        if options.draws > 1:
            sampling = replace(sampling, temperature=TEMPERATURE, seed=draw)
        writer = ChatWriter(cached, options.model, sampling)
        draft = partial(draft_once, level=level, way=way, writer=writer, ask=partial(ask_plainly, cached, sampling))
        attempts += map_in_order(traces, draft, writer, 4)
    return attempts


async def draft_once(
    trace: Trace, level: str, way: str, writer: ChatWriter, ask: Callable[[str, RewriteTask], Awaitable[WriterReply]]
) -> RewriteAttempt | None:
    """One draft, checked."""
    task = make_rewrite_task(trace, LEVELS[level], ratio=KEEP, hint=way if way in HINTS else NO_HINT)
    try:
        return assess_draft(task, await (ask(writer.name, task) if way == PLAIN else writer.write(task, [])), None)
    except ModelCallError:
        return None


async def ask_plainly(chat: CachedChat, sampling: SamplingParameters, model: str, task: RewriteTask) -> WriterReply:
    """A draft by the level in one sentence, and the reasoning."""
    message = ChatMessage("user", f"{task.level.summary}\n\n{task.trace.reasoning}")
    reply = await chat.ask(ChatRequest(model, (message,), sampling, chat.endpoint, PLAIN))
    return WriterReply(reply.text.strip(), reply.finish)


def prune_to(draft: Draft, ratio: float) -> Draft:
    """The same trace pruned at random to a share of its length."""
    [outcome] = compress([draft.trace], Method("random"), keep=min(max(ratio, 0.01), 1.0))
    return replace(draft, text=getattr(outcome, "text", ""), segmentation=None)


def tell(figures: Sequence[float]) -> str:
    """Mean and interval, in percent."""
    values = np.array(figures)
    means = np.random.default_rng(0).choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{values.mean():.0%} [{low:.0%}, {high:.0%}]"


def report(name: str, level: str, way: str, attempts: Sequence[RewriteAttempt | None]) -> None:
    """One row of the table."""
    drafts = [attempt for attempt in attempts if attempt is not None]
    if not drafts:
        print(f"(all {len(attempts)} calls failed)", flush=True)
        return
    stopped = Counter(failure.check for attempt in drafts for failure in attempt.failures)
    passed = sum(not attempt.failures for attempt in drafts)
    kept = [measure_backbone_kept(attempt.draft) for attempt in drafts]
    random = [measure_backbone_kept(prune_to(attempt.draft, attempt.ratio)) for attempt in drafts]
    checks = ", ".join(f"{name} {count}" for name, count in stopped.most_common()) or "none"
    lengths = np.median([attempt.ratio for attempt in drafts])
    print(
        f"| {name} | {level} | {way} | {passed} of {len(drafts)} | {checks} | {lengths:.2f} "
        f"| {tell(kept)} | {tell(random)} |",
        flush=True,
    )
    if len(drafts) < len(attempts):
        print(f"({len(attempts) - len(drafts)} calls failed)", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--traces", type=int, default=20)
    parser.add_argument("--ways", nargs="+", choices=[*HINTS, PLAIN], default=HINTS)
    parser.add_argument("--levels", nargs="+", choices=list(LEVELS), default=list(LEVELS))
    parser.add_argument("--most-words", type=int, default=10**9, help="of a reasoning; longer traces are left out")
    parser.add_argument("--draws", type=int, default=1)
    parser.add_argument("--store", type=Path, default=None)
    parser.add_argument("--show", type=int, default=0, help="drafts that passed, to be read")
    options = parser.parse_args()
    print(f"{options.model}, keep {KEEP}, up to {options.traces} traces a file, {options.draws} drafts each\n")
    print("| file | level | asked | passed | stopped by | length | results kept | random pruning |")
    print("|---|---|---|---|---|---|---|---|")
    passed: list[RewriteAttempt] = []
    with tempfile.TemporaryDirectory() as folder:
        cache = ReplyCache((options.store or Path(folder)) / REPLIES_FILE)
        for file in options.files:
            rows = (row for row in read(str(file)) if isinstance(row, Trace))
            short = (row for row in rows if len(row.reasoning.split()) <= options.most_words)
            traces = list(islice(short, options.traces))
            for level in options.levels:
                for way in options.ways:
                    attempts = draft_all(traces, level, way, options, cache)
                    report(file.stem, level, way, attempts)
                    passed += [one for one in attempts if one is not None and not one.failures]
    for attempt in passed[: options.show]:
        draft = attempt.draft
        print(
            f"\n--- {draft.level.name} {attempt.ratio:.2f} {draft.trace.id}\n{draft.trace.reasoning}\n-->\n{draft.text}"
        )


if __name__ == "__main__":
    main()
