"""What the base students read: generated problems with their traces, never the same twice."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cotpress.world import sample

Kind = tuple[str, str]  # domain, regime
Example = tuple[list[int], list[int]]  # prompt, completion

# Problems of the base corpus are drawn with seeds from here up, so that no study meets them again.
FIRST_SEED = 10_000_000
DIFFICULTIES = (2,)
CHUNK = 600  # traces drawn, sorted by length and cut into batches at a time
BATCH = 1200  # tokens a batch, padding included: many small steps teach a tiny model sooner than few large ones


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the corpus: tokens in it, and the share of its traces from each domain and regime."""

    tokens: int
    shares: Mapping[Kind, float]


def batches(tokenizer: Any, phases: tuple[Phase, ...], seed: int) -> Iterator[list[Example]]:
    """Batches of examples of like length, until each phase has had its tokens. The same on every machine."""
    rng, chunk = random.Random(f"corpus-{seed}"), 0
    for phase in phases:
        left = phase.tokens
        while left > 0:
            for batch in _cut(_chunk(tokenizer, phase, FIRST_SEED + 1000 * seed + chunk), rng):
                left -= sum(len(prompt) + len(completion) for prompt, completion in batch)
                yield batch
            chunk += 1


def encode(tokenizer: Any, question: str, completion: str) -> Example:
    """The ids of a prompt through the chat template, and of what should follow, with the end."""
    prompt = tokenizer.apply_chat_template([{"role": "user", "content": question}], add_generation_prompt=True)
    ids = prompt["input_ids"] if isinstance(prompt, Mapping) else prompt
    return ids, [*tokenizer(completion, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]


def _chunk(tokenizer: Any, phase: Phase, seed: int) -> list[Example]:
    return [
        encode(tokenizer, one.trace.question, f"{one.trace.reasoning}\n{one.trace.answer}")
        for (domain, regime), share in phase.shares.items()
        for difficulty in DIFFICULTIES
        for one in sample(domain, regime, round(CHUNK * share / len(DIFFICULTIES)), seed, difficulty)
    ]


def _cut(examples: list[Example], rng: random.Random) -> list[list[Example]]:
    """Batches of at most BATCH tokens, in random order."""
    found: list[list[Example]] = [[]]
    for example in sorted(examples, key=_length):
        if found[-1] and _length(example) * (len(found[-1]) + 1) > BATCH:
            found.append([])
        found[-1].append(example)
    rng.shuffle(found)
    return found


def _length(example: Example) -> int:
    return len(example[0]) + len(example[1])
