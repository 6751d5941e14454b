"""Scoring with a causal LM, reading and writing included: against a bare forward pass, and against the plain script.

    python benchmarks/scoring.py --data ../shared/data [--rounds 3] [--model FILE.gguf] [--pools short]

The bare pass is given ready token ids, computes the logits of every position and throws them away: one sequence at a
time, and in batches of 8 and 16 of like length. The script (`plain_script.py`) takes one trace at a time from a file,
tokenises it, computes logits and their softmax over the whole vocabulary, and writes NLL and entropy as JSON lines.
Ours reads the file, applies the chat template, tokenises, scores NLL and entropy, and writes the signals to a fresh
store. All with the same weights, threads and token ids (asserted), in turn in one process; loading the model is left
out. Tokens are those of prompt and reasoning together.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cotpress import LM, Signals, Trace
from cotpress.signals import SignalStore, load_or_score
from cotpress.signals.trace_encoding import TracePromptEncoder, encode_texts
from plain_script import encode, load_model, read_rows, score_file, write_rows
from pools import POOLS, first_lines, packaged_model, read_traces
from spreads import ratios, spread

BATCHES = (1, 8, 16)


def sequences(lm: LM, traces: list[Trace]) -> list[list[int]]:
    """Prompt and reasoning of each trace as token ids, as the model is given them."""
    prompter: TracePromptEncoder = lm._loaded.prompter
    encoded = encode_texts(prompter.tokenizer, [trace.reasoning for trace in traces])
    return [prompter.encode(trace) + ids for trace, (ids, _) in zip(traces, encoded, strict=True)]


def bare(model: Any, rows: list[list[int]], batch: int) -> None:
    """Every logit of every row, padded on the right in batches of like length."""
    ordered = sorted(rows, key=len)
    with torch.inference_mode():
        for at in range(0, len(ordered), batch):
            group = ordered[at : at + batch]
            longest = max(map(len, group))
            model(input_ids=torch.tensor([row + [0] * (longest - len(row)) for row in group]), use_cache=False)


def ours(lm: LM, path: Path) -> list[Signals]:
    """From the file to the stored signals."""
    with tempfile.TemporaryDirectory() as folder:
        return load_or_score(lm, read_traces(path), SignalStore(Path(folder)))


def measure(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each, a figure a round."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - began)
    return seconds


def difference(signals: list[Signals], theirs: list[dict[str, list[float]]], name: str) -> float:
    """The largest difference from the script's numbers, in nats."""
    pairs = zip(signals, theirs, strict=True)
    return float(max(np.abs(one.values[name] - np.array(other[name])).max() for one, other in pairs))


def compare(lm: LM, loaded: tuple[Any, Any], path: Path, rounds: int) -> str:
    """A row of the table."""
    given, scores, traces = path.with_suffix(".given"), path.with_suffix(".scores"), read_traces(path)
    write_rows(traces, given)
    rows = sequences(lm, traces)
    theirs = [encode(loaded[0], row)[0]["input_ids"][0].tolist() for row in read_rows(given)]
    assert rows == theirs, "the script is given other token ids"
    passes = {f"bare, {batch}": lambda batch=batch: bare(loaded[1], rows, batch) for batch in BATCHES}
    script = {"script": lambda: score_file(loaded, given, scores)}
    seconds = measure({**passes, **script, "ours": lambda: ours(lm, path)}, rounds)
    best = [min(times) for times in zip(*(seconds[name] for name in passes), strict=True)]
    tokens, signals = sum(map(len, rows)), ours(lm, path)
    cells = [f"{tokens / statistics.median(times):.0f}" for times in seconds.values()]
    cells += [spread(ratios(one, seconds["ours"]), ".2f") for one in (best, seconds["script"])]
    cells += [f"{difference(signals, read_rows(scores), name):.0e}" for name in ("nll", "entropy")]
    return f"{len(rows)} | {tokens} | {' | '.join(cells)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--pools", nargs="+", choices=POOLS, default=list(POOLS))
    parser.add_argument("--traces", type=int, default=None, help="so many of each pool")
    options = parser.parse_args()
    source = options.model or packaged_model()
    lm = LM(source, dtype="float32", device="cpu")
    lm.score([Trace("warm", "What is 1 + 1?", "It is 2.")])
    loaded = load_model(source)
    print(f"{source.name}, float32 on {torch.get_num_threads()} threads, tokens a second, median of {options.rounds};")
    print("ratios are medians too (lowest to highest)\n")
    print("| pool | traces | tokens | bare, 1 | bare, 8 | bare, 16 | script | ours ", end="")
    print("| ours / best bare (at least 0.85) | ours / script | largest difference from the script: NLL | entropy |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for name, file, count in (POOLS[pool] for pool in options.pools):
        with first_lines(options.data / "traces" / file, options.traces or count) as path:
            print(f"| {name} | {compare(lm, loaded, path, options.rounds)} |", flush=True)


if __name__ == "__main__":
    main()
