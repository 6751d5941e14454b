"""Whole trainings of a tiny student: what gets a loss, what is the same, what is continued, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from cotpress.errors import CotpressError, InputError, ModelError, OptionError, OutputError
from cotpress.models import make_model_spec
from cotpress.storage import build_write_error
from cotpress.training import (
    Lora,
    StudentSpec,
    TrainingRecipe,
    TrainingResult,
    find_recipe_name,
    list_recipe_names,
    load_recipe,
    train,
)
from cotpress.training.trainer import StudentTrainer


def _recipe(**more: object) -> TrainingRecipe:
    return TrainingRecipe(
        **{"max_steps": 6, "batch_size": 4, "accumulation": 1, "max_length": 256, "learning_rate": 1e-2, **more}
    )


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "adapter_model.safetensors")


def _losses(training: TrainingResult) -> list[float]:
    return [point.loss for point in training.loss]


def test_a_training_leaves_an_adapter_and_says_what_it_did(student: Path, data: Path, tmp_path: Path) -> None:
    done = train([data], student, tmp_path / "out", _recipe(max_steps=30))
    assert done.final_loss < 0.9 * done.loss[0].loss
    told = json.loads((tmp_path / "out" / "training.json").read_text())
    assert told["data"]["examples"] == 16
    assert told["method"] == "lora"
    assert {"torch", "trl", "peft", "cotpress", "python"} <= set(told["versions"])
    assert told["tokens"] > told["loss_tokens"] > 0
    assert len(told["loss"]) == told["steps"] == 30
    assert (tmp_path / "out" / "tokenizer.json").is_file()
    assert _weights(tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.bin"))


def test_prompts_and_padding_get_no_loss(
    student: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very labels that reach the model, against the text that they should be."""
    from transformers import AutoTokenizer

    seen: list[tuple[list[int], list[int]]] = []
    original = StudentTrainer.compute_loss

    def spying(self: StudentTrainer, model: object, inputs: dict[str, torch.Tensor], *rest: object, **more: object):
        seen.extend(zip(inputs["input_ids"].tolist(), inputs["labels"].tolist(), strict=True))
        return original(self, model, inputs, *rest, **more)

    monkeypatch.setattr(StudentTrainer, "compute_loss", spying)
    train([data], student, tmp_path / "out", _recipe(max_steps=None, epochs=1))
    tokenizer = AutoTokenizer.from_pretrained(student)
    rows = [json.loads(line) for line in data.read_text().splitlines()]
    learned = sorted(tokenizer.decode([one for one in labels if one != -100]) for _, labels in seen)
    assert learned == sorted(f"{row['completion'][0]['content']}</s>" for row in rows)
    for ids, labels in seen:
        marked = [at for at, label in enumerate(labels) if label != -100]
        assert [ids[at] for at in marked] == [labels[at] for at in marked]
        assert tokenizer.decode(ids[: marked[0]]).endswith("<s>assistant\n")


def test_accumulated_batches_give_the_loss_of_one_large_batch(student: Path, data: Path, tmp_path: Path) -> None:
    one = train([data], student, tmp_path / "a", _recipe(batch_size=1, accumulation=8))
    other = train([data], student, tmp_path / "b", _recipe(batch_size=8, accumulation=1))
    assert _losses(one) == pytest.approx(_losses(other), abs=1e-5)


class _Stopped(Exception):
    pass


