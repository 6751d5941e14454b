"""Whole sweeps: complete tables, nothing done twice, damage repaired, failures recorded, kills survived."""

from __future__ import annotations

import importlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from cotpress.analysis import tabulate_accuracy
from cotpress.errors import InputError, OutputError
from cotpress.reporting.page import list_failures
from cotpress.signals.ngram import NGram
from cotpress.study import (
    JOURNAL_FILE,
    TABLES_FOLDER,
    ExecutorConfig,
    JobResult,
    SilentObserver,
    Study,
    StudyJob,
    estimate_study,
    list_cells,
    list_compressions,
    parse_study,
    sweep,
)
from cotpress.study.jobs import CompressJob
from cotpress.study.sweep_runner import TABLES_MANIFEST_FILE
from cotpress.tables import StudyTables, read_study_tables
from cotpress.types import Signals, Trace


def journal(run: Path) -> list[dict[str, object]]:
    path = run / JOURNAL_FILE
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def tables_bytes(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((run / TABLES_FOLDER).iterdir())}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, shortening: Study) -> Path:
    """The run of the study that only shortens, undisturbed."""
    run = tmp_path_factory.mktemp("sweep") / "whole"
    sweep(shortening, run)
    return run


@pytest.fixture(scope="module")
def tables(whole: Path) -> StudyTables:
    return read_study_tables(whole / TABLES_FOLDER)


def test_every_compression_has_its_row_and_every_trace_its_outcome(shortening: Study, tables: StudyTables) -> None:
    assert list(tables.compressions.compression) == [way.name for way in list_compressions(shortening)]
    assert set(tables.compressions.traces + tables.compressions.rejected) == {6}
    whole = tables.compressions[tables.compressions.method == "uncompressed"]
    assert (whole.tokens_kept == whole.tokens_original).all()
    assert len(tables.traces) == 12
    assert (tables.rewrites.groupby("compression").size() == 6).all()
    pruned = tables.compressions[(tables.compressions.kind == "criterion") & ~tables.compressions.symbols]
    assert len(pruned)
    assert (pruned.tokens_kept <= pruned.keep * pruned.tokens_original).all()


def test_rankings_say_what_every_ratio_keeps(tables: StudyTables) -> None:
    costs = {(row.condition, row.trace): row.unit_tokens for row in tables.traces.itertuples()}
    kept = Counter()
    for row in tables.rankings.itertuples():
        cost = costs[row.condition, row.trace]
        assert len(cost) == len(row.kept_from) == len(row.importance)
        for keep in (0.7, 0.3):
            key = (row.condition, row.criterion, row.granularity, row.symbols, row.seed, keep)
            kept[key] += int(cost[row.kept_from <= keep].sum())
    pruned = tables.compressions[tables.compressions.kind == "criterion"]
    for row in pruned.itertuples():
        # counted in units, texts and rankings agree to the token
        assert kept[row.condition, row.method, row.granularity, row.symbols, row.seed, row.keep] == row.tokens_kept


def test_the_truth_of_the_world_is_in_the_table(tables: StudyTables) -> None:
    for row in tables.traces.itertuples():
        assert len(row.unit_essential) == len(row.unit_ends)
        assert 0 < sum(row.unit_essential) < len(row.unit_ends)
        assert len(row.unit_telling) == len(row.unit_ends)
        assert max(row.unit_telling) == len(row.telling_fact) - 1
        assert {*row.telling_fact} == {*range(max(row.telling_fact) + 1)}


def test_the_oracle_rewrites_in_a_study(shortening: Study, tmp_path: Path) -> None:
    grid = shortening.rewriting.model_copy(update={"rewriter": "oracle", "levels": ("edit", "replace"), "keep": (0.5,)})
    spoiled = grid.model_copy(update={"rewriter": "oracle-drop-1", "keep": (None,)})
    clean, empty = (
        read_study_tables(
            sweep(shortening.model_copy(update={"rewriting": one, "pruning": ()}), tmp_path / name).tables
        )
        for one, name in ((grid, "clean"), (spoiled, "spoiled"))
    )
    assert {*clean.rewrites.level} == {"edit", "replace"}
    assert (clean.rewrites.tokens_kept <= 0.5 * clean.rewrites.tokens_original).all()
    facts = [text.count("=") for text in clean.rewrites[clean.rewrites.condition == "m"].text]
    assert min(facts) > 0
    assert not any("=" in text for text in empty.rewrites[empty.rewrites.condition == "m"].text)


