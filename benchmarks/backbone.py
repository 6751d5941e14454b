"""How much of the backbone of a trace a criterion keeps, by measures that share no code with any criterion.

    python benchmarks/backbone.py --half a --only limo --keep 0.5,0.3,0.1
    python benchmarks/backbone.py --half b --criteria random,nll,backbone --steps sentence
    python benchmarks/backbone.py --only world --granularity token --keep 0.3,0.2

Four sets: `limo` (LIMO-R1 against the human and the Qwen2.5 solution of the same problem: numbers and sides of
formulas), `qwen3` (Qwen3-8B thinking against its own short answers: content words and numbers), and of `world`
math-long and general-long (units that the answer rests on, known by construction). Equation lines: lines with an equals
sign that are kept verbatim. Seams: the share of the sentences kept before which something is missing; lower is better.
All are means over problems with a 95% bootstrap interval over problems; a problem that has
nothing to keep is left out of that column, whose heading says how many are left. `--plain` counts any substring. Then
the gauges of the text that `--gauges` names, read by code of their own: of these lower is better.

`asked` is the keep ratio of each trace, or the coverage of keep auto; `realized` is the ratio of all tokens together.
Whole steps leave budget unused, so the two differ; `--matched` asks for as much as realizes each ratio. The last
columns are what random pruning keeps at the realized ratio of the row. Half a is every second problem, for choosing
parameters; half b the others, to report.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from cotpress import Method, NGram, Saliency, Trace, read
from cotpress.criteria import CRITERIA, get_criterion
from cotpress.evaluation.bootstrap import estimate_statistics
from cotpress.gauges import GAUGES, TextPair, analyze_text
from cotpress.gauges.reference import find_reference_content, measure_reference_recall
from cotpress.pruning import (
    DEFAULT_COVERAGE,
    Budget,
    KeepRatio,
    PreparedTrace,
    RankedTrace,
    apply_budget,
    parse_budget,
    prepare_trace,
    rank_trace,
)
from cotpress.pruning.block_selection import select_blocks
from cotpress.types import Compressed, Signals, SignalSource
from cotpress.world import WorldTrace, measure_recovery, sample
from plain_strings import count_plain_strings, find_plain_strings

DEFAULT_CRITERIA = ("random", "head", "tail", "reflection", "nll", "entropy", "saliency", "density", "backbone")
WORLD_TRACES = 200
NOTHING = float("nan")

Measure = Callable[[Compressed], float]
"""The share of something that a shortened trace kept, 0..1; NaN where the trace has nothing of the kind."""


@dataclass(frozen=True)
class Problem:
    """A trace with what is measured of it."""

    trace: Trace
    measures: Mapping[str, Measure]


@dataclass(frozen=True)
class ProblemSet:
    """Problems of one kind, made ready for any criterion."""

    name: str
    problems: Sequence[Problem]
    prepared: Sequence[PreparedTrace]
    signals: Sequence[tuple[Signals, ...]]


@dataclass(frozen=True)
class Cell:
    """What one criterion kept at one ratio: shares [problems] by measure."""

    realized: float
    shares: Mapping[str, np.ndarray]


def main() -> None:
    options = _parse_options()
    keeps = parse_keeps(options.keep)
    print(
        f"Granularity {options.granularity}, steps {options.steps}, half {options.half}; ms: milliseconds of ranking."
    )
    for name in options.only.split(","):
        for loaded in LOADERS[name](options.data / "traces", options.plain):
            chosen = add_gauges(take_half(loaded, options.half), options.gauges)
            began = time.perf_counter()
            problem_set = prepare_set(*chosen, options.steps)
            print(f"\n### {problem_set.name}: {len(problem_set.problems)} problems\n")
            print_set(problem_set, options, keeps)
            print(f"\n{time.perf_counter() - began:.0f} s", flush=True)


def print_set(problem_set: ProblemSet, options: argparse.Namespace, keeps: Mapping[str, Budget]) -> None:
    """One table: a row for each criterion and ratio."""
    methods = {name: build_method(name, options) for name in options.criteria}
    names = list(problem_set.problems[0].measures)
    chance, _ = rank_set(problem_set, build_method("random", options))
    known = measure_cell(problem_set, chance, KeepRatio(Fraction(1))).shares
    heads = [f"{name} ({np.count_nonzero(~np.isnan(known[name]))})" for name in names]
    print_row("criterion", "asked", "realized", *heads, *(f"random: {name}" for name in names), "ms")
    print("|" + "---|" * (4 + 2 * len(names)))
    given = {signal for signals in problem_set.signals[0] for signal in signals.values}
    for criterion, method in methods.items():
        if not method.resolved_criterion.needs <= given:
            continue  # there is no classifier for these traces
        ranked, seconds = rank_set(problem_set, method)
        for asked, budget in keeps.items():
            if not (isinstance(budget, KeepRatio) or method.resolved_criterion.gives_coverage):
                continue
            if options.matched and isinstance(budget, KeepRatio):
                budget = match_ratio(ranked, float(budget.fraction))
            cell = measure_cell(problem_set, ranked, budget)
            at_random = measure_cell(problem_set, chance, match_ratio(chance, cell.realized))
            figures = [format_share(cell.shares[name]) for name in names]
            print_row(
                *(criterion, asked, f"{cell.realized:.3f}", *figures),
                *(f"{np.nanmean(at_random.shares[name]):.1%}" for name in names),
                f"{1000 * seconds / len(ranked):.1f}",
            )


def parse_keeps(given: str) -> dict[str, Budget]:
    """Budgets by what they are called: "0.5,auto:0.9" is a ratio and a coverage."""
    split = {name: name.partition(":") for name in given.split(",")}
    return {name: parse_budget(keep, coverage or DEFAULT_COVERAGE) for name, (keep, _, coverage) in split.items()}


def build_method(criterion: str, options: argparse.Namespace) -> Method:
    """The method of a criterion with the options given."""
    protect = tuple(name for name in options.protect.split(",") if name not in ("", "none"))
    return Method(criterion, options.granularity, protect, steps=options.steps)


def prepare_set(name: str, problems: Sequence[Problem], steps: str) -> ProblemSet:
    """Cut and count every trace; score them by an n-gram model of them all, those of the world by a classifier too."""
    traces = [problem.trace for problem in problems]
    sources: list[SignalSource] = [
        NGram.fit(traces),
        *([Saliency("world-saliency")] if name.startswith("world") else []),
    ]
    scored = [source.score(traces) for source in sources]
    return ProblemSet(
        name, problems, [prepare_trace(trace, steps) for trace in traces], list(zip(*scored, strict=True))
    )


def rank_set(problem_set: ProblemSet, method: Method) -> tuple[list[RankedTrace], float]:
    """Every trace ranked by the method, and how many seconds of a processor that took."""
    began = time.process_time()
    pairs = zip(problem_set.prepared, problem_set.signals, strict=True)
    return [rank_trace(prepared, method, signals) for prepared, signals in pairs], time.process_time() - began


def measure_cell(problem_set: ProblemSet, ranked: Sequence[RankedTrace], budget: Budget) -> Cell:
    """Apply one budget to every trace and measure what is left."""
    outcomes = [apply_budget(trace, budget) for trace in ranked]
    realized = sum(outcome.tokens_kept for outcome in outcomes) / sum(outcome.tokens_original for outcome in outcomes)
    pairs = list(zip(problem_set.problems, outcomes, strict=True))
    shares = {
        name: np.array([problem.measures[name](outcome) for problem, outcome in pairs])
        for name in problem_set.problems[0].measures
    }
    return Cell(realized, shares)


def match_ratio(ranked: Sequence[RankedTrace], realized: float) -> KeepRatio:
    """The keep ratio, the same for all traces, by which all tokens together come nearest to the realized ratio."""
    low, high = 0, 1000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if compute_realized(ranked, middle) <= realized else (low, middle)
    nearest = min((low, high), key=lambda mille: abs(compute_realized(ranked, mille) - realized))
    return KeepRatio(Fraction(nearest, 1000))


def compute_realized(ranked: Sequence[RankedTrace], mille: int) -> float:
    """The realized ratio of all tokens together, for a keep ratio in thousandths."""
    kept = total = 0
    for trace in ranked:
        ranking = trace.ranking
        kept += int(ranking.costs[select_blocks(ranking, ranking.tokens * mille // 1000, trace.fill)].sum())
        total += ranking.tokens
    return kept / total


def format_share(shares: np.ndarray) -> str:
    """The mean of shares that are known, in percent, with its interval."""
    known = shares[~np.isnan(shares)]
    if not len(known):
        return "-"
    columns = {"share": known, "problems": np.ones(len(known))}
    mean = estimate_statistics(columns, {"mean": lambda sums: sums["share"] / sums["problems"]})["mean"]
    return f"{mean.value:.1%} [{100 * mean.low:.1f}, {100 * mean.high:.1f}]"


def print_row(*entries: str) -> None:
    print(f"| {' | '.join(entries)} |", flush=True)


def measure_reference(reference: str, trace: Trace, kind: str, plain: bool = False) -> Measure:
    """The share that a text has of what the whole trace has of a reference: "formal" or "words"."""
    known = f"{trace.question}\n{trace.gold}"
    if plain:
        strings = find_plain_strings(reference, trace.reasoning, known)
        return lambda outcome: count_plain_strings(strings, outcome.text) / len(strings) if strings else NOTHING
    content = find_reference_content(reference, trace.reasoning, known)

    def measure(outcome: Compressed) -> float:
        share = getattr(measure_reference_recall(content, outcome.text), kind)
        return NOTHING if share is None else float(share)

    return measure


def measure_equation_lines(text: str) -> Measure:
    """The share of the lines with an equals sign that a text has verbatim, but for white space."""
    lines = {"".join(line.split()) for line in text.splitlines() if "=" in line}
    if not lines:
        return lambda outcome: NOTHING

    def measure(outcome: Compressed) -> float:
        left = "".join(outcome.text.split())
        return sum(line in left for line in lines) / len(lines)

    return measure


def measure_seams(trace: Trace) -> Measure:
    """The share of the statements kept before which something was deleted."""
    original = analyze_text(trace.reasoning)

    def measure(outcome: Compressed) -> float:
        pair = TextPair(trace, original, outcome.text, outcome.kept_spans, outcome.realized_ratio)
        origins = [kept.origin for kept in pair.kept if kept.origin is not None]
        apart = sum(after != before + 1 for before, after in pairwise([-1, *origins]))
        return apart / len(origins) if origins else NOTHING

    return measure


def add_gauges(loaded: tuple[str, list[Problem]], gauges: str) -> tuple[str, list[Problem]]:
    """The problems with the named gauges among their measures."""
    named = [gauge for gauge in gauges.split(",") if gauge not in ("", "none")]
    name, problems = loaded
    if not named or name.startswith("world"):
        return loaded
    return name, [
        replace(problem, measures={**problem.measures, **_build_gauges(problem.trace, named)}) for problem in problems
    ]


def _build_gauges(trace: Trace, names: Sequence[str]) -> dict[str, Measure]:
    original = analyze_text(trace.reasoning)

    def make(name: str) -> Measure:
        def measure(outcome: Compressed) -> float:
            pair = TextPair(trace, original, outcome.text, outcome.kept_spans, outcome.realized_ratio)
            value = GAUGES[name].function(pair)
            return NOTHING if value is None else float(value)

        return measure

    return {name.replace("_", " "): make(name) for name in names}


def load_limo(folder: Path, plain: bool) -> list[tuple[str, list[Problem]]]:
    """LIMO-R1 with two references."""
    references = {
        name: {row.id: row.reasoning for row in read(folder / file) if isinstance(row, Trace)}
        for name, file in (("human", "limo_human.jsonl"), ("Qwen2.5", "limo_qwen2.5_32b_instruct.jsonl"))
    }
    problems = []
    for trace in read(folder / "limo_r1_distill_qwen_32b.jsonl"):
        assert isinstance(trace, Trace)
        measures = {
            name: measure_reference(texts[trace.id], trace, "formal", plain) for name, texts in references.items()
        }
        measures["equation lines"] = measure_equation_lines(trace.reasoning)
        problems.append(Problem(trace, {**measures, "seams": measure_seams(trace)}))
    return [("LIMO-R1", problems)]


def load_qwen3(folder: Path, _plain: bool) -> list[tuple[str, list[Problem]]]:
    """Qwen3-8B thinking with its own short answers; traces that were cut off are left out."""
    join = folder / "thinking_items.json"
    short = _read_short_answers(folder / "qwen3_8b_think_off.jsonl")
    problems = []
    for trace in read(folder / "qwen3_8b_think_on.jsonl", join=join):
        if isinstance(trace, Trace):
            measures = {
                "words": measure_reference(short[trace.id], trace, "words"),
                "formal": measure_reference(short[trace.id], trace, "formal"),
                "equation lines": measure_equation_lines(trace.reasoning),
                "seams": measure_seams(trace),
            }
            problems.append(Problem(trace, measures))
    return [("Qwen3-8B thinking", problems)]


def load_world(_folder: Path, _plain: bool) -> list[tuple[str, list[Problem]]]:
    """Long traces of the micro world, both domains."""
    return [
        (f"world, {domain}-long", [_build_world_problem(drawn) for drawn in sample(domain, "long", WORLD_TRACES)])
        for domain in ("math", "general")
    ]


def _build_world_problem(drawn: WorldTrace) -> Problem:
    def measure(outcome: Compressed) -> float:
        assert outcome.kept_spans is not None
        return measure_recovery(drawn, outcome.kept_spans).recall

    return Problem(drawn.trace, {"essential units": measure})


LOADERS = {"limo": load_limo, "qwen3": load_qwen3, "world": load_world}


def take_half(loaded: tuple[str, list[Problem]], half: str) -> tuple[str, list[Problem]]:
    """Every second problem of a set: a, the others: b, or all."""
    name, problems = loaded
    return name, {"a": problems[::2], "b": problems[1::2], "all": problems}[half]


def _read_short_answers(path: Path) -> dict[str, str]:
    """The reply of each item: these rows have no reasoning, so they are no traces."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["item_id"]: row["content"] for row in rows}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What every table of this kind can be asked."""
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", default="limo,qwen3,world", help="sets, by comma")
    parser.add_argument("--keep", default="0.5,0.3,0.1", help="keep ratios, or auto:COVERAGE, by comma")
    parser.add_argument("--steps", default="auto", help="step mode")
    parser.add_argument("--granularity", default="step", choices=["step", "token"])
    parser.add_argument("--protect", default="answer", help="protections, by comma, or none")
    parser.add_argument("--half", default="a", choices=["a", "b", "all"])
    parser.add_argument(
        "--gauges", default="broken_lead_ins,hanging_openers,undefined_on_use", help="gauges of the text, or none"
    )
    parser.add_argument("--plain", action="store_true", help="the plainest measure of LIMO-R1")


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--criteria", help=f"by comma; those that exist of {', '.join(DEFAULT_CRITERIA)}")
    parser.add_argument("--matched", action="store_true", help="ask for as much as realizes each ratio")
    options = parser.parse_args()
    names = options.criteria.split(",") if options.criteria else [name for name in DEFAULT_CRITERIA if name in CRITERIA]
    options.criteria = [name for name in names if get_criterion(name)]
    return options


if __name__ == "__main__":
    main()
