"""Saliency: cotpress beside the package llmlingua 0.2.2, on the same texts and the same (random) weights.

    python benchmarks/saliency.py --data ../shared/data [--rounds 3] [--shapes BERT XLM-R]

The package is asked as its users ask it, `compress_prompt(text, rate=...)` for each text and rate. Ours is
`cotpress.compress` over the traces with its default mode, for five rates with a fresh store. Loading the models is
left out of both. It also says whether `LLMLingua2`, which does what the package does, keeps the same words.

    pip install --no-deps llmlingua==0.2.2 nltk joblib llama-index-core

brings the package; the last one holds the table of GPT-3.5's tokenizer, which else is fetched.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import torch

import cotpress
from cotpress import LLMLingua2, Method, Saliency, Trace
from encoders import SHAPES, make_encoder

POOLS = {"GSM8K": "gsm8k_train_2000.jsonl", "LIMO-R1": "limo_r1_distill_qwen_32b.jsonl"}
COUNTS = {("BERT", "GSM8K"): 6, ("BERT", "LIMO-R1"): 1, ("XLM-R", "GSM8K"): 2, ("XLM-R", "LIMO-R1"): 1}
MOST = {("BERT", "LIMO-R1"): 9000, ("XLM-R", "LIMO-R1"): 5500}  # characters: whole traces take minutes a round
RATES = (0.9, 0.7, 0.5, 0.3, 0.1)
WANTED = {"GSM8K": (2.2, 10), "LIMO-R1": (1.0, 10)}  # at one rate, at five


def package(folder: Path) -> Any:
    """The package's compressor over a model's folder."""
    core = find_spec("llama_index")
    for place in core.submodule_search_locations or [] if core else []:
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(Path(place) / "core" / "_static" / "tiktoken_cache"))
    try:
        from llmlingua import PromptCompressor
    except ImportError as error:
        raise SystemExit("llmlingua is not installed (how to is in this script's first lines)") from error
    return PromptCompressor(str(folder), device_map="cpu", use_llmlingua2=True)


def timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def theirs(peer: Any, traces: list[Trace], rate: float) -> None:
    for trace in traces:
        peer.compress_prompt(trace.reasoning, rate=rate)


def ours(source: Saliency, traces: list[Trace], rates: tuple[float, ...]) -> None:
    """One forward pass, whatever the number of rates."""
    with tempfile.TemporaryDirectory() as store:
        for rate in rates:
            kept = cotpress.compress(
                traces, Method("saliency", "token", protect=()), keep=rate, source=source, store=store
            )
            assert sum(1 for _ in kept) == len(traces)


def same_words(peer: Any, compat: LLMLingua2, traces: list[Trace]) -> tuple[int, int, float]:
    """For how many of how many texts and rates the words kept are the package's, and by how much P(keep) differs."""
    same, seen, apart, chances = 0, 0, 0.0, []
    hook = peer.model.register_forward_hook(
        lambda module, args, given, out: chances.append(out.logits.softmax(-1)[:, :, 1][given["attention_mask"]]),
        with_kwargs=True,
    )
    for trace in traces:
        known = compat.score_chunks(trace.reasoning)
        for rate in RATES[1:4:2]:
            chances.clear()
            said = peer.compress_prompt(trace.reasoning, rate=rate, return_word_label=True)
            labels = [one.rsplit(" ", 1)[1] for one in said["fn_labeled_original_prompt"].split("\t\t|\t\t")]
            found = compat.compress_text(trace.reasoning, rate, known)
            same += (said["compressed_prompt"], [label == "1" for label in labels]) == (found.text, list(found.kept))
            seen += 1
            values = torch.cat([torch.from_numpy(chunk.values) for chunk in known])
            apart = max(apart, float((torch.cat(chances) - values).abs().max()))
    hook.remove()
    return same, seen, apart


def compare(shape: str, pool: str, path: Path, folder: Path, rounds: int) -> str:
    most = MOST.get((shape, pool))
    rows = (row for row in cotpress.read(path) if isinstance(row, Trace))
    traces = [replace(row, reasoning=row.reasoning[:most]) for row in islice(rows, COUNTS[shape, pool])]
    peer, source = package(folder), Saliency(folder)
    tokens = sum(len(signals) for signals in source.score(traces))  # warms up, too
    one, five = [], []
    for _ in range(rounds):
        each = [timed(lambda rate=rate: theirs(peer, traces, rate)) for rate in RATES]
        single, all_five = (timed(lambda some=some: ours(source, traces, some)) for some in (RATES[2:3], RATES))
        one.append(statistics.median(each) / single)
        five.append(sum(each) / all_five)
    same, seen, apart = same_words(peer, LLMLingua2(folder), traces[:2])
    wanted = WANTED[pool]
    spread = [f"{statistics.median(x):.1f} ({min(x):.1f}-{max(x):.1f})" for x in (one, five)]
    cells = [shape, pool, len(traces), tokens // len(traces), f"{spread[0]}, {wanted[0]}", f"{spread[1]}, {wanted[1]}"]
    return f"| {' | '.join(map(str, cells))} | {same} of {seen} | {apart:.0e} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=list(SHAPES))
    options = parser.parse_args()
    paths = {pool: options.data / "traces" / name for pool, name in POOLS.items()}
    if missing := [path for path in paths.values() if not path.is_file()]:
        raise SystemExit(f"no {missing[0]}")
    print(f"float32 on {torch.get_num_threads()} threads, {options.rounds} rounds; times faster than the package\n")
    print(
        "| shape | texts | number | tokens each | one rate: median (spread), at least | five rates | "
        "same words as the package (compat mode) | P(keep) apart |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        for shape in options.shapes:
            folder = make_encoder(shape, list(paths.values()), Path(place))
            for pool, path in paths.items():
                print(compare(shape, pool, path, folder, options.rounds), flush=True)


if __name__ == "__main__":
    sys.exit(main())
