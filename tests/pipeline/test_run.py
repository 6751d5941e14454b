"""A whole run into a directory: nothing lost, resumed, stored signals reused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cotpress.errors import OptionError, OutputError
from cotpress.models import ModelSpec
from cotpress.pipeline import BudgetConfig, CompressionSpec, RunPaths, SignalSourceConfig, run_pruning
from cotpress.pipeline import signal_sources as scoring_module
from cotpress.progress import Silent
from cotpress.pruning import Method, reassemble
from cotpress.signals.ngram import NGram
from cotpress.traces import FieldNames, read
from cotpress.types import Rejected, Signals, Trace
from cotpress.world import sample_embedded


@dataclass
class Listed:
    """An input held in memory; `fails_at` breaks off the reading there."""

    rows: Sequence[Trace | Rejected]
    fails_at: int | None = None
    recognised = how = "listed"

    @property
    def identity(self) -> Any:
        return [len(self.rows)]

    def __iter__(self) -> Iterator[Trace | Rejected]:
        for number, row in enumerate(self.rows):
            if number == self.fails_at:
                raise KeyboardInterrupt
            yield row


class Breaking(Listed):
    """Breaks off after three parts of four, once the n-gram model was fitted in a pass of its own."""

    passes = 0

    def __iter__(self) -> Iterator[Trace | Rejected]:
        self.passes += 1
        self.fails_at = 13 if self.passes == 2 else None
        return super().__iter__()


BAD = [
    Rejected("unclosed-think", "No closing tag.", "a.jsonl", 3),
    Trace("empty", "q", " "),
    Trace("wide", "q", "\ud800"),
]
ROWS = [*sample_embedded(n_each=5), *BAD, replace(sample_embedded(n_each=1)[0], id="wrong", gold="-99")]
RANDOM = CompressionSpec(Method("random", "token"))


def _read(folder: Path) -> tuple[list[dict[str, Any]], list[Any], list[Any], dict[str, Any]]:
    table = pq.read_table(folder / "traces.parquet").to_pylist()
    sft, rejected = ([json.loads(x) for x in (folder / name).open()] for name in ("sft.jsonl", "rejected.jsonl"))
    return table, sft, rejected, json.loads((folder / "summary.json").read_text())


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    summary = run_pruning(Listed(ROWS), RANDOM, RunPaths(tmp_path / "out"), Silent())
    table, sft, rejected, written = _read(tmp_path / "out")
    assert summary == written
    assert (summary["traces"], summary["rejected"]) == (len(ROWS), 3)
    assert summary["rejected_reasons"] == {"unclosed-think": 1, "empty-reasoning": 1, "invalid-unicode": 1}
    assert [row["id"] for row in table] == [row["id"] for row in sft]
    assert len(table) + len(rejected) == len(ROWS)
    assert summary["tokens_kept"] == sum(row["tokens_kept"] for row in table)
    assert summary["target_ratio"] == 0.5
    assert summary["counted_with"] == "units"
    for row in table:
        assert row["compressed"] == reassemble(row["original"], row["kept_spans"])


def test_wrong_answers_are_dropped_when_asked(tmp_path: Path) -> None:
    summary = run_pruning(Listed(ROWS), replace(RANDOM, drop_wrong=True), RunPaths(tmp_path), Silent())
    assert summary["rejected_reasons"]["wrong-answer"] == 1


def test_an_interrupted_run_ends_like_an_undisturbed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring_module, "ARRAY_BATCH_SIZE", 4)
    job = CompressionSpec(Method("nll", "token"))
    run_pruning(Listed(ROWS), job, RunPaths(tmp_path / "whole"), Silent())

    with pytest.raises(KeyboardInterrupt):
        run_pruning(Breaking(ROWS), job, RunPaths(tmp_path / "broken"), Silent())
    assert len(list((tmp_path / "broken" / ".parts").glob("part-*.parquet"))) == 3
    run_pruning(Listed(ROWS), job, RunPaths(tmp_path / "broken"), Silent())
    for name in ("traces.parquet", "sft.jsonl", "rejected.jsonl"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "broken" / name).read_bytes()


def test_a_run_is_not_continued_with_the_same_file_read_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naming other fields does not change the file."""
    monkeypatch.setattr(scoring_module, "ARRAY_BATCH_SIZE", 4)
    with pytest.raises(KeyboardInterrupt):
        run_pruning(Breaking(ROWS), CompressionSpec(Method("nll", "token")), RunPaths(tmp_path), Silent())
    other = Listed(ROWS)
    other.how = "read another way"
    with pytest.raises(OutputError, match="unfinished run"):
        run_pruning(other, CompressionSpec(Method("nll", "token")), RunPaths(tmp_path), Silent())


