"""`cotpress train` from the outside: from compressed traces to a student, and its ways of failing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import cotpress

pytest.importorskip("trl", reason="training needs the extra 'train'")

from tiny_models import TEMPLATE, byte_tokenizer, save, small


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import LlamaConfig

    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    config = LlamaConfig(**small(len(tokenizer), max_position_embeddings=1024))
    return save(tmp_path_factory.mktemp("student") / "tiny", "AutoModelForCausalLM", config, tokenizer)


def test_from_traces_to_a_student(student: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    traces, out, trained = tmp_path / "traces.jsonl", tmp_path / "out", tmp_path / "student"
    assert cotpress("world", "sample", "--domain", "math", "--regime", "short", "-n", 8, "-o", traces) == 0
    assert (
        cotpress("compress", traces, "-o", out, "--criterion", "random", "--granularity", "token", "--keep", 0.5) == 0
    )
    capfd.readouterr()
    assert (
        cotpress("train", out, "--student", student, "-o", trained, "--max-steps", 2, "--batch-size", 2, "--quiet") == 0
    )
    assert "8 examples trained on, 0 rejected" in capfd.readouterr().out
    assert json.loads((trained / "training.json").read_text())["steps"] == 2
    assert cotpress("train", out, "--student", student, "-o", trained, "--max-steps", 2) == 4
    assert "holds a finished training" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--recipe", "wrold"), 2, "Did you mean 'world'?"),
        (("--lora-rank", 0), 2, "lora.rank"),
        (("--epochs", -1), 2, "epochs"),
    ],
)
def test_faulty_options_are_told_in_one_line(
    student: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], words: tuple[object, ...], code: int, said: str
) -> None:
    assert cotpress("train", tmp_path / "sft.jsonl", "--student", student, "-o", tmp_path / "out", *words) == code
    error = capfd.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_missing_input_is_told_in_one_line(student: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cotpress("train", tmp_path / "nothing.jsonl", "--student", student, "-o", tmp_path / "out", "--quiet") == 3
    assert "nothing.jsonl" in capfd.readouterr().err
