"""Broken input gives one clear line or a reject with a reason; nothing is lost and nothing traces back."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from broken import CASES, GOOD, TRUNCATED_GZIP, Case
from command import cotpress


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    if "huggingface_hub" in sys.modules:  # it reads the environment once: another test may have imported it
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    (tmp_path / "in").mkdir()


def _compress(arguments: list[str], output: Path) -> int:
    words = ["compress", *arguments, "-o", str(output), "--json", "-q"]
    if "--criterion" not in words and "--model" not in words:
        words += ["--criterion", "random"]
    if "--granularity" not in words:
        words += ["--granularity", "token"]  # a trace of one step has no step-level half
    return cotpress(*words)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_broken(case: Case, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = _compress(case.make(tmp_path / "in"), tmp_path / "out")
    captured = capfd.readouterr()
    assert "Traceback" not in captured.err
    assert code == case.code, captured.err
    if case.code:
        assert captured.out == ""
        assert captured.err.startswith("cotpress: ")
        assert captured.err.count("\n") == 1, "one line"
        assert case.says in captured.err
        assert not (tmp_path / "out" / "summary.json").exists()
        return
    summary = json.loads(captured.out)
    reasons = [json.loads(line)["reason"] for line in (tmp_path / "out" / "rejected.jsonl").open(encoding="utf-8")]
    assert summary["traces"] == summary["compressed"] + summary["rejected"] == case.rows
    assert reasons == list(case.reasons)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)


def test_a_truncated_archive_keeps_what_came_before(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _compress(TRUNCATED_GZIP(tmp_path / "in"), tmp_path / "out") == 0
    summary = json.loads(capfd.readouterr().out)
    assert summary["compressed"] > 800
    assert summary["rejected"] >= 1


def test_all_rows_rejected_is_not_a_success(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in" / "in.json").write_text("12")
    assert _compress([str(tmp_path / "in" / "in.json")], tmp_path / "out") == 3
    assert json.loads(capfd.readouterr().out)["rejected"] == 1


def _good(folder: Path) -> list[str]:
    (folder / "in.jsonl").write_text(json.dumps(GOOD) + "\n")
    return [str(folder / "in.jsonl")]


def test_a_finished_output_is_not_overwritten(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _compress(_good(tmp_path / "in"), tmp_path / "out") == 0
    assert _compress(_good(tmp_path / "in"), tmp_path / "out") == 4
    assert "--force" in capfd.readouterr().err
    assert _compress([*_good(tmp_path / "in"), "--force"], tmp_path / "out") == 0


def test_an_output_below_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = _good(tmp_path / "in")
    assert _compress(arguments, Path(arguments[0]) / "out") == 4
    assert "Cannot write" in capfd.readouterr().err


def test_an_output_on_a_full_disk_is_told_and_continued(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    arguments = _good(tmp_path / "in")
    with monkeypatch.context() as broken:
        broken.setattr("cotpress.pipeline.output.directory.write_traces", full)
        assert _compress(arguments, tmp_path / "out") == 4
    assert "No space left" in capfd.readouterr().err
    assert _compress(arguments, tmp_path / "out") == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_real_full_device(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def redirected(path: Path, rows: object) -> None:
        with open("/dev/full", "w") as device:
            device.write("x" * 100_000)

    monkeypatch.setattr("cotpress.pipeline.output.directory.write_jsonl", redirected)
    assert _compress(_good(tmp_path / "in"), tmp_path / "out") == 4
    assert "No space left" in capfd.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_that_may_not_be_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert _compress(_good(tmp_path / "in"), tmp_path / "closed" / "out") == 4
    assert "Permission denied" in capfd.readouterr().err


def test_a_missing_extra_names_what_to_install(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "transformers", None)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text('{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}')
    (tmp_path / "model" / "model.safetensors").write_bytes(bytes(16))
    (tmp_path / "model" / "tokenizer.json").write_text("{}")
    arguments = [*_good(tmp_path / "in"), "--criterion", "nll", "--model", str(tmp_path / "model")]
    assert _compress(arguments, tmp_path / "out") == 6
    assert "cotpress[lm]" in capfd.readouterr().err


def test_ctrl_c_leaves_a_resumable_state(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object, **rules: object) -> None:
        raise KeyboardInterrupt

    arguments = _good(tmp_path / "in")
    with monkeypatch.context() as broken:
        broken.setattr("cotpress.pipeline.pruning_run.compress_rows", interrupted)
        assert _compress(arguments, tmp_path / "out") == 130
    assert "same command" in capfd.readouterr().err
    assert _compress(arguments, tmp_path / "out") == 0


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.zst", ".parquet"])
def test_names_that_are_no_text(suffix: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [GOOD, GOOD | {"solution": ""}]
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    plain = tmp_path / f"f{suffix}"
    if suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), plain)
    else:
        with pa.output_stream(str(plain), compression="zstd" if suffix.endswith("zst") else None) as stream:
            stream.write(content)
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/n\xff"))
    folder.mkdir()
    plain.rename(folder / os.fsdecode(b"f\xfe" + suffix.encode()))
    assert _compress([str(folder)], tmp_path / "out") == 0
    assert json.loads(capfd.readouterr().out)["traces"] == 2
    assert json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["rejected"] == 1
    [rejected] = (tmp_path / "out" / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert r"f\xfe" in json.loads(rejected)["source"]
    output = Path(os.fsdecode(os.fsencode(tmp_path) + b"/out\xff"))
    assert _compress([str(folder)], output) == 4
    assert "no UTF-8" in capfd.readouterr().err


@pytest.mark.parametrize("output", ["", " "])
def test_an_output_without_a_name_is_refused(output: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps(GOOD) + "\n")
    assert cotpress("compress", str(tmp_path / "in.jsonl"), "-o", output, "--criterion", "random") == 2
    assert "no name" in capfd.readouterr().err


def test_an_output_whose_name_is_too_long(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps(GOOD) + "\n")
    assert _compress([str(tmp_path / "in.jsonl")], tmp_path / ("x" * 300)) == 4
    assert "too long" in capfd.readouterr().err


def test_integers_of_5000_digits(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    number = "1" * 5000
    as_text = GOOD | {"id": "text", "solution": f"{number} + 1 = {number}2. So it is {number}.", "gold_answer": number}
    as_number = json.dumps(GOOD | {"id": "number"}).replace('"gold_answer": "5"', f'"gold_answer": {number}')
    assert number in as_number
    (tmp_path / "in.jsonl").write_text("\n".join([json.dumps(GOOD), json.dumps(as_text), as_number]) + "\n")
    assert _compress([str(tmp_path / "in.jsonl")], tmp_path / "out") == 0
    assert json.loads(capfd.readouterr().out)["traces"] == 3