@pytest.mark.parametrize("fields", [FieldNames(answer="other"), FieldNames(question="other"), FieldNames(id="auto")])
def test_what_the_user_says_of_the_fields_is_how_it_is_read(fields: FieldNames, tmp_path: Path) -> None:
    chat = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "<think>a. b.</think>c"}]
    (tmp_path / "x.jsonl").write_text(json.dumps({"messages": chat, "other": "d"}) + "\n")
    assert read(tmp_path / "x.jsonl", fields).how != read(tmp_path / "x.jsonl").how


def test_stored_signals_are_not_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scored: list[int] = []
    original = NGram.score

    def counting(self: NGram, traces: Sequence[Trace]) -> list[Signals]:
        scored.append(len(traces))
        return original(self, traces)

    monkeypatch.setattr(NGram, "score", counting)
    for number, (criterion, granularity, keep) in enumerate([("nll", "step", "0.5"), ("entropy", "token", "0.3")]):
        job = CompressionSpec(Method(criterion, granularity), BudgetConfig((keep,)))
        run_pruning(Listed(ROWS), job, RunPaths(tmp_path / str(number), tmp_path / "store"), Silent())
        assert sum(scored) == len(ROWS) - 3 - 1, "each text is scored once, and never by a later run"


def test_mixed_ratios_are_spread_over_the_traces(tmp_path: Path) -> None:
    summary = run_pruning(
        Listed(sample_embedded(n_each=20)),
        replace(RANDOM, budget=BudgetConfig(("0.9", "0.3"))),
        RunPaths(tmp_path),
        Silent(),
    )
    table = _read(tmp_path)[0]
    counts = [sum(row["target_ratio"] == ratio for row in table) for ratio in (0.9, 0.3)]
    assert sum(counts) == 80
    assert min(counts) > 20
    assert summary["target_ratio"] is None


def test_a_corpus_threshold_meets_the_corpus_ratio(tmp_path: Path) -> None:
    job = CompressionSpec(Method("nll", "token"), BudgetConfig(("0.5",), corpus=True))
    summary = run_pruning(Listed(sample_embedded(n_each=10)), job, RunPaths(tmp_path), Silent())
    assert 0.49 < summary["realized_ratio"] <= 0.5
    ratios = [row["realized_ratio"] for row in _read(tmp_path)[0]]
    assert max(ratios) - min(ratios) > 0.1


@pytest.mark.parametrize(
    "make",
    [
        lambda: CompressionSpec(Method("saliency"), scoring=SignalSourceConfig("ngram")),
        lambda: CompressionSpec(Method("nll"), scoring=SignalSourceConfig("saliency", ModelSpec("x"))),
        lambda: CompressionSpec(Method("nll"), scoring=SignalSourceConfig("lm")),
        lambda: CompressionSpec(Method("saliency")),
        lambda: CompressionSpec(Method("nll"), scoring=SignalSourceConfig("ngram", ModelSpec("x"))),
        lambda: CompressionSpec(format="chatml"),
        lambda: BudgetConfig(("0.5", "0.3"), corpus=True),
        lambda: BudgetConfig(("auto",), corpus=True),
        lambda: BudgetConfig(("0.5",), coverage=2),
        lambda: BudgetConfig(("2",)),
        lambda: SignalSourceConfig("gpt"),
    ],
)
def test_jobs_that_contradict_themselves_are_refused(make: Any) -> None:
    with pytest.raises(OptionError):
        make()
