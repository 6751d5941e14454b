"""Where the content of independent solutions stands in LIMO-R1 traces, and how much of it is kept from there.

    python benchmarks/content_places.py --half b --keep 0.5,0.3

Content is what `cotpress.gauges.reference` finds of the human and of the Qwen2.5 solution in a trace. It stands before
the answer is settled, as the criterion sees it, or in dead ends or after the answer alone. Strings of all problems are
counted together, so problems with long solutions count more than in `backbone.py`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import chain, pairwise
from pathlib import Path

import cotpress
from cotpress.backbone.answer_terms import add_answer, read_answer
from cotpress.backbone.settled import find_settled
from cotpress.backbone.terms import extract_terms
from cotpress.gauges.reference import find_reference_content
from cotpress.pruning import apply_budget, parse_budget, prepare_trace, rank_trace
from cotpress.text.retractions import find_dead_ends
from cotpress.text.segmentation import segment

REFERENCES = (("human", "limo_human.jsonl"), ("Qwen2.5", "limo_qwen2.5_32b_instruct.jsonl"))
PLACES = ("before the answer", "in dead ends alone", "after the answer alone")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/traces"), help="folder of the traces")
    parser.add_argument(
        "--half", choices=("a", "b"), default="b", help="every second problem, from the first or second"
    )
    parser.add_argument("--keep", default="0.5,0.3", help="keep ratios, by comma")
    options = parser.parse_args()
    traces = read_traces(options.data / "limo_r1_distill_qwen_32b.jsonl")[options.half == "b" :: 2]
    print("| reference | keep | " + " | ".join(f"{place}: kept of all" for place in PLACES) + " |")
    print("|---|---|" + "---|" * len(PLACES))
    for name, file in REFERENCES:
        solutions = {trace.id: trace.reasoning for trace in read_traces(options.data / file)}
        for keep in options.keep.split(","):
            counts = count_places([trace for trace in traces if trace.id in solutions], solutions, keep)
            cells = [f"{counts[place, True]} of {counts[place, True] + counts[place, False]}" for place in PLACES]
            print(f"| {name} | {keep} | " + " | ".join(cells) + " |")


def read_traces(path: Path) -> list[cotpress.Trace]:
    return [row for row in cotpress.read(path) if isinstance(row, cotpress.Trace)]


def count_places(traces: list[cotpress.Trace], solutions: dict[str, str], keep: str) -> Counter[tuple[str, bool]]:
    """How many strings stand in each place, and whether they are kept."""
    method = cotpress.Method(protect=(), steps="sentence")
    counts: Counter[tuple[str, bool]] = Counter()
    for trace in traces:
        outcome = apply_budget(rank_trace(prepare_trace(trace), method), parse_budget(keep))
        parts = split_places(trace)
        seen: set[str] = set()
        known, solution = f"{trace.question} {trace.gold or ''}", solutions[trace.id]
        kept = set(find_reference_content(solution, outcome.text, known).formal)
        for place, part in zip(PLACES, parts, strict=True):
            new = set(find_reference_content(solution, part, known).formal) - seen
            seen |= new
            counts[place, True] += len(new & kept)
            counts[place, False] += len(new - kept)
    return counts


def split_places(trace: cotpress.Trace) -> tuple[str, str, str]:
    """The reasoning up to the answer but for dead ends, these, and what follows the answer."""
    bounds = segment(trace.reasoning, "sentence").steps.tolist()
    steps, answer = [trace.reasoning[start:end] for start, end in pairwise(bounds)], read_answer(trace)
    dead = frozenset(chain.from_iterable(find_dead_ends(steps)))
    terms = add_answer([extract_terms(step) for step in steps], steps, answer, 1.0)
    settled = find_settled(steps, terms, answer, trace.question, dead)
    before = "".join(step for place, step in enumerate(steps) if place <= settled and place not in dead)
    return before, "".join(steps[place] for place in sorted(dead)), "".join(steps[settled + 1 :])


if __name__ == "__main__":
    main()
