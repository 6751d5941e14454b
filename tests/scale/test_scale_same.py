"""Over shards the output is that of one process, whatever the executor and however the shards are dealt out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scale_case import ONE, plain, scaled, tables_of, write_shards

from cotpress.analysis.output_measures import measure_output
from cotpress.errors import OutputError
from cotpress.pipeline import BudgetConfig, CompressionSpec, RewriteSpec, SignalSourceConfig
from cotpress.pruning import Method
from cotpress.rewriting import RewritePolicy
from cotpress.scale import ScaleConfig, executors
from cotpress.training.examples import read_examples

FIGURES = ("traces", "compressed", "rejected", "tokens_original", "tokens_kept", "realized_ratio", "rejected_reasons")
JOBS = {
    "fitted": CompressionSpec(Method("nll", "token")),
    "corpus-wide": CompressionSpec(Method("entropy", "step"), BudgetConfig(("0.5",), corpus=True)),
    "two sources": CompressionSpec(
        Method("two_signals:BOTH", "token"),
        scoring=(SignalSourceConfig("two_signals:LENGTHS"), SignalSourceConfig("ngram")),
    ),
    "auto": CompressionSpec(Method("covering:COVERING")),
    "mixed": CompressionSpec(Method("random", "token"), BudgetConfig(("0.9", "0.3"))),
    "rewritten": RewriteSpec("fuse"),
    "rewritten or pruned": RewriteSpec("edit", keep=("0.3",), policy=RewritePolicy(fallback="prune")),
}


@pytest.mark.parametrize("name", JOBS)
def test_the_output_is_that_of_one_process(name: str, tmp_path: Path) -> None:
    given = write_shards(tmp_path)
    one = plain(given, JOBS[name], tmp_path / "one")
    many = scaled(given, JOBS[name], tmp_path / "many")
    assert tables_of(tmp_path / "many") == tables_of(tmp_path / "one")
    assert {key: many[key] for key in FIGURES} == {key: one[key] for key in FIGURES}
    assert many["rejected_reasons"] == {"duplicate-id": 1, "empty-reasoning": 1, "invalid-json": 1}
    assert set(one) <= set(many)
    assert many["traces"] == many["compressed"] + many["rejected"]


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are forked although an earlier test may have imported torch: no job here uses it."""
    monkeypatch.setattr(executors, "can_fork", lambda: True)


def test_however_the_shards_are_dealt_out(tmp_path: Path, forking: None) -> None:
    given = write_shards(tmp_path)
    scaled(given, JOBS["fitted"], tmp_path / "one")
    scaled(given, JOBS["fitted"], tmp_path / "two", ScaleConfig("local", tasks=2, workers=2))
    assert tables_of(tmp_path / "one") == tables_of(tmp_path / "two")
    names = [sorted(path.name for path in (tmp_path / name / "traces").iterdir()) for name in ("one", "two")]
    assert names[0] == names[1], "keys do not depend on who does the work"


@pytest.mark.parametrize("name", ["corpus-wide", "rewritten or pruned"])
def test_files_that_are_cut(name: str, tmp_path: Path) -> None:
    """Into more parts than some have rows; an id of another file and of the same one comes again in several parts."""
    given = write_shards(tmp_path)
    again = Path(given[0]).read_text().splitlines()[0]
    Path(given[1]).write_text("\n".join([*Path(given[1]).read_text().splitlines(), again, again]) + "\n")
    one = plain(given, JOBS[name], tmp_path / "one")
    many = scaled(given, JOBS[name], tmp_path / "many", split=3)
    assert tables_of(tmp_path / "many") == tables_of(tmp_path / "one")
    assert {key: many[key] for key in (*FIGURES, "recognised")} == {key: one[key] for key in (*FIGURES, "recognised")}
    assert many["rejected_reasons"]["duplicate-id"] == 3
    assert (many["shards"], len(many["input"])) == (3 * len(given), len(given))


