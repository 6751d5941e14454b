"""What goes wrong while training, and students of odd make: one clear error, earlier work kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_models import TEMPLATE, byte_tokenizer

from cotpress.errors import CotpressError, ModelError, OptionError, OutputError
from cotpress.models import make_model_spec
from cotpress.training import Lora, StudentSpec, TrainingRecipe, train
from cotpress.training.student_folder import open_student_folder
from cotpress.training.trainer import StudentTrainer


def _recipe(**more: Any) -> TrainingRecipe:
    return TrainingRecipe(**{"max_steps": 4, "batch_size": 4, "accumulation": 1, "learning_rate": 1e-2, **more})


def _fills(monkeypatch: pytest.MonkeyPatch, method: str, after: int) -> None:
    """Let a step of saving, the call after so many, write half a file and then find the disk full."""
    original, calls = getattr(StudentTrainer, method), []

    def filling(self: StudentTrainer, folder: str, *rest: Any, **more: Any) -> Any:
        calls.append(folder)
        if len(calls) > after:
            (Path(folder) / "optimizer.pt").write_bytes(b"half")
            raise OSError(28, "No space left on device")
        return original(self, folder, *rest, **more)

    monkeypatch.setattr(StudentTrainer, method, filling)


def test_a_full_disk_in_the_middle_of_a_checkpoint_leaves_the_ones_before(
    student: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe, out = _recipe(save_steps=1), tmp_path / "out"
    with monkeypatch.context() as patched:
        _fills(patched, "_save_optimizer_and_scheduler", after=2)
        with pytest.raises(OutputError, match="checkpoint at step 3 cannot be written") as error:
            train(data, student, out, recipe)
    assert "\n" not in str(error.value)
    assert sorted(one.name for one in (out / ".training").glob("checkpoint-*")) == ["checkpoint-1", "checkpoint-2"]
    assert train(data, student, out, recipe).continued_from == 2
    assert not (out / ".training").exists()


def test_a_full_disk_at_the_end_is_continued_without_training_again(
    student: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe, out = _recipe(save_steps=2), tmp_path / "out"
    whole = train(data, student, tmp_path / "whole", recipe)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("cotpress.training.student_files._save_model", full)
        with pytest.raises(OutputError, match="No space left on device"):
            train(data, student, out, recipe)
    assert not (out / "training.json").exists()
    again = train(data, student, out, recipe)
    assert again.continued_from == again.steps == 4
    assert [one.loss for one in again.loss] == pytest.approx([one.loss for one in whole.loss], abs=1e-6)


def test_a_checkpoint_that_was_cut_off_is_passed_over(student: Path, data: Path, tmp_path: Path) -> None:
    recipe, out = _recipe(save_steps=2), tmp_path / "out"
    with pytest.MonkeyPatch.context() as patched:
        _fills(patched, "_save_optimizer_and_scheduler", after=1)
        with pytest.raises(OutputError):
            train(data, student, out, recipe)
    half = out / ".training" / "checkpoint-3"
    half.mkdir()
    (half / "adapter_model.safetensors").write_bytes(b"half")
    assert train(data, student, out, recipe).continued_from == 2


def _cut_short(student: Path, data: Path, out: Path) -> Path:
    """A training that ended after its second checkpoint; the folder of the last one."""
    with pytest.MonkeyPatch.context() as patched:
        _fills(patched, "_save_optimizer_and_scheduler", after=2)
        with pytest.raises(OutputError):
            train(data, student, out, _recipe(save_steps=1))
    return out / ".training" / "checkpoint-2"


@pytest.mark.parametrize("file", ["optimizer.pt", "adapter_model.safetensors", "trainer_state.json"])
def test_a_damaged_checkpoint_says_what_to_delete(student: Path, data: Path, tmp_path: Path, file: str) -> None:
    last = _cut_short(student, data, tmp_path / "out")
    (last / file).write_bytes((last / file).read_bytes()[:20])
    with pytest.raises(OutputError, match="cannot be continued from") as told:
        train(data, student, tmp_path / "out", _recipe(save_steps=1))
    assert str(last) in str(told.value)
    shutil.rmtree(last)
    assert train(data, student, tmp_path / "out", _recipe(save_steps=1)).continued_from == 1


def test_a_damaged_note_is_another_run_s(student: Path, data: Path, tmp_path: Path) -> None:
    _cut_short(student, data, tmp_path / "out")
    (tmp_path / "out" / ".training" / "run.json").write_text("")
    with pytest.raises(OutputError, match="--force"):
        train(data, student, tmp_path / "out", _recipe(save_steps=1))
    assert train(data, student, tmp_path / "out", _recipe(save_steps=1), force=True).continued_from is None


def test_a_loss_that_is_no_number_ends_the_training(
    student: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = StudentTrainer.compute_loss
    monkeypatch.setattr(StudentTrainer, "compute_loss", lambda *args, **more: original(*args, **more) * float("nan"))
    with pytest.raises(ModelError, match="loss is nan at step 1"):
        train(data, student, tmp_path / "out", _recipe())


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ({"trackers": ("wandbb",)}, "wandbb is not supported"),
        ({"lora": Lora(targets=("no_proj",))}, "no_proj"),
    ],
)
def test_a_recipe_that_cannot_be_followed_is_told(
    student: Path, data: Path, tmp_path: Path, recipe: dict[str, Any], said: str
) -> None:
    with pytest.raises(OptionError, match=said):
        train(data, student, tmp_path / "out", _recipe(**recipe))


def test_without_a_pad_token_the_end_of_a_turn_keeps_its_loss(
    student: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Path(shutil.copytree(student, tmp_path / "bare"))
    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    tokenizer.pad_token = None
    tokenizer.save_pretrained(bare)
    ended: list[tuple[int, int]] = []
    original = StudentTrainer.compute_loss

    def spying(self: StudentTrainer, model: Any, inputs: dict[str, Any], *rest: Any, **more: Any) -> Any:
        end, labels = tokenizer.eos_token_id, inputs["labels"]
        ended.extend(((row == end).sum().item(), row[row != -100][-1].item()) for row in labels)
        assert (labels[inputs["attention_mask"] == 0] == -100).all()
        return original(self, model, inputs, *rest, **more)

    monkeypatch.setattr(StudentTrainer, "compute_loss", spying)
    done = train(data, bare, tmp_path / "out", _recipe(max_steps=None, epochs=1))
    assert ended == [(1, tokenizer.eos_token_id)] * 16
    assert (
        done.parameters - done.trained_parameters
        == train(data, student, tmp_path / "padded", _recipe(max_steps=1)).parameters - done.trained_parameters
    )  # the vocabulary is as it was


def test_a_tokenizer_with_more_tokens_than_the_model_is_refused(student: Path, data: Path, tmp_path: Path) -> None:
    large = Path(shutil.copytree(student, tmp_path / "large"))
    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    tokenizer.add_tokens(["So we add."])
    tokenizer.save_pretrained(large)
    with pytest.raises(ModelError, match="the model has only"):
        train(data, large, tmp_path / "out", _recipe())


def test_a_folder_with_other_things_is_never_written_to(student: Path, data: Path, tmp_path: Path) -> None:
    for force in (False, True):
        with pytest.raises(OutputError, match="no training left"):
            train(data, student, student, _recipe(), force=force)
    with pytest.raises(OutputError, match="is a file"):
        train(data, student, data, _recipe())


def test_a_folder_is_held_by_one_process(student: Path, data: Path, tmp_path: Path) -> None:
    with open_student_folder(tmp_path / "out", "key"), pytest.raises(OutputError, match="Another process"):
        train(data, student, tmp_path / "out", _recipe())


def test_replacing_leaves_what_others_put_there(student: Path, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    train(data, student, out, _recipe(merge=True))
    (out / "eval").mkdir()
    train(data, student, out, _recipe(full=True), force=True)
    names = {one.name for one in out.iterdir()}
    assert {"eval", "model.safetensors", "training.json"} <= names
    assert not {"merged", "adapter_model.safetensors", ".training", ".training-done"} & names


def test_a_device_and_a_template_that_are_not_there(student: Path, data: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="cuda:7"):
        StudentSpec(make_model_spec(student, device="cuda:7"))
    with pytest.raises(OptionError, match=r"none\.jinja"):
        train(data, StudentSpec(make_model_spec(student), tmp_path / "none.jinja"), tmp_path / "out", _recipe())


def test_whatever_is_wrong_is_told_in_one_line(student: Path, data: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(student, tmp_path / "broken"))
    (broken / "config.json").write_text(json.dumps({"model_type": "llama", "hidden_size": "wide"}))
    with pytest.raises(CotpressError) as error:
        train(data, broken, tmp_path / "out", _recipe())
    assert "\n" not in str(error.value)


def test_the_process_is_left_as_it_was(student: Path, data: Path, tmp_path: Path) -> None:
    import logging
    import os
    import random
    import warnings

    import numpy as np

    train(data, student, tmp_path / "first", _recipe())  # imports what there is to import

    def state() -> tuple[Any, ...]:
        levels = [logging.getLogger(name).level for name in ("transformers", "trl", "datasets", "accelerate")]
        seeds = (random.getstate(), str(np.random.get_state()), torch.get_rng_state().tolist())
        return (dict(os.environ), levels, seeds, list(warnings.filters), torch.is_grad_enabled())

    before = state()
    train(data, student, tmp_path / "second", _recipe())
    assert state() == before
    first, second = (json.loads((tmp_path / name / "training.json").read_text()) for name in ("first", "second"))
    assert [one["loss"] for one in first["loss"]] == [one["loss"] for one in second["loss"]]
