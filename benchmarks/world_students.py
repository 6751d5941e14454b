"""What the micro world asks of its students: whole traces, answers alone, the oracle's levels, and spoiled facts.

    python benchmarks/world_students.py -o runs/world-students [--part accept levels doses] [--students world-llama]
        [--problems 200] [--traces 288] [--workers 1]

accept: both domains and regimes, whole traces and answers alone, beside heuristics that read only the question, and
the most frequent option. levels: the oracle's four levels of long traces, unbudgeted and at two ratios. doses: facts
dropped, swapped and invented in the oracle's edited traces. One seed; intervals resample problems (95%). A run that was
stopped continues. Each student takes one to three minutes on a core.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from cotpress.analysis import tabulate_accuracy
from cotpress.evaluation.benchmarks import load_benchmark
from cotpress.models import EMBEDDED_STUDENTS
from cotpress.study import ExecutorConfig, Study, parse_study, sweep
from cotpress.tables import read_study_tables
from cotpress.world.heuristics import HEURISTICS, answer_by

DOSES = (0.1, 0.3)
HEAD = """
name: world students, {name}
conditions:
{conditions}
baselines: {baselines}
students: [{students}]
problems: {problems}
max_new_tokens: 720
batch_size: 100
"""
CONDITION = (
    "  {domain}-{regime}: {{traces: world, domain: {domain}, regime: {regime}, limit: {traces}, seed: 500, "
    "benchmarks: {{world_{domain}: null}}}}"
)
LEVELS = "rewriting: {levels: [preserve, edit, fuse, replace], rewriter: oracle, keep: [null, 0.5, 0.2]}\n"
DOSE = "rewriting: {{levels: [edit], rewriter: oracle-{kind}-{dose}}}\n"


def list_studies(options: argparse.Namespace) -> Iterator[tuple[str, Study]]:
    """The studies of the parts that were asked for, by name."""
    if "accept" in options.part:
        yield "accept", build_study(options, "accept", ("short", "long"), "[uncompressed, no-reasoning]", "")
    if "levels" in options.part:
        yield "levels", build_study(options, "levels", ("long",), "[uncompressed]", LEVELS)
    if "doses" in options.part:
        for kind in ("drop", "swap", "invent"):
            for dose in DOSES:
                name = f"{kind} {dose}"
                yield name, build_study(options, name, ("long",), "[uncompressed]", DOSE.format(kind=kind, dose=dose))


def build_study(options: argparse.Namespace, name: str, regimes: tuple[str, ...], baselines: str, more: str) -> Study:
    """One of them."""
    conditions = "\n".join(
        CONDITION.format(domain=domain, regime=regime, traces=options.traces)
        for domain in options.domains
        for regime in regimes
    )
    students = ", ".join(options.students)
    head = HEAD.format(
        name=name, conditions=conditions, baselines=baselines, students=students, problems=options.problems
    )
    return parse_study(head + more, name)


def print_heuristics(problems: int) -> None:
    """What can be had of the General benchmark without reasoning."""
    items = load_benchmark("world_general", limit=problems)
    print(f"\n## Heuristics on {len(items)} problems of world_general\n\n| heuristic | right |\n|---|---|")
    for name in HEURISTICS:
        print(f"| {name} | {sum(answer_by(name, item.prompt) == item.gold for item in items) / len(items):.3f} |")
    letters = [item.gold for item in items]
    print(f"| most frequent option | {max(map(letters.count, letters)) / len(items):.3f} |", flush=True)


def print_students(name: str, tables: Path) -> None:
    """Accuracy of every student."""
    print(f"\n## {name}\n\n| condition | student | traces | realized | accuracy | tokens a reply | capped |")
    print("|---|---|---|---|---|---|---|")
    for row in tabulate_accuracy(read_study_tables(tables)).itertuples():
        method = row.method if row.target != row.target else f"{row.method}, keep {row.target:g}"
        accuracy = f"{row.accuracy:.3f} [{row.low:.3f}, {row.high:.3f}]"
        figures = f"{row.realized:.2f} | {accuracy} | {row.tokens:.0f} | {row.truncated:.2f}"
        print(f"| {row.condition} | {row.student} | {method} | {figures} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--part", nargs="+", choices=("accept", "levels", "doses"), default=["accept"])
    parser.add_argument("--students", nargs="+", default=list(EMBEDDED_STUDENTS))
    parser.add_argument("--domains", nargs="+", default=["math", "general"])
    parser.add_argument("--problems", type=int, default=200)
    parser.add_argument("--traces", type=int, default=288)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    if "accept" in options.part:
        print_heuristics(500)
    for name, study in list_studies(options):
        folder = options.output / name.replace(" ", "-")
        result = sweep(study, folder, store=options.output / "steps", executor=ExecutorConfig(workers=options.workers))
        print_students(name, result.tables)
        for cell, error in result.failed.items():
            print(f"failed: {cell}: {error}")


if __name__ == "__main__":
    main()
