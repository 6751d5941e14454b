"""What strict readers of shortened texts said: the pairs they judged, and the steps that they marked.

    python benchmarks/readings.py                 # the pairs, from docs/results/readings/pairs.json
    python benchmarks/readings.py --marks         # the marks, against what the criterion keeps now; needs the traces

Pairs: two versions of the criterion side by side in an order that the reader did not know. Marks: of texts of version
5, which deleted steps are missed and which kept ones are superfluous; by construction version 5 brings back none and
deletes none. A step counts as kept where more than half of its characters are. Marks are places in the original text.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

import cotpress
from backbone import print_row
from cotpress.pruning import apply_budget, parse_budget, prepare_trace, rank_trace

READINGS = Path(__file__).resolve().parents[1] / "docs/results/readings"
VERDICTS = ("yes", "flaw", "no")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--marks", action="store_true", help="compare the marks with what is kept now")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/traces"), help="folder of the traces")
    options = parser.parse_args()
    if options.marks:
        print_marks(json.loads((READINGS / "marked-steps.json").read_text()), options.data)
    else:
        print_pairs(json.loads((READINGS / "pairs.json").read_text()))


def print_pairs(pairs: list[dict[str, Any]]) -> None:
    """Of each two versions a row for each reading, then for each setting, then the faults of either."""
    for versions in dict.fromkeys(pair["versions"] for pair in pairs):
        print(f"\nVersions {versions}:\n")
        chosen = [pair for pair in pairs if pair["versions"] == versions]
        print_row("", "pairs", "after better", "before better", "equal", "after: yes/flaw/no", "before: yes/flaw/no")
        print("|" + "---|" * 7)
        for name in ("reading", "keep", "file"):
            for value in dict.fromkeys(pair[name] for pair in chosen):
                _print_group(value, [pair for pair in chosen if pair[name] == value])
        _print_group("all", chosen)
        for side in ("before", "after"):
            faults = Counter(fault for pair in chosen for fault in pair.get(f"faults_{side}", ()))
            told = ", ".join(f"{name} {count}" for name, count in faults.most_common())
            print(f"\nDecisive faults {side}: {told or 'not counted'}")


def _print_group(name: str, pairs: list[dict[str, Any]]) -> None:
    better = Counter(pair["better"] for pair in pairs)
    verdicts = [
        "/".join(str(sum(pair[side] == verdict for pair in pairs)) for verdict in VERDICTS)
        for side in ("after", "before")
    ]
    print_row(
        name, *(str(count) for count in (len(pairs), *(better[way] for way in ("after", "before", "equal")))), *verdicts
    )


def print_marks(texts: list[dict[str, Any]], data: Path) -> None:
    """A row for each file and setting: how many missed steps came back, and how many superfluous ones went."""
    traces = {
        (file, row.id): row
        for file in dict.fromkeys(text["file"] for text in texts)
        for row in cotpress.read(data / file)
        if isinstance(row, cotpress.Trace)
    }
    print_row("file", "keep", "texts", "missed steps that are back", "superfluous steps that are gone", "realized")
    print("|" + "---|" * 6)
    for file, keep in dict.fromkeys((text["file"], text["keep"]) for text in texts):
        chosen = [text for text in texts if (text["file"], text["keep"]) == (file, keep)]
        counts = sum((count_marks(text, traces[file, text["id"]]) for text in chosen), start=np.zeros(6, np.int64))
        back, missed, gone, superfluous, kept, original = counts.tolist()
        print_row(
            file, keep, str(len(chosen)), f"{back} of {missed}", f"{gone} of {superfluous}", f"{kept / original:.3f}"
        )


def count_marks(text: dict[str, Any], trace: cotpress.Trace) -> np.ndarray:
    """Missed steps that are kept now, and all; superfluous ones that are not, and all; tokens kept and of the whole."""
    budget = parse_budget(text["keep"])
    kept = apply_budget(rank_trace(prepare_trace(trace), cotpress.Method()), budget)
    mask = np.zeros(len(trace.reasoning), bool)
    for start, end in kept.kept_spans if kept.kept_spans is not None else ():
        mask[start:end] = True
    back, gone = (
        sum((mask[start:end].mean() > 0.5) == wanted for start, end, _ in text[name])
        for name, wanted in (("missed", True), ("superfluous", False))
    )
    sizes = (len(text["missed"]), gone, len(text["superfluous"]), kept.tokens_kept, kept.tokens_original)
    return np.array([back, *sizes], np.int64)


if __name__ == "__main__":
    main()
