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
from cotpress.ngram import NGram
from cotpress.pipeline import Amount, Job, Place, Scoring, Silent, run
from cotpress.pipeline import scoring as scoring_module
from cotpress.prune import Method, reassemble
from cotpress.traces import Fields, read
from cotpress.types import Rejected, Signals, Trace
from cotpress.world import embedded


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
ROWS = [*embedded(n_each=5), *BAD, replace(embedded(n_each=1)[0], id="wrong", gold="-99")]
RANDOM = Job(Method("random", "token"))


def _read(folder: Path) -> tuple[list[dict[str, Any]], list[Any], list[Any], dict[str, Any]]:
    table = pq.read_table(folder / "traces.parquet").to_pylist()
    sft, rejected = ([json.loads(x) for x in (folder / name).open()] for name in ("sft.jsonl", "rejected.jsonl"))
    return table, sft, rejected, json.loads((folder / "summary.json").read_text())


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    summary = run(Listed(ROWS), RANDOM, Place(tmp_path / "out"), Silent())
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
    summary = run(Listed(ROWS), replace(RANDOM, drop_wrong=True), Place(tmp_path), Silent())
    assert summary["rejected_reasons"]["wrong-answer"] == 1


def test_an_interrupted_run_ends_like_an_undisturbed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring_module, "BATCH_ARRAYS", 4)
    job = Job(Method("nll", "token"))
    run(Listed(ROWS), job, Place(tmp_path / "whole"), Silent())

    with pytest.raises(KeyboardInterrupt):
        run(Breaking(ROWS), job, Place(tmp_path / "broken"), Silent())
    assert len(list((tmp_path / "broken" / ".parts").glob("part-*.parquet"))) == 3
    run(Listed(ROWS), job, Place(tmp_path / "broken"), Silent())
    for name in ("traces.parquet", "sft.jsonl", "rejected.jsonl"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "broken" / name).read_bytes()


def test_a_run_is_not_continued_with_the_same_file_read_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naming other fields does not change the file."""
    monkeypatch.setattr(scoring_module, "BATCH_ARRAYS", 4)
    with pytest.raises(KeyboardInterrupt):
        run(Breaking(ROWS), Job(Method("nll", "token")), Place(tmp_path), Silent())
    other = Listed(ROWS)
    other.how = "read another way"
    with pytest.raises(OutputError, match="unfinished run"):
        run(other, Job(Method("nll", "token")), Place(tmp_path), Silent())


@pytest.mark.parametrize("fields", [Fields(answer="other"), Fields(question="other"), Fields(id="auto")])
def test_what_the_user_says_of_the_fields_is_how_it_is_read(fields: Fields, tmp_path: Path) -> None:
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
        job = Job(Method(criterion, granularity), Amount((keep,)))
        run(Listed(ROWS), job, Place(tmp_path / str(number), tmp_path / "store"), Silent())
        assert sum(scored) == len(ROWS) - 3 - 1, "each text is scored once, and never by a later run"


def test_mixed_ratios_are_spread_over_the_traces(tmp_path: Path) -> None:
    summary = run(
        Listed(embedded(n_each=20)), replace(RANDOM, amount=Amount(("0.9", "0.3"))), Place(tmp_path), Silent()
    )
    table = _read(tmp_path)[0]
    counts = [sum(row["target_ratio"] == ratio for row in table) for ratio in (0.9, 0.3)]
    assert sum(counts) == 80
    assert min(counts) > 20
    assert summary["target_ratio"] is None


def test_a_corpus_threshold_meets_the_corpus_ratio(tmp_path: Path) -> None:
    job = Job(Method("nll", "token"), Amount(("0.5",), corpus=True))
    summary = run(Listed(embedded(n_each=10)), job, Place(tmp_path), Silent())
    assert 0.49 < summary["realized_ratio"] <= 0.5
    ratios = [row["realized_ratio"] for row in _read(tmp_path)[0]]
    assert max(ratios) - min(ratios) > 0.1


@pytest.mark.parametrize(
    "make",
    [
        lambda: Job(Method("saliency"), scoring=Scoring("ngram")),
        lambda: Job(Method("nll"), scoring=Scoring("saliency", "x")),
        lambda: Job(Method("nll"), scoring=Scoring("lm")),
        lambda: Job(Method("saliency")),
        lambda: Job(Method("nll"), scoring=Scoring("ngram", "x")),
        lambda: Job(format="chatml"),
        lambda: Amount(("0.5", "0.3"), corpus=True),
        lambda: Amount(()),
        lambda: Amount(("2",)),
        lambda: Scoring("gpt"),
    ],
)
def test_jobs_that_contradict_themselves_are_refused(make: Any) -> None:
    with pytest.raises(OptionError):
        make()