class _StopsAfter:
    """A progress that breaks the run off after so many steps, earlier runs' included."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def say(self, line: str) -> None: ...

    def start(self, task: str, total: int | None, before: int = 0) -> None:
        self.left -= before

    def advance(self, steps: int, /) -> None:
        self.left -= steps
        if self.left < 0:
            raise _Stopped

    def note(self, line: str) -> None: ...

    def done(self) -> None: ...


@pytest.mark.parametrize("steps", [2, 3])  # at the end of an epoch, and in the middle of one
def test_a_resumed_training_equals_an_uninterrupted_one(student: Path, data: Path, tmp_path: Path, steps: int) -> None:
    recipe = _recipe(save_steps=steps, max_steps=11, lora=Lora(dropout=0.2))
    whole = train([data], student, tmp_path / "whole", recipe)
    for stop in (4, 6):  # two starts that are broken off
        with pytest.raises(_Stopped):
            train([data], student, tmp_path / "cut", recipe, progress=_StopsAfter(stop))
    assert not (tmp_path / "cut" / "training.json").exists()
    resumed = train([data], student, tmp_path / "cut", recipe)
    assert resumed.continued_from == {2: 6, 3: 6}[steps]
    assert _losses(resumed) == pytest.approx(_losses(whole), abs=1e-6)
    one, other = _weights(tmp_path / "whole"), _weights(tmp_path / "cut")
    assert all(np.allclose(one[name], other[name], atol=1e-6) for name in one)
    assert (resumed.tokens, resumed.loss_tokens) == (whole.tokens, whole.loss_tokens)


def test_another_recipe_does_not_continue_an_unfinished_run(student: Path, data: Path, tmp_path: Path) -> None:
    with pytest.raises(_Stopped):
        train([data], student, tmp_path / "cut", _recipe(save_steps=2), progress=_StopsAfter(4))
    with pytest.raises(OutputError, match="unfinished training with another recipe"):
        train([data], student, tmp_path / "cut", _recipe(save_steps=2, seed=1))


def test_a_full_disk_at_a_checkpoint_keeps_the_earlier_ones(
    student: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = StudentTrainer._save_checkpoint
    saved: list[int] = []

    def filling(self: StudentTrainer, *arguments: object, **more: object) -> object:
        saved.append(self.state.global_step)
        if len(saved) == 2:
            raise build_write_error(tmp_path, OSError(28, "No space left on device"))
        return original(self, *arguments, **more)

    with monkeypatch.context() as patched:
        patched.setattr(StudentTrainer, "_save_checkpoint", filling)
        with pytest.raises(OutputError, match="No space left on device"):
            train([data], student, tmp_path / "out", _recipe(save_steps=2))
    assert train([data], student, tmp_path / "out", _recipe(save_steps=2)).continued_from == 2


def test_what_is_too_long_or_broken_is_rejected_with_its_reason(student: Path, data: Path, tmp_path: Path) -> None:
    long = {"prompt": [{"role": "user", "content": "q"}], "completion": [{"role": "assistant", "content": "x " * 500}]}
    with data.open("a") as file:
        file.write(json.dumps(long) + "\n" + "{not json\n" + json.dumps({"text": "a"}) + "\n")
    done = train([data], student, tmp_path / "out", _recipe(max_length=128))
    assert (done.data.examples, done.data.rejected) == (16, 3)
    rejected = [json.loads(line) for line in (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()]
    assert sorted(row["line"] for row in rejected) == [17, 18, 19]
    assert "too-long" in {row["reason"] for row in rejected}


def test_full_training_and_merging_leave_models(student: Path, data: Path, tmp_path: Path) -> None:
    train([data], student, tmp_path / "full", _recipe(full=True, max_steps=2))
    assert (tmp_path / "full" / "model.safetensors").is_file()
    train([data], student, tmp_path / "lora", _recipe(merge=True, max_steps=2))
    assert (tmp_path / "lora" / "merged" / "model.safetensors").is_file()


def test_packed_examples_do_not_see_each_other(student: Path, data: Path, tmp_path: Path) -> None:
    """All examples in one step: their loss is the same, in rows of one example each or in full rows."""
    apart = train([data], student, tmp_path / "apart", _recipe(batch_size=16, max_steps=2))
    packed = train(
        [data], student, tmp_path / "packed", _recipe(packing=True, batch_size=1, accumulation=16, max_steps=2)
    )
    assert _losses(packed) == pytest.approx(_losses(apart), abs=1e-4)
    assert (packed.tokens, packed.loss_tokens) == (apart.tokens, apart.loss_tokens)


def test_checkpointed_gradients_are_the_same(student: Path, data: Path, tmp_path: Path) -> None:
    plain = train([data], student, tmp_path / "plain", _recipe())
    saving = train([data], student, tmp_path / "saving", _recipe(gradient_checkpointing=True))
    assert _losses(saving) == pytest.approx(_losses(plain), abs=1e-5)


def test_a_merged_model_is_its_adapter_over_the_base(student: Path, data: Path, tmp_path: Path) -> None:
    from cotpress.models import ModelLoader, ModelSpec

    train([data], student, tmp_path / "out", _recipe(merge=True))
    both = [
        ModelLoader(ModelSpec(str(place), device="cpu")).load_model("AutoModelForCausalLM")
        for place in (tmp_path / "out", tmp_path / "out" / "merged", student)
    ]
    ids = torch.arange(3, 40)[None]
    adapted, merged, base = (model(ids).logits for model in both)
    assert torch.allclose(adapted, merged, atol=1e-5)
    assert not torch.allclose(adapted, base, atol=1e-2)
    assert both[1].config.use_cache


@pytest.mark.parametrize(
    ("rows", "error"),
    [("", InputError), ('{"text": "a"}\n', InputError), ("{not json\n", InputError)],
)
def test_nothing_to_train_on_is_an_error(student: Path, tmp_path: Path, rows: str, error: type[CotpressError]) -> None:
    path = tmp_path / "sft.jsonl"
    path.write_text(rows)
    with pytest.raises(error):
        train([path], student, tmp_path / "out", _recipe())
    assert not (tmp_path / "out" / "training.json").exists()


def test_a_finished_folder_is_not_replaced_unasked(student: Path, data: Path, tmp_path: Path) -> None:
    train([data], student, tmp_path / "out", _recipe(max_steps=1))
    with pytest.raises(OutputError, match="holds a finished training"):
        train([data], student, tmp_path / "out", _recipe(max_steps=1))
    assert train([data], student, tmp_path / "out", _recipe(max_steps=1), force=True).steps == 1


def test_students_that_cannot_be_trained_are_named(student: Path, data: Path, tmp_path: Path) -> None:
    import shutil

    with pytest.raises(ModelError):
        train([data], tmp_path / "nowhere", tmp_path / "out", _recipe())
    broken = tmp_path / "broken"
    shutil.copytree(student, broken)
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        train([data], broken, tmp_path / "out2", _recipe())
    bare = tmp_path / "bare"
    shutil.copytree(student, bare)
    (bare / "chat_template.jinja").unlink()
    with pytest.raises(ModelError, match="no chat template"):
        train([data], bare, tmp_path / "out3", _recipe())
    template = tmp_path / "template.jinja"
    template.write_text((student / "chat_template.jinja").read_text())
    assert (
        train([data], StudentSpec(make_model_spec(bare), template), tmp_path / "out4", _recipe(max_steps=1)).steps == 1
    )
    train([data], student, tmp_path / "adapter", _recipe(max_steps=1))
    with pytest.raises(ModelError, match="is an adapter"):
        train([data], tmp_path / "adapter", tmp_path / "out5", _recipe(max_steps=1))


@pytest.mark.parametrize("name", list_recipe_names())
def test_recipes_that_come_with_the_package_are_sound(name: str) -> None:
    assert load_recipe(name).max_length >= 512


def test_a_student_finds_its_recipe() -> None:
    assert find_recipe_name("Qwen/Qwen2.5-0.5B-Instruct") == "qwen2.5-0.5b-instruct"
    assert find_recipe_name("meta-llama/Llama-3.1-8B-Instruct") == "llama-3.1-8b-instruct"
    assert find_recipe_name("world-llama") == "world"
    assert find_recipe_name("someone/else") == "default"


def test_a_faulty_recipe_tells_all_its_faults() -> None:
    with pytest.raises(OptionError) as error:
        TrainingRecipe(epoch=3, batch_size=0, learning_rate="fast")
    assert "did you mean 'epochs'" in str(error.value)
    assert "batch_size" in str(error.value)
    assert "learning_rate" in str(error.value)
