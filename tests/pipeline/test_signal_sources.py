"""One source or several: which are made, what is refused, and the same outcomes from every way in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from two_signals import BOTH, Lengths

from cotpress.cli.options.pruning_options import SignalOptions
from cotpress.criteria import CRITERIA
from cotpress.errors import OptionError
from cotpress.pipeline import CompressionSpec, RunPaths, SignalSourceConfig, compress, make_source, run_pruning
from cotpress.progress import Silent
from cotpress.pruning import Method
from cotpress.traces import read
from cotpress.types import Compressed
from cotpress.world import sample_embedded

METHOD = Method("two_signals:BOTH", "token")
SOURCES = (SignalSourceConfig("ngram"), SignalSourceConfig("two_signals:LENGTHS"))


def write_traces(path: Path) -> Path:
    names = ("id", "question", "reasoning", "answer")
    rows = [{name: getattr(trace, name) for name in names} for trace in sample_embedded(n_each=3)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_run_reads_signals_of_two_sources(tmp_path: Path) -> None:
    path = write_traces(tmp_path / "traces.jsonl")
    spec = CompressionSpec(METHOD, scoring=SOURCES)
    summary = run_pruning(read(path), spec, RunPaths(tmp_path / "out", tmp_path / "store"), Silent())
    assert summary["method"]["source"] == "ngram,two_signals:LENGTHS"
    assert [config["source"] for config in summary["method"]["scoring"]] == list(spec.kinds)
    rows = list(read(path))
    sources = [Lengths(), make_source(SignalSourceConfig("ngram"), rows)]
    outcomes = compress(rows, METHOD, source=sources)
    texts = [outcome.text for outcome in outcomes if isinstance(outcome, Compressed)]
    assert pq.read_table(tmp_path / "out" / "traces.parquet")["compressed"].to_pylist() == texts


@pytest.mark.parametrize(
    ("criterion", "scoring", "message"),
    [
        ("two_signals:BOTH", SOURCES[:1], "reads length, which ngram does not give"),
        ("two_signals:BOTH", (), r"reads length, nll\."),
        ("nll", (SOURCES[0], SignalSourceConfig("lm", "world-llama")), "Two sources give the signal nll"),
        ("nll", (SignalSourceConfig("lm"), SOURCES[1]), "'lm' needs a model"),
        ("saliency", (SignalSourceConfig("llmlingua", "x"), SOURCES[1]), "no other sources beside it"),
    ],
)
def test_sources_that_do_not_go_together_are_refused(criterion: str, scoring: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        CompressionSpec(Method(criterion, "token", ()), scoring=scoring)


def test_the_command_line_pairs_models_with_the_sources_that_need_one() -> None:
    configs = SignalOptions(source="lm, two_signals:LENGTHS,saliency", model="first, second").build_scoring()
    assert isinstance(configs, tuple)
    pairs = [(config.source, config.model.name) for config in configs]
    assert pairs == [("lm", "first"), ("two_signals:LENGTHS", ""), ("saliency", "second")]
    with pytest.raises(OptionError, match="need 2 models; --model names 1"):
        SignalOptions(source="lm,saliency", model="first").build_scoring()


def test_a_criterion_object_is_taken_as_it_is() -> None:
    assert CRITERIA.get_entry("two_signals:BOTH") is BOTH