def test_a_second_run_does_nothing_and_a_study_shares_what_it_has_in_common(
    shortening: Study, whole: Path, tmp_path: Path
) -> None:
    shutil.copytree(whole, tmp_path / "one")
    store = tmp_path / "one" / "steps"
    made = len(journal(tmp_path / "one"))
    first = tables_bytes(tmp_path / "one")
    sweep(shortening, tmp_path / "one")
    assert len(journal(tmp_path / "one")) == made
    assert tables_bytes(tmp_path / "one") == first
    wider = shortening.model_copy(update={"seeds": (0, 1, 2)})
    sweep(wider, tmp_path / "two", store=store)
    kinds = Counter(entry["kind"] for entry in journal(tmp_path / "two"))
    # the third seed of random: two conditions; step, token and token with symbols; two ratios
    assert kinds == {"ranking": 2 * 3, "pruning": 2 * 3 * 2}
    [grid] = shortening.pruning
    finer = shortening.model_copy(update={"pruning": (grid.model_copy(update={"keep": (0.7, 0.5, 0.3)}),)})
    sweep(finer, tmp_path / "three", store=store)
    kinds = Counter(entry["kind"] for entry in journal(tmp_path / "three"))
    assert kinds == {"pruning": 2 * 3 * 3}  # the texts of the new ratio: nll, and random with two seeds
    assert len(read_study_tables(tmp_path / "three").compressions) > len(
        read_study_tables(tmp_path / "one").compressions
    )


@pytest.mark.slow  # that two workers give the same tables is seen below as well, where they are killed
def test_two_workers_give_the_same_tables(shortening: Study, whole: Path, tmp_path: Path) -> None:
    sweep(shortening, tmp_path / "two", executor=ExecutorConfig(workers=2))
    assert tables_bytes(whole) == tables_bytes(tmp_path / "two")


def test_a_damaged_step_is_redone(shortening: Study, whole: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(whole, tmp_path / "run"))
    first = tables_bytes(run)
    file = next((run / "steps" / "pruning").glob("*/texts.parquet"))
    file.write_bytes(file.read_bytes()[:-7] + b"garbage")
    sweep(shortening, run)
    assert [entry["what"] for entry in journal(run)].count("damaged") == 1
    assert tables_bytes(run) == first


class Watch(SilentObserver):
    def __init__(self) -> None:
        self.outcomes: list[tuple[str, JobResult]] = []
        self.doings: list[tuple[str, str]] = []
        self.stored, self.over = -1, 0

    def start_sweep(self, stages: Sequence[Sequence[StudyJob]], stored: Collection[StudyJob]) -> None:
        self.stored = len(stored)

    def update_job(self, job: StudyJob, doing: str) -> None:
        self.doings.append((job.name, doing))

    def end_sweep(self) -> None:
        self.over += 1

    def end_job(self, job: StudyJob, outcome: JobResult) -> None:
        self.outcomes.append((job.name, outcome))


def test_students_are_trained_and_asked(teaching: Study, tmp_path: Path) -> None:
    watch = Watch()
    done = sweep(teaching, tmp_path / "run", observer=watch)
    tables = read_study_tables(done.tables)
    assert not done.failed
    assert list(tables.cells.cell) == [cell.name for cell in list_cells(teaching)]
    assert set(tables.cells.state) == {"done"}
    assert (tables.answers.groupby("cell").size() == 3).all()
    first = tables_bytes(tmp_path / "run")
    assert sum(outcome.usage.tokens for _, outcome in watch.outcomes) > tables.cells.trained_tokens.sum() > 0
    taught = [(cell.name, doing) for cell in list_cells(teaching) for doing in ("training", "evaluating")]
    assert watch.doings == [*((CompressJob(way).name, "shortening") for way in list_compressions(teaching)), *taught]
    assert (watch.stored, watch.over) == (0, 1)
    watch.outcomes.clear()
    sweep(teaching, tmp_path / "run", observer=watch)
    assert watch.outcomes == []
    assert (watch.stored, watch.over) == (len(list_compressions(teaching)) + len(list_cells(teaching)), 2)
    damaged = next((tmp_path / "run" / "steps" / "training").rglob("tokenizer.json"))
    damaged.write_text("{}")  # a damaged training is redone, its evaluation is not
    before = len(journal(tmp_path / "run"))
    again = sweep(teaching, tmp_path / "run", observer=watch)
    redone = [(entry["what"], entry["kind"]) for entry in journal(tmp_path / "run")[before:]]
    assert redone == [("damaged", "training"), ("made", "training")]
    assert tables_bytes(again.tables.parent) == first


