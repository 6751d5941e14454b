"""What a student too small to solve learned: the loss of SmolLM2-135M-Instruct on solutions of held-out problems.

    python benchmarks/student_loss.py -o runs/student-loss --data ../shared/data [--seeds 3] [--jobs 1]
        [--training-problems 10] [--held-out 20] [--only random,backbone]

A student is trained (LoRA) on LIMO-R1 traces of a few problems, whole or shortened, and then read from its loss on the
human and the Qwen2.5 solutions of other problems. All students of one seed see the same problems and equally many
tokens with a loss: shorter traces are repeated. A seed draws the problems, the order, the adapter's start, and what
random criteria delete. Seed 0 of every training set comes first. What is finished is kept: the same command continues.
In the end the tables are printed, as `student_loss_tables.py` prints them from the stored results; with --seeds 0 of
what there is. A student takes about five minutes of a core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cotpress import LM, Method, Trace, compress, train, write
from cotpress.evaluation.reference_loss import measure_reference_loss
from cotpress.models import ModelLoader, ModelSpec, load_counter
from cotpress.token_counting import TokenCounter
from cotpress.training import TrainingRecipe
from cotpress.types import Signals
from pools import packaged_model
from student_loss_sets import (
    REFERENCE_FILES,
    TOLERANCE,
    Problem,
    count_accumulation,
    draw_training_problems,
    fill_budget,
    load_problems,
    split_problems,
)
from student_loss_tables import LOSSES_FILE, STUDENTS_FILE, print_tables

UNTRAINED, WHOLE, NATIVE = "untrained", "whole", "native short"
TRAINING_SETS = (UNTRAINED, "backbone", "random", WHOLE, "nll", "head", NATIVE, "random-block")
KEEP, LEARNING_RATE, MAX_LENGTH = 0.3, 1e-3, 4096
LOSS_FILE, STUDENT_FILE, SEEN_FILE = "loss.parquet", "student.json", "seen.jsonl"


@dataclass(frozen=True)
class Cell:
    """One student: what it is trained on, and its seed."""

    training_set: str
    seed: int


@dataclass(frozen=True)
class Plan:
    """What all students share."""

    data: Path
    output: Path
    training_problems: int
    held_out: int

    @property
    def model(self) -> Path:
        """The student before any training, unpacked into a folder."""
        return self.output / "model"

    def check(self) -> None:
        """Refuse a folder of other problems: their students cannot be compared."""
        path, sizes = self.output / "plan.json", [self.training_problems, self.held_out]
        self.output.mkdir(parents=True, exist_ok=True)
        if path.exists() and json.loads(path.read_text(encoding="utf-8")) != sizes:
            raise SystemExit(f"{self.output} holds students of other problems; give another -o.")
        path.write_text(json.dumps(sizes), encoding="utf-8")

    def make_folder(self, cell: Cell) -> Path:
        """Where a cell's results are kept."""
        return self.output / "cells" / f"{cell.training_set.replace(' ', '-')}-{cell.seed}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--results", type=Path, help="folder for the tables as Parquet; that of -o by default")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1, help="students trained at once")
    parser.add_argument("--training-problems", type=int, default=10)
    parser.add_argument("--held-out", type=int, default=20)
    parser.add_argument("--only", default=",".join(TRAINING_SETS), help="training sets, by comma")
    options = parser.parse_args()
    plan = Plan(options.data, options.output, options.training_problems, options.held_out)
    plan.check()
    unpack_model(plan.model)
    cells = [cell for cell in list_cells(options.seeds) if cell.training_set in options.only.split(",")]
    with ProcessPoolExecutor(options.jobs, get_context("spawn"), max_tasks_per_child=1) as pool:
        for done in [pool.submit(run_cell, plan, cell) for cell in cells]:
            print(done.result(), flush=True)
    results = options.results or options.output
    collect_results(plan, results)
    print_tables(results)


