from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")

from cotpress.errors import ModelError  # noqa: E402
from cotpress.models import InferenceLimits  # noqa: E402
from cotpress.signals import Saliency  # noqa: E402
from cotpress.signals.token_classifier import find_keep_label  # noqa: E402
from cotpress.signals.windows import plan_covering_windows  # noqa: E402
from cotpress.types import SignalSource, Trace  # noqa: E402

REASONING = "Let x be the first. Then 3x + 4 = 40, so half of them remain. Hmm, wait: the answer is 42."
SHORT, LONG = Trace("short", "Q", REASONING[:50]), Trace("long", "Q", REASONING * 6)
ROOM = 62  # both models have 64 usable positions


@pytest.fixture(params=["tiny_bert", "tiny_xlmr"])
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def encode(folder: Path, text: str) -> list[int]:
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids


def naive(folder: Path, span: list[int], label: int = 1) -> Any:
    """P(label) from the model as it is loaded by hand, in float64, within its own special tokens."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForTokenClassification.from_pretrained(folder, dtype=torch.float64).eval()
    around = {"bert": ("[CLS]", "[SEP]"), "xlm-roberta": ("<s>", "</s>")}[model.config.model_type]
    start, end = tokenizer.convert_tokens_to_ids(list(around))
    with torch.no_grad():
        logits = model(torch.tensor([[start, *span, end]])).logits
    return logits[0, 1:-1].softmax(-1)[:, label].numpy()


def test_a_classifier_is_a_signal_source(folder: Path) -> None:
    assert isinstance(Saliency(folder), SignalSource)
    assert Saliency(folder).provides == {"keep_probability"}


def test_a_short_trace_is_classified_as_a_whole(folder: Path) -> None:
    [signals] = Saliency(folder).score([SHORT])
    expected = naive(folder, encode(folder, SHORT.reasoning))
    assert np.abs(signals.values["keep_probability"] - expected).max() < 1e-5
    assert expected.std() > 0.03  # the example tells tokens apart
    assert signals.offsets[-1, 1] == 50


def test_a_long_trace_is_classified_in_overlapping_windows(folder: Path) -> None:
    """Every value is that of a window of like length, and of the one in which the token is furthest from a cut."""
    [signals] = Saliency(folder).score([LONG])
    ids = encode(folder, LONG.reasoning)
    windows = plan_covering_windows(len(ids), ROOM, ROOM // 16)
    assert len(windows) > 2
    for window in windows:
        expected = naive(folder, ids[window.begin : window.end])[window.first - window.begin :]
        found = signals.values["keep_probability"][window.first : window.last]
        assert np.abs(found - expected[: len(found)]).max() < 1e-5


def test_padding_changes_nothing(folder: Path) -> None:
    traces = [Trace(str(n), "Q", REASONING[: 4 + 9 * n]) for n in range(9)]
    alone = Saliency(folder, limits=InferenceLimits(batch_tokens=1)).score(traces)
    together = Saliency(folder, limits=InferenceLimits(batch_tokens=10_000)).score(traces)
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one.offsets, other.offsets)
        assert np.abs(one.values["keep_probability"] - other.values["keep_probability"]).max() < 1e-5


def test_a_context_can_be_capped(tiny_bert: Path) -> None:
    [signals] = Saliency(tiny_bert, limits=InferenceLimits(context=32)).score([LONG])
    ids = encode(tiny_bert, LONG.reasoning)
    first = plan_covering_windows(len(ids), 30, 30 // 16)[0]
    expected = naive(tiny_bert, ids[: first.end])[: first.last]
    assert np.abs(signals.values["keep_probability"][: first.last] - expected).max() < 1e-5


def test_empty_reasoning_has_no_tokens(tiny_bert: Path) -> None:
    [signals] = Saliency(tiny_bert).score([Trace("0", "Q", "")])
    assert signals.offsets.shape == (0, 2)
    assert len(signals.values["keep_probability"]) == 0


def test_the_question_plays_no_part(tiny_bert: Path) -> None:
    one, other = Saliency(tiny_bert).score([SHORT, Trace("2", "Another?", SHORT.reasoning, system="S")])
    assert np.allclose(one.values["keep_probability"], other.values["keep_probability"], atol=1e-6)


@pytest.mark.parametrize(
    ("labels", "keep"),
    [
        ({"LABEL_0": 0, "LABEL_1": 1}, 1),
        ({"keep": 0, "drop": 1}, 0),
        ({"discard": 0, "Preserve": 1}, 1),
        ({"PRESERVE": 0, "other": 1}, 0),
    ],
)
def test_the_label_that_means_keep(labels: dict[str, int], keep: int) -> None:
    assert find_keep_label(labels) == keep


def test_a_named_keep_label_is_used(tiny_bert: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_bert, tmp_path / "named"))
    config = json.loads((folder / "config.json").read_text())
    config |= {"id2label": {"0": "keep", "1": "drop"}, "label2id": {"keep": 0, "drop": 1}}
    (folder / "config.json").write_text(json.dumps(config))
    [signals] = Saliency(folder).score([SHORT])
    expected = naive(tiny_bert, encode(tiny_bert, SHORT.reasoning), label=0)
    assert np.abs(signals.values["keep_probability"] - expected).max() < 1e-5


def test_models_of_other_kinds_are_refused(tiny_llama: Path, save_model: Callable[..., Path], tiny_shape: Any) -> None:
    with pytest.raises(ModelError, match="lacks weights"):
        Saliency(tiny_llama).score([SHORT])
    tokenizer, shape = tiny_shape
    three = transformers.BertConfig(**shape(len(tokenizer), num_labels=3))
    with pytest.raises(ModelError, match="3 labels"):
        Saliency(save_model("three", "AutoModelForTokenClassification", three, tokenizer)).score([SHORT])
    other = transformers.LlamaConfig(**shape(len(tokenizer), num_labels=2))
    with pytest.raises(ModelError, match="'llama' model"):
        Saliency(save_model("other", "AutoModelForTokenClassification", other, tokenizer)).score([SHORT])


def test_a_tokenizer_without_special_tokens_is_refused(save_model: Callable[..., Path], tiny_shape: Any) -> None:
    tokenizer, shape = tiny_shape
    config = transformers.BertConfig(**shape(len(tokenizer), num_labels=2))
    with pytest.raises(ModelError, match="no cls and sep"):
        Saliency(save_model("bare", "AutoModelForTokenClassification", config, tokenizer)).score([SHORT])
