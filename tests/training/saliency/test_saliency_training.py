"""From the output of the rules to a classifier that scores traces; and what broken input becomes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from command import cotpress
from tiny_models import byte_tokenizer, save, small

torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")

from cotpress.errors import CotpressError, InputError, ModelError, OptionError, OutputError  # noqa: E402
from cotpress.models import ModelSpec  # noqa: E402
from cotpress.signals import Saliency  # noqa: E402
from cotpress.training.saliency import SaliencyRecipe, SaliencyTrainingStatus, label_text, train_saliency  # noqa: E402
from cotpress.training.saliency.classifier_metrics import auc  # noqa: E402
from cotpress.training.saliency.labels import label_tokens, mark_whitespace  # noqa: E402
from cotpress.types import Trace  # noqa: E402

QUICK = SaliencyRecipe(epochs=12, batch_size=6, learning_rate=3e-3, from_scratch=True)
ONCE = replace(QUICK, epochs=1)


@pytest.fixture(scope="module")
def trained(preserved: Path, shape: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    output = tmp_path_factory.mktemp("trained") / "saliency"
    return output, train_saliency([preserved], shape, output, QUICK)


def test_it_tells_kept_words_from_dropped_ones_when_scoring(
    trained: tuple[Path, dict[str, Any]], preserved: Path
) -> None:
    rows = pq.read_table(preserved / "traces.parquet").to_pylist()
    scored = Saliency(trained[0], device="cpu").score([Trace(row["id"], "", row["original"]) for row in rows])
    chances, labels = [], []
    for row, signals in zip(rows, scored, strict=True):
        assert row["compressed"] != row["original"]
        found = label_text(row["original"], row["compressed"])
        assert found is not None
        assert found.variation_rate == 0
        labels.append(label_tokens(found.kept, mark_whitespace(row["original"]), signals.offsets))
        chances.append(signals.values["keep_probability"])
    area = auc(np.concatenate(chances), np.concatenate(labels) == 1)
    assert area is not None
    assert area > 0.8


def test_the_report_accounts_for_everything(trained: tuple[Path, dict[str, Any]]) -> None:
    output, report = trained
    written = json.loads((output / "training.json").read_text())
    assert {**report, "files": written["files"]} == written
    assert report["rows"] == 24 == report["used"] + report["rejected"]
    assert report["used"] == report["training"]["pairs"] + report["held_out"]["pairs"]
    assert report["steps"] == 12 * -(-report["training"]["windows"] // 6)
    assert report["loss_curve"][-1]["loss"] < report["loss_curve"][0]["loss"] / 2
    assert report["held_out"]["auc"] > 0.8
    assert len(report["epochs"]) == 12
    assert report["encoder"]["dtype"] == "float32"
    assert sorted(path.name for path in output.iterdir()) == sorted([*written["files"], "training.json"])
    assert [path.name for path in output.parent.iterdir()] == ["saliency"]
    config = json.loads((output / "config.json").read_text())
    assert config["label2id"] == {"drop": 0, "keep": 1}


def test_the_same_seed_gives_the_same_weights(preserved: Path, shape: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        train_saliency([preserved], shape, tmp_path / name, replace(ONCE, seed=seed))
    first, again, other = (
        Saliency(tmp_path / name).score([Trace("0", "", "So 3 + 4 = 7.")])[0].values["keep_probability"]
        for name in "abc"
    )
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_a_trained_classifier_is_an_encoder_to_start_from(
    trained: tuple[Path, dict[str, Any]], preserved: Path, tmp_path: Path
) -> None:
    recipe = replace(ONCE, from_scratch=False, learning_rate=1e-6)
    seen: list[SaliencyTrainingStatus] = []
    report = train_saliency([preserved], trained[0], tmp_path / "more", recipe, watch=seen.append)
    assert report["loss_curve"][0]["loss"] < 0.3
    assert [step.steps_done for step in seen] == list(range(1, report["steps"] + 1))
    assert seen[-1].total_steps == report["steps"]


def test_half_precision_is_for_multiplying_alone(preserved: Path, shape: Path, tmp_path: Path) -> None:
    report = train_saliency([preserved], ModelSpec(str(shape), dtype="bfloat16"), tmp_path / "out", ONCE)
    assert report["encoder"]["dtype"] == "bfloat16"
    assert json.loads((tmp_path / "out" / "config.json").read_text())["dtype"] == "float32"


def test_an_encoder_without_a_head_is_given_one(preserved: Path, shape: Path, tmp_path: Path) -> None:
    config = transformers.AutoConfig.from_pretrained(shape)
    transformers.AutoModel.from_config(config).save_pretrained(tmp_path / "bare")
    transformers.AutoTokenizer.from_pretrained(shape).save_pretrained(tmp_path / "bare")
    train_saliency([preserved], tmp_path / "bare", tmp_path / "out", replace(ONCE, from_scratch=False))
    assert Saliency(tmp_path / "out").score([Trace("0", "", "So 7.")])[0].values["keep_probability"].size


def test_pruned_outputs_are_learned_from_their_spans(written: Callable[..., Path], shape: Path, tmp_path: Path) -> None:
    """The text alone would be aligned to the last "so 7"; the spans say it was the first."""
    rows = [
        {"original": f"so {n} hm so {n}", "compressed": f"so {n}", "kept_spans": [[0, len(f"so {n}")]]}
        for n in range(10, 22)
    ]
    report = train_saliency([written("pruned", rows)], shape, tmp_path / "out", replace(QUICK, epochs=30))
    assert report["variation_rate"]["max"] == 0.0
    [signals] = Saliency(tmp_path / "out").score([Trace("0", "", "so 15 hm so 15")])
    chances = signals.values["keep_probability"]
    assert chances[signals.offsets[:, 1] <= 5].mean() > chances[signals.offsets[:, 0] >= 8].mean() + 0.3


def test_every_row_is_used_or_rejected_with_a_reason(
    written: Callable[..., Path], preserved: Path, shape: Path, tmp_path: Path
) -> None:
    bad = [
        {"original": "Hmm, so 7.", "compressed": " "},
        {"original": " ", "compressed": "7"},
        {"original": "Hmm, so 7.", "compressed": "Hmm, so 7.", "flags": ["kept-original"]},
        {"original": "Hmm, so 7.", "compressed": "7", "kept_spans": [[0, 99]]},
        {"original": "a " * 9000, "compressed": "a " * 8000},
        {"original": "Hmm, so 7.", "compressed": "Nothing here is from there."},
    ]
    report = train_saliency([written("bad", bad), preserved], shape, tmp_path / "out", ONCE)
    lines = [json.loads(line) for line in (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()]
    reasons = ["empty", "empty", "kept-original", "bad-spans", "not-alignable", "variation-rate"]
    assert [line["reason"] for line in lines] == reasons
    assert [(Path(line["source"]).name, line["line"]) for line in lines] == [("bad", n) for n in range(1, 7)]
    assert (report["rows"], report["used"], report["rejected"]) == (30, 24, 6)


def test_a_model_is_replaced_only_when_asked(preserved: Path, shape: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    train_saliency([preserved], shape, output, ONCE)
    (output / "notes.txt").write_text("mine")
    stale = output / "stale.model"
    stale.write_text("of the earlier training")
    about = json.loads((output / "training.json").read_text())
    outside = tmp_path / "outside"
    outside.touch()
    (output / "training.json").write_text(json.dumps({**about, "files": [*about["files"], stale.name, "../outside"]}))
    with pytest.raises(OutputError, match="--force"):
        train_saliency([preserved], shape, output, ONCE)
    report = train_saliency([preserved], shape, output, replace(ONCE, seed=5), force=True)
    assert json.loads((output / "training.json").read_text())["recipe"] == report["recipe"]
    assert (output / "notes.txt").read_text() == "mine"
    assert not stale.exists()
    assert outside.exists()


def test_a_full_disk_leaves_the_earlier_model(
    preserved: Path, shape: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    train_saliency([preserved], shape, output, ONCE)
    before = {path.name: path.read_bytes() for path in output.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("transformers.PreTrainedModel.save_pretrained", full)
    with pytest.raises(OutputError, match="No space left"):
        train_saliency([preserved], shape, output, ONCE, force=True)
    assert {path.name: path.read_bytes() for path in output.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def encoder(kind: str, shape: Path, folder: Path) -> Path:
    """A folder with something that cannot be trained."""
    if kind == "causal":
        config = transformers.LlamaConfig(**small(300, num_key_value_heads=2))
        return save(folder / kind, "AutoModelForCausalLM", config, byte_tokenizer())
    shutil.copytree(shape, folder / kind)
    if kind == "no tokenizer":
        for path in (folder / kind).glob("tokenizer*"):
            path.unlink()
    if kind == "no special tokens":
        byte_tokenizer().save_pretrained(folder / kind)
    if kind == "small vocabulary":
        transformers.BertConfig(**small(100)).save_pretrained(folder / kind)
    if kind == "broken config":
        (folder / kind / "config.json").write_text("{")
    return folder / kind


@pytest.mark.parametrize(
    ("kind", "scratch", "says"),
    [
        ("causal", False, "is a 'llama' model"),
        ("no tokenizer", True, "knows no words"),
        ("no special tokens", True, "names no cls and sep tokens"),
        ("small vocabulary", True, "the encoder knows 100"),
        ("broken config", True, "is no JSON"),
        ("no weights", False, "--from-scratch"),
    ],
)
def test_encoders_that_cannot_be_trained(
    kind: str, scratch: bool, says: str, preserved: Path, shape: Path, tmp_path: Path
) -> None:
    folder = encoder(kind, shape, tmp_path)
    with pytest.raises(ModelError, match=says) as failed:
        train_saliency([preserved], folder, tmp_path / "out", replace(ONCE, from_scratch=scratch))
    assert "\n" not in str(failed.value)
    assert not (tmp_path / "out").exists()


def test_inputs_that_are_none(written: Callable[..., Path], shape: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "traces.parquet").write_text("PAR1")
    alike = {"original": "So 7.", "compressed": "So 7."}
    cases = [
        (tmp_path / "nowhere", "There is no folder"),
        (tmp_path / "other", "holds no traces.parquet"),
        (tmp_path / "torn", "cannot be read"),
        (written("none", []), "no rows at all"),
        (written("blank", [{"original": "So 7.", "compressed": ""}]), "no usable pair.*1 empty"),
        (written("alike", [alike, alike]), "no training pair drops a token"),
    ]
    for folder, says in cases:
        with pytest.raises(InputError, match=says):
            train_saliency([folder], shape, tmp_path / "out", ONCE)
    with pytest.raises(InputError):
        train_saliency([], shape, tmp_path / "out", ONCE)


def test_a_loss_that_is_no_number_ends_the_training(preserved: Path, shape: Path, tmp_path: Path) -> None:
    model = transformers.AutoModelForTokenClassification.from_config(transformers.AutoConfig.from_pretrained(shape))
    model.classifier.weight.data.fill_(float("nan"))
    model.save_pretrained(tmp_path / "nan")
    transformers.AutoTokenizer.from_pretrained(shape).save_pretrained(tmp_path / "nan")
    with pytest.raises(ModelError, match="--learning-rate"):
        train_saliency([preserved], tmp_path / "nan", tmp_path / "out", replace(ONCE, from_scratch=False))


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"batch": 0}, {"learning_rate": 0.0}, {"held_out": 1.0}])
def test_values_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        SaliencyRecipe(**wrong)


def test_a_dtype_that_cannot_be_trained_in_is_refused(shape: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no dtype to train in"):
        train_saliency([tmp_path], ModelSpec(str(shape), dtype="float16"), tmp_path / "out", ONCE)


def test_the_command_line(preserved: Path, shape: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    options = ("--encoder", shape, "-o", tmp_path / "out", "--epochs", 2, "--from-scratch", "--device", "cpu")
    assert cotpress("train-saliency", preserved, *options, "--learning-rate", 1e-3, "--json", "--quiet") == 0
    told = capfd.readouterr()
    assert json.loads(told.out)["recipe"]["epochs"] == 2
    assert told.err == ""
    assert cotpress("train-saliency", preserved, *options) == OutputError.exit_code
    assert capfd.readouterr().err.count("\n") == 1
    assert cotpress("train-saliency", preserved, *options, "--force") == 0
    told = capfd.readouterr()
    assert "24 of 24 pairs used, 0 rejected" in told.out
    assert "auc" in told.out
    assert "epoch 2, loss" in told.err
    traces = preserved.parent / "traces.jsonl"
    scoring = ("--criterion", "saliency", "--model", tmp_path / "out", "--store", tmp_path / "store", "-q")
    assert cotpress("compress", traces, "-o", tmp_path / "c", "--granularity", "token", "--keep", 0.5, *scoring) == 0


def test_a_failure_is_one_line(preserved: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = cotpress("train-saliency", preserved, "--encoder", tmp_path / "none", "-o", tmp_path / "out")
    assert code == ModelError.exit_code
    assert issubclass(ModelError, CotpressError)
    assert capfd.readouterr().err.count("\n") == 1