def list_cells(seeds: int) -> list[Cell]:
    """Every training set with seed 0, then with seed 1, and so on; the untrained student has one seed.

    >>> [cell.training_set for cell in list_cells(2)].count("untrained")
    1
    """
    return [Cell(name, seed) for seed in range(seeds) for name in TRAINING_SETS if not (name == UNTRAINED and seed)]


def unpack_model(folder: Path) -> None:
    """The packaged model as a folder in float32, which loads faster than its GGUF file."""
    if not folder.exists():
        loader, part = ModelLoader(ModelSpec(str(packaged_model()), device="cpu", dtype="float32")), f"{folder}.part"
        loader.load_model("AutoModelForCausalLM").save_pretrained(part)
        loader.load_tokenizer().save_pretrained(part)
        Path(part).rename(folder)


def make_examples(plan: Plan, cell: Cell, problems: Sequence[Problem]) -> tuple[list[dict[str, Any]], float]:
    """A row of the training set for each problem, and the fraction of the traces' tokens that is kept."""
    folder, native = plan.make_folder(cell) / "traces", cell.training_set == NATIVE
    traces = [one.references["qwen"] if native else one.trace for one in problems]
    pruned = cell.training_set not in (WHOLE, NATIVE)
    method = Method(cell.training_set if pruned else "head", "step", ("answer",), steps="sentence", seed=cell.seed)
    source = LM(plan.model) if cell.training_set == "nll" else None
    counter = load_counter(str(plan.model))
    outcomes = compress(traces, method, keep=KEEP if pruned else 1.0, source=source, counter=counter)
    write(outcomes, folder, export="messages", counted_with=counter.name, force=True)
    lines = (folder / "sft.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    if len(rows) != len(problems):
        raise SystemExit(f"{cell}: {len(problems) - len(rows)} traces were rejected.")
    kept = sum(counter.count([row["messages"][-1]["content"] for row in rows]))
    return rows, kept / sum(one.trace_tokens for one in problems)


def train_student(plan: Plan, cell: Cell, problems: Sequence[Problem]) -> dict[str, Any]:
    """Train it, and say what it saw."""
    rows, kept = make_examples(plan, cell, problems)
    folder, counter = plan.make_folder(cell), load_counter(str(plan.model))
    lengths = [count + 1 for count in counter.count([row["messages"][-1]["content"] for row in rows])]  # + end of turn
    budget = sum(one.trace_tokens + 1 for one in problems)
    chosen = fill_budget(lengths, budget, cell.seed)
    path = folder / SEEN_FILE
    path.write_text("".join(json.dumps(rows[place]) + "\n" for place in chosen), encoding="utf-8")
    recipe = TrainingRecipe(
        epochs=1.0,
        learning_rate=LEARNING_RATE,
        accumulation=count_accumulation(len(chosen), len(problems)),
        max_length=MAX_LENGTH,
        group_by_length=False,
        dtype="float32",
        seed=cell.seed,
    )
    result = train(path, plan.model, folder / "student", recipe, force=True)
    if result.data.rejected or abs(result.loss_tokens / budget - 1) > TOLERANCE:
        raise SystemExit(f"{cell}: {result.loss_tokens} tokens with a loss, and not {budget}.")
    return {
        "kept": kept,
        "problems": len(rows),
        "examples": len(chosen),
        "passes": sum(lengths[place] for place in chosen) / sum(lengths),
        "steps": result.steps,
        "trained_tokens": result.loss_tokens,
        "tokens": result.tokens,
        "first_loss": result.loss[0].loss,
        "final_loss": result.final_loss,
        "seconds": result.seconds,
    }


class TokensAlone:
    """A source without a model: tokens by a counter, each with a loss of 0."""

    def __init__(self, counter: TokenCounter) -> None:
        self.counter, self.provides, self.identity = counter, frozenset({"nll"}), {"source": counter.name}

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """Where the tokens are."""
        found = [self.counter.find_offsets(trace.reasoning) for trace in traces]
        return [Signals(offsets, {"nll": np.zeros(len(offsets))}) for offsets in found]


def measure_formal_share(plan: Plan, folder: Path) -> float:
    """The share of formal tokens of what a student was trained on."""
    rows = map(json.loads, (folder / SEEN_FILE).read_text(encoding="utf-8").splitlines())
    seen = [Trace(str(place), "", row["messages"][-1]["content"]) for place, row in enumerate(rows)]
    counted = measure_reference_loss(TokensAlone(load_counter(str(plan.model))), seen)
    formal = sum(one.formal_tokens for one in counted)
    return formal / (formal + sum(one.word_tokens for one in counted))


class DigitLoss:
    """A source of signals that also sums the loss on digits, by trace: numbers could be all that is formal."""

    def __init__(self, source: LM) -> None:
        self.source, self.sums = source, dict[str, tuple[int, float]]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """What the source says."""
        scored = self.source.score(traces)
        for trace, signals in zip(traces, scored, strict=True):
            texts = [trace.reasoning[start:end].strip() for start, end in signals.offsets.tolist()]
            digits = np.array([text.isdigit() for text in texts], bool)
            self.sums[trace.id] = int(digits.sum()), float(signals.values["nll"][digits].sum())
        return scored


def measure_student(student: Path, held_out: Sequence[Problem]) -> Iterator[dict[str, Any]]:
    """A row for each held-out problem and reference."""
    source = DigitLoss(LM(student, dtype="float32"))
    for name in REFERENCE_FILES:
        for loss in measure_reference_loss(source, [one.references[name] for one in held_out]):
            digit_tokens, digit_nll = source.sums[loss.id]
            yield {"reference": name, **asdict(loss), "digit_tokens": digit_tokens, "digit_nll": digit_nll}


def run_cell(plan: Plan, cell: Cell) -> str:
    """Train and measure a student, unless that is done; a line on it."""
    folder = plan.make_folder(cell)
    if (folder / LOSS_FILE).is_file():
        return f"{cell.training_set}, seed {cell.seed}: done before"
    folder.mkdir(parents=True, exist_ok=True)
    pool, held_out = split_problems(load_problems(plan.data, plan.model), plan.held_out)
    problems = draw_training_problems(pool, plan.training_problems, cell.seed)
    trained = {} if cell.training_set == UNTRAINED else train_student(plan, cell, problems)
    student = plan.model if cell.training_set == UNTRAINED else folder / "student"
    rows = [asdict(cell) | row for row in measure_student(student, held_out)]
    (folder / STUDENT_FILE).write_text(json.dumps(asdict(cell) | trained), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{LOSS_FILE}.part")
    (folder / f"{LOSS_FILE}.part").rename(folder / LOSS_FILE)
    formal = sum(row["formal_nll"] for row in rows) / sum(row["formal_tokens"] for row in rows)
    return f"{cell.training_set}, seed {cell.seed}: formal loss {formal:.3f}, {trained.get('steps', 0)} steps"


def collect_results(plan: Plan, results: Path) -> None:
    """The finished cells of the plan's folder as two tables."""
    folders = sorted(path.parent for path in (plan.output / "cells").glob(f"*/{LOSS_FILE}"))
    results.mkdir(parents=True, exist_ok=True)
    losses = pa.concat_tables([pq.read_table(folder / LOSS_FILE) for folder in folders])
    students = [describe_student(plan, folder) for folder in folders]
    names = {name: None for student in students for name in student}
    rows = pa.Table.from_pylist([names | student for student in students])
    pq.write_table(losses, results / LOSSES_FILE, compression="zstd")
    pq.write_table(rows, results / STUDENTS_FILE, compression="zstd")


def describe_student(plan: Plan, folder: Path) -> dict[str, Any]:
    """What was kept of its training, and the share of formal tokens that it saw."""
    student: dict[str, Any] = json.loads((folder / STUDENT_FILE).read_text(encoding="utf-8"))
    trained = (folder / SEEN_FILE).is_file()
    return student | ({"formal_share": measure_formal_share(plan, folder)} if trained else {})


if __name__ == "__main__":
    main()
