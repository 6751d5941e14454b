"""`cotpress train` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import cotpress

pytest.importorskip("trl", reason="training needs the extra 'train'")
transformers = pytest.importorskip("transformers")

from tiny_models import TEMPLATE, byte_tokenizer, save, small  # noqa: E402 (after what it needs)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    config = transformers.Qwen2Config(**small(len(tokenizer), initializer_range=0.05, num_key_value_heads=2))
    return save(tmp_path_factory.mktemp("model") / "tiny", "AutoModelForCausalLM", config, tokenizer)


@pytest.fixture
def words(model: Path, tmp_path: Path) -> list[str]:
    """A command that trains for a moment."""
    rows = [{"instruction": f"{one}+1?", "input": "", "output": f"It is {one + 1}."} for one in range(8)]
    path = tmp_path / "sft.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"text": "x"}]))
    size = ["--batch-size", "4", "--accumulation", "1", "--max-steps", "3", "--lora-rank", "2"]
    return ["train", str(path), "--student", str(model), "-o", str(tmp_path / "out"), *size]


def test_it_says_what_it_did(words: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cotpress(*words) == 0
    said = capfd.readouterr()
    assert "8 examples trained on, 1 rejected" in said.out
    assert "rejected: 1 bad-turns" in said.out
    assert f"written to {tmp_path / 'out'}" in said.out
    assert "3/3 steps" in said.err
    assert "it/s" not in said.err  # no bars of the libraries
    assert cotpress(*words) == 4
    assert capfd.readouterr().err.count("\n") == 1


def test_it_prints_json_and_nothing_else(words: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cotpress(*words, "--json", "--quiet", "--merge", "--seed", "3") == 0
    said = capfd.readouterr()
    told, kept = json.loads(said.out), json.loads((tmp_path / "out" / "training.json").read_text())
    assert said.err == ""
    assert told == {name: value for name, value in kept.items() if name != "files"}
    assert (told["recipe"]["merge"], told["seed"], told["recipe"]["lora"]["rank"]) == (True, 3, 2)


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--epochs", "-1", "--learning-rate", "0"], 2, "'epochs'"),
        (["--recipe", "qwen2.5-0.5b-instrct"], 2, "Did you mean 'qwen2.5-0.5b-instruct'?"),
        (["--max-length", "8"], 3, "'too-long'"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    words: list[str], more: list[str], code: int, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cotpress(*words, *more) == code
    err = capfd.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_process_that_is_not_the_first_writes_nothing(
    words: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "1")  # alone it needs no other to wait for
    assert cotpress(*words) == 0
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")
    assert not (tmp_path / "out" / "training.json").exists()
    assert not (tmp_path / "out" / "adapter_model.safetensors").exists()


def test_it_can_be_launched_by_accelerate(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from accelerate.commands.launch import launch_command, launch_command_parser

    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    one = ["--cpu", "--num_machines", "1", "--num_processes", "1", "--main_process_port", "0"]
    plain = ["--mixed_precision", "no", "--dynamo_backend", "no"]
    launch_command(launch_command_parser().parse_args([*one, *plain, "-m", "cotpress", *words]))
    assert "8 examples trained on" in capfd.readouterr().out
    assert json.loads((tmp_path / "out" / "training.json").read_text())["processes"] == 1
