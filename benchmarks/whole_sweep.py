"""A whole grid of prunings in one go, against a run of its own for each of its points.

    python benchmarks/whole_sweep.py --data ../shared/data [--rounds 3] [--traces 16] [--ngram-traces 100]

The grid: nll and entropy x step and token x keep 0.1 to 0.9, 36 points. In one go: `one_pass.py`, which scores each
trace once, ranks it once a method, cuts at every ratio and writes the texts; and `cotpress sweep`, a study without
students, which besides measures every text for its tables (and has the n-gram model score anew for each method).
Independent: `cotpress compress` for each point, with an empty store. Each in a process of its own, start-up and the
loading of the model included. A round measures each of them once, the independent run at another point each time, and
takes its time for that of all 36. All must give the same texts at the points measured: that is asserted. Start-up,
loading included, is what the same command takes over one short trace.

SmolLM2-135M is first saved as a folder, which loads faster than the packed file that it comes in.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from cotpress.study import Compression, Study, list_compressions, read_study
from cotpress.study.artifacts import ArtifactStore
from cotpress.study.compression_steps import load_compressed_rows
from cotpress.study.context import StudyContext
from cotpress.study.pruning_steps import is_pruned
from one_pass import CRITERIA, GRANULARITIES, KEEPS, POINTS, file_of
from plain_script import read_rows, save_model
from pools import first_lines, packaged_model
from spreads import ratios, spread
from streaming import write_corpus

ONE_PASS = str(Path(__file__).with_name("one_pass.py"))
COTPRESS = ("-m", "cotpress")
ALONE = "alone"
WAYS = ("one pass", "cotpress sweep", ALONE)
Seconds = dict[str, list[float]]


def write_study(path: Path, traces: Path, scorer: str) -> Study:
    """The study of the grid, as a file (JSON is YAML)."""
    grid = {"criteria": CRITERIA, "granularities": GRANULARITIES, "keep": KEEPS}
    condition = {"traces": str(traces), "domain": "math", "regime": "long"}
    said = {"name": "whole", "conditions": {"all": condition}, "scorer": scorer, "baselines": [], "pruning": grid}
    path.write_text(json.dumps(said), encoding="utf-8")
    return read_study(str(path))


def run(*words: object) -> float:
    """Seconds of a Python process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *map(str, words)], check=True, capture_output=True)
    return time.perf_counter() - began


def compress(corpus: Path, folder: Path, scorer: str, way: Compression) -> float:
    """Seconds of an independent run, with a store that is not there yet."""
    model = () if scorer == "ngram" else ("--model", scorer, "--tokenizer", scorer)
    point = ("--criterion", way.method, "--granularity", way.granularity, "--keep", way.keep)
    return run(*COTPRESS, "compress", corpus, "-o", folder / "out", "--store", folder / "store", "-q", *point, *model)


def check(study: Study, here: Path, way: Compression) -> None:
    """The three ways kept the same traces, each with the same text."""
    table = pq.read_table(here / "alone" / "out" / "traces.parquet")
    alone = dict(zip(table["id"].to_pylist(), table["compressed"].to_pylist(), strict=True))
    passed = read_rows(file_of(here / "pass", way.method, way.granularity, way.keep or 0.0))
    assert alone == {row["id"]: row["text"] for row in passed}, f"{way.name}: one pass gave other texts"
    desk = StudyContext(study, ArtifactStore(here / "sweep" / "steps"))
    assert is_pruned(desk, way), f"{way.name}: the sweep did not do it"
    swept = {row["trace"]: row["text"] for row in load_compressed_rows(desk, way) if row["text"] is not None}
    assert alone == swept, f"{way.name}: the sweep gave other texts"


def one_round(corpus: Path, here: Path, scorer: str, way: Compression) -> tuple[Study, list[float]]:
    """The study, and the seconds of all ways in the order of `WAYS`."""
    here.mkdir()
    study = write_study(here / "study.yaml", corpus, scorer)
    sweep = (*COTPRESS, "sweep", here / "study.yaml", "-o", here / "sweep", "-q")
    return study, [
        run(ONE_PASS, corpus, scorer, here / "pass"),
        run(*sweep),
        compress(corpus, here / "alone", scorer, way),
    ]


def measure(corpus: Path, scorer: str, rounds: int, folder: Path) -> tuple[Seconds, Seconds]:
    """Seconds of each way, and what it takes over one short trace, a figure a round."""
    whole: Seconds = {name: [] for name in WAYS}
    start: Seconds = {name: [] for name in WAYS}
    write_corpus(folder / "one.jsonl", 1)
    ways = list_compressions(write_study(folder / "study.yaml", corpus, scorer))
    assert len(ways) == POINTS
    for number in range(rounds):
        here, way = folder / f"{number}", ways[(8 + 13 * number) % POINTS]  # each another method and ratio
        study, seconds = one_round(corpus, here, scorer, way)
        check(study, here, way)
        _, starting = one_round(folder / "one.jsonl", folder / f"{number}-start", scorer, ways[-1])
        for name, one, less in zip(WAYS, seconds, starting, strict=True):
            whole[name].append(one)
            start[name].append(less)
    return whole, start


def row(whole: Seconds, start: Seconds, name: str) -> str:
    """What one way in one go took, and against the independent runs."""
    work = {way: [one - less for one, less in zip(whole[way], start[way], strict=True)] for way in (name, ALONE)}
    multiples = ([POINTS * one for one in ratios(took[ALONE], took[name])] for took in (whole, work))
    told = [spread(took[way], ".1f") for way in (name, ALONE) for took in (whole, start)]
    return " | ".join([name, *told, *(spread(one, ".1f") for one in multiples)])


def compare(source: str, scorer: str, path: Path, count: int, rounds: int) -> None:
    """The rows of one source."""
    with first_lines(path, count) as corpus, tempfile.TemporaryDirectory() as folder:
        whole, start = measure(corpus, scorer, rounds, Path(folder))
    for name in WAYS[:-1]:
        print(f"| {source}, {count} traces | {row(whole, start, name)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--traces", type=int, default=16)
    parser.add_argument("--ngram-traces", type=int, default=100)
    options = parser.parse_args()
    traces, rounds = options.data / "traces", options.rounds
    print(f"Seconds, median of {rounds} (lowest to highest); {rounds} of {POINTS} independent runs measured\n")
    print(f"| source | in one go | all {POINTS} | of it start-up | one independent run | of it start-up ", end="")
    print(f"| {POINTS} runs / in one go (at least 20 with a model) | without start-up |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        model = str(save_model(packaged_model(), Path(folder)))
        limo, r1 = traces / "limo_qwen2.5_32b_instruct.jsonl", traces / "limo_r1_distill_qwen_32b.jsonl"
        compare("SmolLM2-135M, LIMO", model, limo, options.traces, rounds)
        compare("n-gram, LIMO-R1", "ngram", r1, options.ngram_traces, rounds)
    print(f"\nThe texts at the points measured are the same in all {3 * rounds} runs of each source.")


if __name__ == "__main__":
    main()