def test_one_file_is_shared_by_two_workers(tmp_path: Path, forking: None) -> None:
    given = write_shards(tmp_path, shards=1, each=8)[:1]
    plain(given, JOBS["mixed"], tmp_path / "one")
    scaled(given, JOBS["mixed"], tmp_path / "two", ScaleConfig("local", workers=2), split=2)
    assert tables_of(tmp_path / "one") == tables_of(tmp_path / "two")
    sizes = [len(path.read_text().splitlines()) for path in (tmp_path / "two" / "sft").iterdir()]
    assert len(sizes) == 2
    assert min(sizes) > 0


def test_in_memory(tmp_path: Path) -> None:
    fsspec: Any = pytest.importorskip("fsspec", reason="fsspec is not installed (extra: scale)")
    given = write_shards(tmp_path)
    memory = fsspec.filesystem("memory")
    for path in given:
        memory.pipe_file(f"/in/{Path(path).name}", Path(path).read_bytes())
    here = scaled(given, JOBS["fitted"], tmp_path / "here")
    there = scaled(["memory://in/*.jsonl"], JOBS["fitted"], "memory://out", ONE)
    assert {key: here[key] for key in FIGURES} == {key: there[key] for key in FIGURES}
    memory.get("/out", str(tmp_path / "fetched"), recursive=True)
    ours, theirs = tables_of(tmp_path / "here"), tables_of(tmp_path / "fetched")
    assert (ours["traces"], ours["sft"]) == (theirs["traces"], theirs["sft"])
    assert [line.replace("memory:///in", str(tmp_path)) for line in theirs["rejected"]] == ours["rejected"]


def test_a_sharded_output_is_measured_and_trained_on(tmp_path: Path) -> None:
    given = write_shards(tmp_path)
    plain(given, JOBS["mixed"], tmp_path / "one")
    scaled(given, JOBS["mixed"], tmp_path / "many")
    many, one = measure_output(tmp_path / "many"), measure_output(tmp_path / "one")
    assert all(many.pop(name) == one.pop(name) for name in ("gauges", "warnings"))
    assert many == pytest.approx(one)
    examples = [list(read_examples([tmp_path / name])) for name in ("one", "many")]
    assert len(examples[0]) == len(examples[1]) > 0


def test_workers_find_modules_where_the_planning_process_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a notebook that extended its path: the folder is neither the working directory nor in an environment.

    Where torch is imported, nothing is forked: each task has a process of its own.
    """
    monkeypatch.setattr(executors, "can_fork", lambda: False)
    (tmp_path / "modules").mkdir()
    text = "def keep_short(evidence):\n    return -1.0 * evidence.costs\n"
    (tmp_path / "modules" / "only_on_path.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path / "modules")
    given = write_shards(tmp_path)
    job = CompressionSpec(Method("only_on_path:keep_short"))
    plain(given, job, tmp_path / "one")
    scaled(given, job, tmp_path / "many", ScaleConfig("local", tasks=2, workers=2))
    assert tables_of(tmp_path / "many") == tables_of(tmp_path / "one")


@pytest.mark.parametrize("split", [1, 3])
@pytest.mark.parametrize("limit", [1, 4, 1000])
def test_the_first_rows_alone(limit: int, split: int, tmp_path: Path) -> None:
    given = write_shards(tmp_path)
    one = plain(given, JOBS["fitted"], tmp_path / "one", limit)
    many = scaled(given, JOBS["fitted"], tmp_path / "many", split=split, limit=limit)
    assert tables_of(tmp_path / "many") == tables_of(tmp_path / "one")
    assert {key: many[key] for key in FIGURES} == {key: one[key] for key in FIGURES}
    assert many["traces"] <= limit


def test_another_limit_is_another_run(tmp_path: Path) -> None:
    given = write_shards(tmp_path)
    scaled(given, JOBS["fitted"], tmp_path / "out", limit=2)
    (tmp_path / "out" / "summary.json").unlink()
    with pytest.raises(OutputError, match="other settings, other input"):
        scaled(given, JOBS["fitted"], tmp_path / "out", limit=3)