def test_equal_texts_train_one_student_however_they_came_about(
    teaching: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = teaching.pruning[0].model_copy(update={"criteria": ("head", "reflection", "random")})
    study = teaching.model_copy(
        update={"pruning": (grid,)}
    )  # of these traces no step is reflective: what is left is head
    sweep(study, tmp_path / "run")
    tables = read_study_tables(tmp_path / "run")
    assert len(tables.cells) == 4
    assert Counter(entry["kind"] for entry in journal(tmp_path / "run"))["training"] == 3
    answers = {name: rows.outcome.tolist() for name, rows in tables.answers.groupby("cell")}
    head, reflection = (next(rows for name, rows in answers.items() if word in name) for word in ("head", "reflection"))
    assert head == reflection
    before = len(journal(tmp_path / "run"))
    # As after a change that leaves these texts alone.
    monkeypatch.setattr("cotpress.study.pruning_steps.PRUNING_VERSION", 1000)
    sweep(study, tmp_path / "run")
    made = Counter(entry["kind"] for entry in journal(tmp_path / "run")[before:])
    assert made == {"ranking": 3, "pruning": 3}


@pytest.mark.parametrize("workers", [1, 2])
def test_when_time_is_up_the_tables_hold_what_is_done(teaching: Study, tmp_path: Path, workers: int) -> None:
    done = sweep(teaching, tmp_path / "run", executor=ExecutorConfig(workers, minutes=1e-6))
    assert done.open_cells == 2
    assert set(read_study_tables(done.tables).cells.state) == {"open"}
    again = sweep(teaching, tmp_path / "run")
    assert again.open_cells == 0
    assert set(read_study_tables(again.tables).cells.state) == {"done"}


def test_whoever_watches_is_told_of_an_end_that_comes_early(shortening: Study, tmp_path: Path) -> None:
    class Interrupts(Watch):
        def end_job(self, job: StudyJob, outcome: JobResult) -> None:
            raise KeyboardInterrupt

    watch = Interrupts()
    with pytest.raises(KeyboardInterrupt):
        sweep(shortening, tmp_path / "run", observer=watch)
    assert watch.over == 1


def test_a_cell_that_fails_is_recorded_and_the_study_goes_on(teaching: Study, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "config.json").write_text("{}")
    study = teaching.model_copy(update={"students": (*teaching.students, str(broken))})
    done = sweep(study, tmp_path / "run")
    tables = read_study_tables(done.tables)
    states = dict(zip(tables.cells.cell, tables.cells.state, strict=True))
    assert Counter(states.values()) == {"done": 2, "failed": 2}
    assert all(error for error in tables.cells.error[tables.cells.state == "failed"])
    assert set(done.failed) == {name for name, state in states.items() if state == "failed"}


def test_what_fails_with_its_compression_is_recorded_and_counts_as_failed(
    teaching: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("of no use")

    monkeypatch.setattr("cotpress.study.compression_steps.prune_at_all_ratios", broken)
    watch = Watch()
    tables = read_study_tables(sweep(teaching, tmp_path / "run", observer=watch).tables)
    errors = dict(zip(tables.compressions.method, tables.compressions.error, strict=True))
    assert not isinstance(errors["uncompressed"], str)
    assert "of no use" in errors["random"]
    spoiled = tables.cells[tables.cells.state == "failed"]
    assert "of no use" in spoiled.error.item()
    assert [outcome.error for name, outcome in watch.outcomes if name == spoiled.cell.item()] == [spoiled.error.item()]
    assert list_failures(tables)[0]["error"] == errors["random"]
    assert tabulate_accuracy(tables).method.tolist() == ["uncompressed"]


def test_tables_are_read_whole_or_not_at_all(whole: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(whole, tmp_path / "run"))
    assert len(read_study_tables(run).compressions) == len(read_study_tables(run / TABLES_FOLDER).compressions)
    (run / TABLES_FOLDER / "rankings.parquet").unlink()
    with pytest.raises(InputError, match=r"rankings\.parquet is missing"):
        read_study_tables(run)
    with pytest.raises(InputError, match="There are no study tables"):
        read_study_tables(tmp_path)


def count_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


RUN = "import sys; from cotpress.cli import main; main(['sweep', *sys.argv[1:]])"


@pytest.mark.parametrize("seed", [0, 1])
def test_killed_at_random_it_ends_with_the_same_tables_and_redoes_nothing(
    shortening_text: str, whole: Path, tmp_path: Path, seed: int
) -> None:
    file, run, rng = tmp_path / "study.yaml", tmp_path / "killed", random.Random(seed)
    file.write_text(shortening_text)
    words = [sys.executable, "-c", RUN, str(file), "-o", str(run), "--quiet", "--workers", str(1 + seed)]
    steps = len(journal(whole))
    for made in sorted(rng.sample(range(steps), 2 - seed)):  # with two workers, once
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while count_lines(run / JOURNAL_FILE) <= made and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert subprocess.run(words, capture_output=True, timeout=240).returncode == 0
    assert tables_bytes(run) == tables_bytes(whole)
    made = Counter(entry["key"] for entry in journal(run) if entry["what"] == "made")
    assert set(made.values()) == {1}
    assert len(made) == len(journal(whole))


def test_where_there_is_nothing_to_do_nothing_is_cut_or_counted(
    whole: Path, shortening: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str) -> None:
        raise AssertionError(text)

    run = Path(shutil.copytree(whole, tmp_path / "run"))
    for place in ("study.context", "study.text_rows", "world.role_recovery"):
        monkeypatch.setattr(f"cotpress.{place}.segment", fail)
    assert estimate_study(shortening, run / "steps").tokens > 0
    sweep(shortening, run)


def test_a_trace_is_scored_once_for_all_methods(
    shortening: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored, plain = Counter[str](), NGram.score

    def counting(source: NGram, traces: Sequence[Trace]) -> list[Signals]:
        scored.update(trace.id for trace in traces)
        return plain(source, traces)

    monkeypatch.setattr(NGram, "score", counting)
    sweep(shortening, tmp_path / "run")
    assert len(scored) == 12
    assert set(scored.values()) == {1}


def test_tables_are_written_again_only_where_they_would_differ(
    whole: Path, shortening: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, written = Path(shutil.copytree(whole, tmp_path / "run")), []
    sweeping = importlib.import_module("cotpress.study.sweep_runner")  # the name is that of its function, too
    plain = sweeping.write_tables
    monkeypatch.setattr(sweeping, "write_tables", lambda *words: written.append(1) or plain(*words))
    sweep(shortening, run)
    assert not written
    (run / TABLES_FOLDER / "traces.parquet").write_bytes(b"not a table")
    sweep(shortening, run)
    assert len(written) == 1
    (run / TABLES_FOLDER / "answers.parquet").unlink()
    sweep(shortening, run)
    assert len(written) == 2
    (run / TABLES_MANIFEST_FILE).unlink()
    sweep(shortening, run)
    assert len(written) == 3
    damaged = next((run / "steps" / "rewriting").rglob("*.parquet"))
    damaged.write_bytes(b"")
    sweep(shortening, run)
    assert len(written) == 4
    sweep(shortening.model_copy(update={"batch_size": 7}), run)
    assert len(written) == 5
    with pytest.raises(OutputError, match="holds a run of the study 'small'"):
        sweep(shortening.model_copy(update={"name": "another"}), run)
    assert tables_bytes(run) == tables_bytes(whole)


def test_a_criterion_of_two_sources_is_ranked_by_two_workers(shortening_text: str, tmp_path: Path) -> None:
    text = shortening_text.replace("[nll, random]", '["two_signals:BOTH"]').replace("rewriting:", "#")
    study = parse_study(text + 'sources: [{source: "two_signals:LENGTHS"}]\n', "small")
    done = sweep(study, tmp_path / "run", executor=ExecutorConfig(workers=2))
    assert not done.failed
    kinds = Counter(entry["kind"] for entry in journal(tmp_path / "run"))
    assert kinds["signals"] == 4  # two sources, two conditions
    assert kinds["ranking"] == 2 * 3


CONTROLLED = """
name: controlled
conditions:
  m: {traces: world, domain: math, regime: short, limit: 6}
pruning:
  {criteria: [nll], granularities: [step], reductions: [mean, sum], controls: [none, no-restatements], keep: [0.8]}
"""


def test_a_control_has_shorter_texts_and_shares_the_ranking_of_its_cell(tmp_path: Path) -> None:
    tables = read_study_tables(sweep(parse_study(CONTROLLED, "controlled"), tmp_path / "run").tables)
    pruned = tables.compressions[tables.compressions.kind == "criterion"].set_index("method")
    assert sorted(pruned.index) == ["nll", "nll without restatements", "nll/sum", "nll/sum without restatements"]
    kept = pruned.tokens_kept
    assert kept["nll without restatements"] < kept["nll"]
    assert sorted(set(tables.rankings.criterion)) == ["nll", "nll/sum"]
    assert len(tables.rankings) == 2 * 6
