"""The cells of the world's study: which there are, in which order they are worth running, and how one is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from cotpress.benchmarks import load_benchmark
from cotpress.evaluate import Backend, Plan, evaluate, open_student
from cotpress.export import Style, example, get_format
from cotpress.grading import Grader
from cotpress.output.rows import write_jsonl
from cotpress.pipeline import compress, rewrite
from cotpress.prune import Method
from cotpress.signals import LM, Saliency
from cotpress.store import content_key
from cotpress.tokens import load_counter
from cotpress.train import load_recipe, train
from cotpress.types import Compressed, Rejected, Trace
from cotpress.world import sample

CONDITIONS = tuple(product(("math", "general"), ("long", "short")))
CRITERIA = ("nll", "entropy", "saliency", "random")
KEEPS = (0.9, 0.7, 0.5, 0.3, 0.1)
LEVELS = ("preserve", "edit", "fuse", "replace")
SCORER, CLASSIFIER = "world-llama", "world-saliency"
TRACES, PROBLEMS, BUDGET = 256, 100, 640  # traces trained on, held-out problems, tokens a reply may have
FIRST_SEED = 500  # of the traces; the benchmark's problems have others


@dataclass(frozen=True, slots=True)
class Cell:
    """One point of the grid. `method` is a criterion, a level, "uncompressed" or "answers-only"."""

    family: str
    domain: str
    regime: str
    seed: int
    method: str
    granularity: str = ""
    symbols: bool = False
    keep: float = 1.0

    @property
    def key(self) -> str:
        return content_key("world-cell", asdict(self), TRACES, PROBLEMS, BUDGET)


def grid(families: Sequence[str], seeds: Sequence[int], keeps: Sequence[float] = KEEPS) -> Iterator[Cell]:
    """All cells: baselines first, then budgets by turns, then protection and levels; seeds innermost."""
    where = list(product(families, CONDITIONS))
    for method in ("uncompressed", "answers-only"):
        yield from (Cell(f, d, r, s, method) for (f, (d, r)), s in product(where, seeds))
    for keep, granularity, method in product(keeps, ("step", "token"), CRITERIA):
        yield from (Cell(f, d, r, s, method, granularity, False, keep) for (f, (d, r)), s in product(where, seeds))
    for level in LEVELS:
        yield from (Cell(f, d, r, s, level) for (f, (d, r)), s in product(where, seeds))
    for keep, method in product(keeps, CRITERIA):
        yield from (Cell(f, d, r, s, method, "token", True, keep) for (f, (d, r)), s in product(where, seeds))


def run_cell(cell: Cell, place: Path, grader: Grader) -> dict[str, Any]:
    """Compress, train, evaluate; the cell with its figures and a row a problem."""
    outcomes = list(shortened(cell, place))
    kept = [one for one in outcomes if isinstance(one, Compressed)]
    folder = place / "cells" / cell.key
    folder.mkdir(parents=True, exist_ok=True)
    row = get_format("prompt-completion").row
    write_jsonl(folder / "sft.jsonl", [row(example(one, Style())) for one in kept])
    recipe = load_recipe("world").model_copy(update={"seed": cell.seed})
    training = train([folder / "sft.jsonl"], cell.family, folder / "student", recipe, force=True)
    student = open_student(Backend(str(folder / "student"), batch=PROBLEMS))
    name = f"world_{cell.domain}"
    done = evaluate(student, {name: load_benchmark(name, limit=PROBLEMS)}, Plan(BUDGET), grader=grader)
    original = sum(one.tokens_original for one in kept)
    return {
        **asdict(cell),
        "rejected": len(outcomes) - len(kept),
        "realized": sum(one.tokens_kept for one in kept) / original if original else 0.0,
        "trained_tokens": training.tokens,
        "train_seconds": training.seconds,
        "evaluate_seconds": done.seconds,
        "problems": [[one.id, one.outcome, one.reasoning_tokens, one.generated_tokens] for one in done.rows],
        "reflective": sum(one.reflective_steps for one in done.rows) / max(1, sum(one.steps for one in done.rows)),
    }


def shortened(cell: Cell, place: Path) -> Iterator[Compressed | Rejected]:
    """The cell's traces, compressed its way and counted with the students' tokenizer."""
    drawn = sample(cell.domain, cell.regime, TRACES, FIRST_SEED + cell.seed)
    traces, counter = [one.trace for one in drawn], load_counter(SCORER)
    if cell.method in ("uncompressed", "answers-only"):
        counts = counter.count([trace.reasoning for trace in traces])
        empty = cell.method == "answers-only"
        yield from (_whole(trace, count, empty) for trace, count in zip(traces, counts, strict=True))
    elif cell.method in LEVELS:
        yield from rewrite(traces, cell.method, counter=counter)
    else:
        protect = ("answer", "symbols") if cell.symbols else ("answer",)
        method = Method(cell.method, cell.granularity, protect, seed=cell.seed)
        source = Saliency(CLASSIFIER) if cell.method == "saliency" else LM(SCORER)
        yield from compress(traces, method, keep=cell.keep, source=source, counter=counter, store=place / "signals")


def _whole(trace: Trace, count: int, empty: bool) -> Compressed:
    whole = Compressed(trace, trace.reasoning, None, count, count, 1.0)
    return replace(whole, text="", tokens_kept=0, target_ratio=0.0) if empty else whole
