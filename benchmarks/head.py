"""The LM head reduced to NLL and entropy, against the bare tiled matrix product; and the memory of a long trace.

    python benchmarks/head.py [--rounds 5] [--skip-memory]

Both halves use random weights. The first has the shape of SmolLM2-135M's head. The second scores one
trace with a vocabulary of 152k: the peak is what the process held at once beyond the loaded model.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForCausalLM, Qwen2Config

from cotpress.signals.lm_head import TILE_LOGITS, TILE_TOKENS, LMHead, compute_nll_and_entropy
from cotpress.signals.lm_loader import split_lm
from cotpress.signals.scoring_sequences import ScoringSequence

TOKENS, HIDDEN, VOCABULARY = 4096, 576, 49152
LENGTHS = (4096, 8192, 16384, 32768)


def bare_product(hidden: torch.Tensor, weight: torch.Tensor, tile: torch.Tensor) -> None:
    """Every product of a hidden state with the head, in the same tiles, thrown away."""
    width = TILE_LOGITS // TILE_TOKENS
    for row in range(0, len(hidden), TILE_TOKENS):
        for column in range(0, len(weight), width):
            torch.mm(hidden[row : row + TILE_TOKENS], weight[column : column + width].t(), out=tile)


def seconds(work: object, *arguments: object) -> float:
    began = time.perf_counter()
    work(*arguments)  # type: ignore[operator]
    return time.perf_counter() - began


def compare_speed(rounds: int) -> None:
    generator = torch.Generator().manual_seed(0)
    hidden = torch.randn(TOKENS, HIDDEN, generator=generator)
    weight = torch.randn(VOCABULARY, HIDDEN, generator=generator) * 0.1
    targets = torch.randint(0, VOCABULARY, (TOKENS,), generator=generator)
    tile, head = torch.zeros(TILE_TOKENS, TILE_LOGITS // TILE_TOKENS), LMHead(weight)
    bare, ours = [], []
    for _ in range(rounds):
        bare.append(seconds(bare_product, hidden, weight, tile))
        ours.append(seconds(compute_nll_and_entropy, hidden, targets, head))
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"LM head, {TOKENS} tokens x {VOCABULARY} vocabulary x {HIDDEN} hidden, median of {rounds} rounds")
    print("| bare tiled product (s) | NLL + entropy (s) | ratio (at most 1.25) |\n|---|---|---|")
    print(f"| {statistics.median(bare):.3f} | {statistics.median(ours):.3f} | {ratio:.3f} |\n")


def memory(field: str) -> float:
    """A field of this process's memory, in MB (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def compare_memory() -> None:
    shape = {"hidden_size": 64, "intermediate_size": 256, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = Qwen2Config(vocab_size=151_936, num_key_value_heads=2, max_position_embeddings=max(LENGTHS), **shape)
    runner = split_lm(AutoModelForCausalLM.from_config(config).eval(), "random", None, range(24))
    print(f"One trace, vocabulary of {config.vocab_size}, random weights")
    print("| tokens | seconds | peak beyond the model (MB, at most 256) | a full logit matrix would take (MB) |")
    print("|---|---|---|---|")
    for tokens in LENGTHS:
        ids = np.random.default_rng(0).integers(0, config.vocab_size, tokens).tolist()
        before = memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
        took = seconds(runner.run, [ScoringSequence(ids, 1)])
        full = tokens * config.vocab_size * 4 / 2**20
        print(f"| {tokens} | {took:.1f} | {memory('VmHWM') - before:.0f} | {full:.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-memory", action="store_true")
    options = parser.parse_args()
    compare_speed(options.rounds)
    if not options.skip_memory:
        compare_memory()


if __name__ == "__main__":
    main()
