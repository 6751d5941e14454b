"""A grid of prunings in one go, in Python: each trace scored once, ranked once a method, cut at every ratio. What
`whole_sweep.py` measures, and a command of its own:

    python benchmarks/one_pass.py traces.jsonl ngram|MODEL FOLDER

Writes a file a point of the grid, with a line for each trace of which something is left.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from cotpress import LM, Method, NGram, Signals, Trace, load_counter
from cotpress.pruning import apply_budget, parse_keep_ratio, prepare_trace, rank_trace
from cotpress.signals import SignalStore, load_or_score
from cotpress.token_counting import TokenCounter
from pools import read_traces

CRITERIA, GRANULARITIES = ("nll", "entropy"), ("step", "token")
KEEPS = tuple(tenths / 10 for tenths in range(1, 10))
POINTS = len(CRITERIA) * len(GRANULARITIES) * len(KEEPS)


def file_of(folder: Path, criterion: str, granularity: str, keep: float) -> Path:
    """Where the texts of a point are."""
    return folder / f"{criterion}-{granularity}-{keep:g}.jsonl"


def texts(trace: Trace, signals: Signals, counter: TokenCounter | None) -> Iterator[tuple[str, str, float, str]]:
    """One trace at every point: criterion, granularity, keep ratio and text."""
    sheet = prepare_trace(trace, counter=counter)
    for criterion, granularity in product(CRITERIA, GRANULARITIES):
        ranked = rank_trace(sheet, Method(criterion, granularity), [signals])
        for keep in KEEPS:
            text = apply_budget(ranked, parse_keep_ratio(keep)).text
            if text or trace.answer:
                yield criterion, granularity, keep, text


def main() -> None:
    corpus, scorer, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    traces = read_traces(corpus)
    source = NGram.fit(traces) if scorer == "ngram" else LM(scorer)
    counter = None if scorer == "ngram" else load_counter(scorer)
    folder.mkdir(parents=True)
    found: dict[Path, list[str]] = {}
    for trace, signals in zip(traces, load_or_score(source, traces, SignalStore(folder / "store")), strict=True):
        for *point, text in texts(trace, signals, counter):
            found.setdefault(file_of(folder, *point), []).append(json.dumps({"id": trace.id, "text": text}))
    for path, lines in found.items():
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
