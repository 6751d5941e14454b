"""Rewriting while calls fail at random and the process is killed: what is lost, what is asked twice.

    python benchmarks/resilience.py [--traces 1000] [--fail 0.3] [--kills 10] [--concurrency 16]

First an undisturbed run against a server whose answers all succeed, then one against a server that fails a share
of all calls at random, killed (SIGKILL) at random moments and started again each time. Both outputs must be the
same byte for byte, every trace accounted for, and no answer that was stored asked for again: the server counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from endpoint import command, serving
from streaming import write_corpus

DELAY = 0.05  # seconds an answer
MOMENTS = (1.5, 5.0)  # seconds after a start at which it may be killed
FILES = ("traces.parquet", "sft.jsonl", "rejected.jsonl")


def digests(folder: Path) -> dict[str, str]:
    """What the output's files hold."""
    return {name: hashlib.sha256((folder / "out" / name).read_bytes()).hexdigest() for name in FILES}


def answered(url: str) -> list[int]:
    """How often each distinct request got a good answer, as the server counts."""
    with urllib.request.urlopen(f"{url.removesuffix('/v1')}/stats") as reply:
        return [int(count) for count in json.load(reply)["answered"].values()]


def calm_run(corpus: Path, folder: Path, concurrency: int) -> int:
    """Run undisturbed; the number of distinct requests."""
    folder.mkdir()
    with serving(DELAY) as url:
        subprocess.run(command(corpus, folder, url, concurrency), check=True, stdout=subprocess.DEVNULL)
        counts = answered(url)
    assert set(counts) == {1}, "an undisturbed run asked twice for the same"
    return len(counts)


def rough_run(corpus: Path, folder: Path, options: argparse.Namespace) -> tuple[int, list[int]]:
    """Run to the end, killed at random moments on the way; how many kills hit, and the server's counts."""
    folder.mkdir()
    draw, hits = random.Random(0), 0
    with serving(DELAY, options.fail) as url:
        call = command(corpus, folder, url, options.concurrency)
        while hits < options.kills:
            child = subprocess.Popen(call, stdout=subprocess.DEVNULL)
            try:
                child.wait(timeout=draw.uniform(*MOMENTS))
                break  # it came to its end before it could be killed
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
                hits += 1
        if not (folder / "out" / "summary.json").exists():
            subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
        return hits, answered(url)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=int, default=1000)
    parser.add_argument("--fail", type=float, default=0.3)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--concurrency", type=int, default=16)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        calm, rough, corpus = Path(name) / "calm", Path(name) / "rough", Path(name) / "corpus.jsonl"
        write_corpus(corpus, options.traces)
        distinct = calm_run(corpus, calm, options.concurrency)
        began = time.time()
        hits, counts = rough_run(corpus, rough, options)
        seconds = time.time() - began
        summary = json.loads((rough / "out" / "summary.json").read_text())
        assert summary["traces"] == options.traces == summary["compressed"] + summary["rejected"]
        same = digests(calm) == digests(rough)
    twice = sum(counts) - distinct
    print(f"{options.traces} traces, {distinct} distinct requests, {options.fail:.0%} of calls failing\n")
    print(f"killed {hits} times, {seconds:.0f} s; compressed {summary['compressed']}, rejected {summary['rejected']}")
    print(f"output identical to the undisturbed run's: {same}")
    print(f"answers sent twice, all under way at a kill: {twice} (at most {hits * options.concurrency})")
    assert same
    assert twice <= hits * options.concurrency, "an answer that was stored was asked for again"


if __name__ == "__main__":
    main()
