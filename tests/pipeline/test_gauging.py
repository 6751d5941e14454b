"""Gauges in a run: figures of every trace, means beside random pruning's, warnings, parts that add up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import cotpress
from cotpress.analysis.output_measures import measure_output
from cotpress.gauges import GAUGES
from cotpress.pipeline import CompressionSpec, RunPaths, add_gauges, make_baseline, measure_gauges, run_pruning
from cotpress.pipeline.output import OutcomeCounts, compute_gauge_means, find_gauge_faults, sum_counts, sum_gauges
from cotpress.progress import Silent
from cotpress.pruning import Method
from cotpress.types import Compressed, GaugeValues, Rejected, Trace

ROUNDS = 8  # long enough that whole steps suit the budget


def write_reasoning(seed: int) -> str:
    """Sums, and talk between them."""
    lines = []
    for at in range(seed, seed + ROUNDS):
        first, second = 11 + at, 20 + 3 * at
        lines += [f"So {first} * 4 = {4 * first}.", "Wait, let me check that again.", "It seems to hold as it stands."]
        lines += [f"Then {second} + {first} = {first + second}.", "Hmm, that is what we wanted to see."]
    return "\n\n".join(lines)


TRACES = [Trace(str(seed), "12 by 4?", write_reasoning(seed), "72") for seed in range(12)]


class Rows:
    """Traces in memory that can be read again."""

    recognised = how = "listed"
    identity = "traces"

    def __iter__(self) -> Iterator[Trace]:
        return iter(TRACES)


def drop_equations(evidence: cotpress.Evidence) -> np.ndarray:
    """Keeps talk."""
    bounds = evidence.segments.tolist()
    return np.array([-float("=" in evidence.text[a:b]) for a, b in pairwise(bounds)])


def test_every_trace_has_a_figure_and_the_run_its_means(tmp_path: Path) -> None:
    summary = run_pruning(Rows(), CompressionSpec(Method("tail")), RunPaths(tmp_path / "out"), Silent())
    table = pq.read_table(tmp_path / "out" / "traces.parquet").to_pydict()
    for name in GAUGES:
        values = [value for value in table[f"gauge_{name}"] if value is not None]
        means = summary["gauges"].get(name, {"traces": 0, "compressed": None})
        assert means["traces"] == len(values), name
        assert means["compressed"] == (pytest.approx(np.mean(values), abs=1e-6) if values else None), name
    assert 0 < summary["gauges"]["equations"]["random"] < 1
    assert summary["gauges"]["reflective_share"]["original"] == pytest.approx(2 / 5, abs=1e-6)
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == summary
    assert measure_output(tmp_path / "out")["gauges"] == summary["gauges"]


def test_a_run_that_ruins_its_texts_says_so(tmp_path: Path) -> None:
    spec = CompressionSpec(Method(drop_equations, protect=()))
    summary = run_pruning(Rows(), spec, RunPaths(tmp_path / "out"), Silent())
    warnings = " ".join(summary["warnings"])
    assert "of the equation lines where random pruning keeps" in warnings
    assert "try --criterion backbone, --steps sentence or a higher --keep" in warnings


def test_random_pruning_is_no_worse_than_random(tmp_path: Path) -> None:
    summary = run_pruning(Rows(), CompressionSpec(Method("random", protect=())), RunPaths(tmp_path / "out"), Silent())
    assert not [line for line in summary["warnings"] if "where random pruning" in line]


def test_what_was_done_is_not_advised() -> None:
    sums = {"equations traces": 9, "equations sum": 0.0, "equations pairs": 9, "equations random": 9.0}
    sums |= {"equations difference": -9.0, "equations squares": 9.0}
    method = {"method": {"criterion": "backbone", "granularity": "step", "steps": "sentence"}}
    told = "keeps 0% of the equation lines where random pruning keeps 100%: try "
    assert find_gauge_faults(sums, method) == [told + "a higher --keep"]
    assert find_gauge_faults(sums, {"level": "edit"}) == [told + "a higher --keep or another level"]


def test_few_traces_are_not_compared() -> None:
    sums = {"equations traces": 2, "equations sum": 0.0, "equations pairs": 2, "equations random": 2.0}
    assert find_gauge_faults({**sums, "equations difference": -2.0, "equations squares": 2.0}) == []


def test_counts_of_parts_add_up() -> None:
    outcomes = list(add_gauges(cotpress.compress(TRACES, Method("tail")), make_baseline(Method())))
    parts = [OutcomeCounts.from_outcomes(outcomes[:5]), OutcomeCounts.from_outcomes(outcomes[5:])]
    whole = OutcomeCounts.from_outcomes(outcomes)
    assert compute_gauge_means(sum_counts(parts).gauges) == compute_gauge_means(whole.gauges)
    assert sum_gauges([Rejected("empty-reasoning", "None.")]) == {}


def test_random_pruning_has_the_same_length_and_is_the_same_each_time() -> None:
    [outcome] = cotpress.compress(TRACES[:1], Method("tail", "token"), keep=0.6)
    assert isinstance(outcome, Compressed)
    assert measure_gauges(outcome) == measure_gauges(outcome)
    everything = replace(
        outcome, text=outcome.trace.reasoning, kept_spans=np.array([[0, len(outcome.trace.reasoning)]])
    )
    assert measure_gauges(everything)["numbers"] == GaugeValues(1.0, None, None), "nothing was deleted: no comparison"


def test_outcomes_from_python_are_measured_when_they_are_written(tmp_path: Path) -> None:
    summary = cotpress.write(cotpress.rewrite(TRACES, "edit"), tmp_path / "out")
    assert summary["gauges"]["equations"]["compressed"] == 1.0


def test_an_output_of_an_earlier_version_is_measured_now(tmp_path: Path) -> None:
    summary = cotpress.write(cotpress.compress(TRACES, Method("tail")), tmp_path / "out")
    for name in ("gauges", "warnings"):
        del summary[name]
    (tmp_path / "out" / "summary.json").write_text(json.dumps(summary))
    assert measure_output(tmp_path / "out")["gauges"]["numbers"]["traces"] == len(TRACES)


def test_a_program_compares_with_the_random_pruning_of_the_command_line(tmp_path: Path) -> None:
    """A break between paragraphs that is kept by itself made a program prune single words at random."""
    reasoning = (
        "Okay, let us see. There are 39 crates. Each crate has 16 boxes. Hmm, let me go step by step. 30 times 16 is "
        "480, and 9 times 16 is 144. So 480 + 144 = 624 boxes at first. Is that right? Wait, let me check that again."
        "\n\nHmm, let me think about what is next. Then 35 boxes go. So I need to take 35 away. Let me compute that. "
        "624 - 35 = 589. So 589 boxes are left. I think that is fine.\n\nLet me see what else there is. Next, 6 crates "
        "arrive. Let me calculate that. 6 times 16 is 96. 589 + 96 = 685. Let me check my steps again."
    )
    trace = Trace("1", "How many boxes are there now?", reasoning, "685")
    outcomes = list(cotpress.compress([trace], keep=0.5))
    [compressed] = [outcome for outcome in outcomes if isinstance(outcome, Compressed)]
    assert compressed.kept_spans is not None
    assert any(not reasoning[start:end].strip() for start, end in compressed.kept_spans.tolist())
    summary = cotpress.write(outcomes, tmp_path / "out")
    asked = measure_gauges(compressed, make_baseline(Method()))
    assert {name: means["random"] for name, means in summary["gauges"].items()} == {
        name: pytest.approx(asked[name].random, abs=1e-6) if asked[name].random is not None else None
        for name in summary["gauges"]
    }
