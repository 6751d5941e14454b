"""Killed workers, bad shards, a full disk, changed settings: every row accounted for, and nothing done twice."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scale_case import ONE, counting, plan_of, scaled, tables_of, write_shards

from cotpress.errors import InputError, OptionError, OutputError
from cotpress.pipeline import CompressionSpec
from cotpress.progress import Silent
from cotpress.pruning import Method
from cotpress.scale import ScaleConfig, ScalePlan, ShardedInput, StorageFolder, find_shards, run_shards, tasks
from cotpress.scale import outcomes as outcomes_module
from cotpress.scale.tasks import PassTasks, run_with_restarts

RANDOM = CompressionSpec(Method("random", "token"))


def _done(done: list[str], name: str = "outcomes") -> list[str]:
    return [one.removeprefix(f"{name} ") for one in done if one.startswith(f"{name} ")]


def test_a_full_disk_on_one_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, done = write_shards(tmp_path), counting(monkeypatch)
    original, full = outcomes_module.write_rows, ["part1"]

    def failing(reading: Any, *more: Any) -> None:
        if any(name in reading.recognised[0]["source"] for name in full):
            raise OSError(errno.ENOSPC, "No space left on device")
        original(reading, *more)

    monkeypatch.setattr(outcomes_module, "write_rows", failing)
    with pytest.raises(OutputError, match=r"1 of 4 shards is unfinished: .*part1.jsonl: .*No space left"):
        scaled(given, RANDOM, tmp_path / "out")
    assert not (tmp_path / "out" / "summary.json").exists()
    assert sorted(_done(done)) == ["part0", "part2", "part3"], "it holds up no other shard"
    full.clear()
    done.clear()
    scaled(given, RANDOM, tmp_path / "out")
    assert done == ["outcomes part1"], "continuing does that shard, and reads no other"
    monkeypatch.undo()
    scaled(given, RANDOM, tmp_path / "calm")
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "calm")


def test_an_unreadable_shard_is_named_and_then_done_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = write_shards(tmp_path)
    good = Path(given[2]).read_bytes()
    plan = plan_of(given, RANDOM, tmp_path / "out")
    Path(given[2]).write_bytes(bytes(range(1, 9)) * 100)
    with pytest.raises(OutputError, match=r"1 of 4 .*part2.jsonl.*binary data"):
        run_shards(plan, ONE, Silent())
    Path(given[2]).write_bytes(good)
    done = counting(monkeypatch)
    run_shards(plan, ONE, Silent())
    assert _done(done, "ids") == ["part2"]


def test_an_input_of_which_nothing_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(InputError, match="nothing to read"):
        scaled([str(tmp_path / "empty.jsonl")], RANDOM, tmp_path / "out")


def test_a_changed_shard_or_setting_never_meets_an_old_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, output = write_shards(tmp_path), tmp_path / "out"
    scaled(given, RANDOM, output)
    with pytest.raises(OutputError, match="finished output"):
        scaled(given, RANDOM, output)
    done = counting(monkeypatch)

    def again(job: CompressionSpec) -> list[str]:
        done.clear()
        run_shards(plan_of(given, job, output), ONE, Silent(), force=True)
        return sorted(_done(done))

    assert again(RANDOM) == [], "the same is not done again"
    path = Path(given[0])
    path.write_text(path.read_text() + path.read_text().splitlines()[0].replace('"0-0"', '"0-9"') + "\n")
    assert again(RANDOM) == ["part0"], "one shard changed"
    assert again(replace(RANDOM, method=Method("head", "token"))) == ["part0", "part1", "part2", "part3"]
    assert again(RANDOM) == ["part0", "part1", "part2", "part3"], "what the other settings replaced is gone"
    assert len(list((output / "traces").iterdir())) == len(given), "and leaves no file behind"
    scaled(given, RANDOM, tmp_path / "calm")
    assert tables_of(output) == tables_of(tmp_path / "calm")


def test_other_settings_are_refused_while_a_run_is_unfinished(tmp_path: Path) -> None:
    given = write_shards(tmp_path)
    scaled(given, RANDOM, tmp_path / "out")
    (tmp_path / "out" / "summary.json").unlink()
    with pytest.raises(OutputError, match="unfinished run with other settings"):
        scaled(given, replace(RANDOM, method=Method("head", "token")), tmp_path / "out")


def test_a_shard_that_changes_under_way_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = write_shards(tmp_path)
    original = tasks.process_shard

    def meddling(plan: ScalePlan, known: Any, name: str, shard: Any) -> None:
        original(plan, known, name, shard)
        if (name, shard.stem) == ("ids", "part0"):
            rows = Path(given[0]).read_text()
            Path(given[0]).write_text(rows + rows.splitlines()[0].replace('"0-0"', '"0-9"') + "\n")

    monkeypatch.setattr(tasks, "process_shard", meddling)
    with pytest.raises(OutputError, match=r"part0.jsonl changed while it was read: 4 rows at first, 5 later"):
        scaled(given, RANDOM, tmp_path / "out")


@pytest.mark.parametrize(("times", "lives"), [(1, True), (9, False)])
def test_a_killed_task_is_begun_again(times: int, lives: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    support = str(Path(__file__).resolve().parents[1] / "support")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([support, os.environ.get("PYTHONPATH", "")]))
    from deadly_call import Deadly

    assert run_with_restarts(lambda attempt: Deadly(str(tmp_path / "calls"), times)) is lives
    assert len((tmp_path / "calls").read_text()) == (2 if lives else 3)


def test_the_second_try_begins_at_the_other_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, done = write_shards(tmp_path), counting(monkeypatch)
    plan = plan_of(given, RANDOM, tmp_path / "out")
    PassTasks(plan, "ids", plan.inputs.shards, attempt=1)(None, 0, 1)
    assert _done(done, "ids") == ["part3", "part2", "part1", "part0"]


def test_a_pass_waits_for_what_it_needs(tmp_path: Path) -> None:
    plan = plan_of(write_shards(tmp_path), RANDOM, tmp_path / "out")
    with pytest.raises(OutputError, match="'ids', which 'outcomes' needs, is unfinished"):
        PassTasks(plan, "outcomes")(None, 0, 1)


def test_other_versions_are_refused(tmp_path: Path) -> None:
    plan = plan_of(write_shards(tmp_path), RANDOM, tmp_path / "out")
    with pytest.raises(OutputError, match=r"planned by cotpress 0\.0"):
        PassTasks(plan, "ids", version="0.0")(None, 0, 1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ScaleConfig("dask"),
        lambda: ScaleConfig("local", tasks=0),
        lambda: ScaleConfig("local", workers=-1),
        lambda: ScaleConfig("slurm"),
        lambda: ScaleConfig("local", workers=2).check_locations(["memory://in/a.jsonl"]),
    ],
)
def test_engines_that_cannot_be_are_refused(make: Any) -> None:
    with pytest.raises(OptionError):
        make()


def test_datasets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="hf://"):
        find_shards(["org/name"])


def test_limits_are_shared_out() -> None:
    from cotpress.chat import SpendLimit
    from cotpress.pipeline import ClientConfig, RewriteSpec

    asking = ClientConfig(spend_limit=SpendLimit(max_tokens=1000))
    plan = ScalePlan(RewriteSpec(), ShardedInput(()), StorageFolder("/x"), Path("/y"), asking).with_spend_share(0.25)
    assert plan.client_config is not None
    assert plan.client_config.spend_limit.max_tokens == 250


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    from cotpress.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingExtraError, match=r"cotpress\[scale\]"):
        scaled(write_shards(tmp_path), RANDOM, tmp_path / "out")
