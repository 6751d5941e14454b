"""What the base students read: generated problems with their traces, never the same twice."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cotpress.training.tiny_models.rewritten_traces import rewrite_at_random
from cotpress.world import WorldTrace, sample

TraceKind = tuple[str, str]  # domain, regime
PretrainingExample = tuple[list[int], list[int]]  # prompt, completion

# Problems of the base corpus are drawn with seeds from here up, so that no study meets them again.
FIRST_SEED = 10_000_000
DIFFICULTIES = (2,)
CHUNK_TRACES = 600  # traces drawn, sorted by length and cut into batches at a time
BATCH_TOKENS = 1200  # tokens a batch, padding included: many small steps teach a tiny model sooner than few large ones


@dataclass(frozen=True, slots=True)
class DataMixture:
    """A stretch of the corpus: tokens in it, the share of its traces from each domain and regime, and how many of them
    are pruned or rewritten, so that the students know whatever a compression writes."""

    tokens: int
    shares: Mapping[TraceKind, float]
    rewritten: float = 0.0


def make_pretraining_batches(
    tokenizer: Any, phases: tuple[DataMixture, ...], seed: int
) -> Iterator[list[PretrainingExample]]:
    """Batches of examples of like length, until each phase has had its tokens. The same on every machine."""
    rng, chunk = random.Random(f"corpus-{seed}"), 0
    for phase in phases:
        left = phase.tokens
        while left > 0:
            for batch in _cut_batches(_draw_chunk(tokenizer, phase, FIRST_SEED + 1000 * seed + chunk), rng):
                left -= sum(len(prompt) + len(completion) for prompt, completion in batch)
                yield batch
            chunk += 1


def encode_example(tokenizer: Any, question: str, completion: str) -> PretrainingExample:
    """The ids of a prompt through the chat template, and of what should follow, with the end."""
    prompt = tokenizer.apply_chat_template([{"role": "user", "content": question}], add_generation_prompt=True)
    ids = prompt["input_ids"] if isinstance(prompt, Mapping) else prompt
    return ids, [*tokenizer(completion, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]


def _draw_chunk(tokenizer: Any, phase: DataMixture, seed: int) -> list[PretrainingExample]:
    return [
        encode_example(tokenizer, drawn.trace.question, f"{reasoning}\n{drawn.trace.answer}")
        for drawn, reasoning in draw_texts(phase, seed, CHUNK_TRACES)
    ]


def draw_texts(mixture: DataMixture, seed: int, traces: int = CHUNK_TRACES) -> Iterator[tuple[WorldTrace, str]]:
    """Traces of a mixture, each with the reasoning that is read: its own, or a pruned or rewritten one.

    Args:
        mixture: the shares.
        seed: of the problems.
        traces: how many there are, 1 or more.

    >>> [(drawn, text)] = draw_texts(DataMixture(1000, {("math", "short"): 1.0}), seed=0, traces=1)
    >>> drawn.trace.reasoning == text
    True
    """
    rng = random.Random(f"rewritten-{seed}")
    for (domain, regime), share in mixture.shares.items():
        for difficulty in DIFFICULTIES:
            for drawn in sample(domain, regime, round(traces * share / len(DIFFICULTIES)), seed, difficulty):
                rewrites = rng.random() < mixture.rewritten
                yield drawn, rewrite_at_random(drawn, rng) if rewrites else drawn.trace.reasoning


def _cut_batches(examples: list[PretrainingExample], rng: random.Random) -> list[list[PretrainingExample]]:
    """Batches of at most BATCH tokens, in random order."""
    batches: list[list[PretrainingExample]] = [[]]
    for example in sorted(examples, key=_count_tokens):
        if batches[-1] and _count_tokens(example) * (len(batches[-1]) + 1) > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(example)
    rng.shuffle(batches)
    return batches


def _count_tokens(example: PretrainingExample) -> int:
    return len(example[0]) + len(example[1])
