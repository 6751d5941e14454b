"""Making tiny models: a tokenizer that loses nothing, training that learns, and folders that load like real ones."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("torch", reason="making models needs torch")

from cotpress.chat import LocalChat
from cotpress.errors import ModelError, OptionError
from cotpress.evaluation import ChatStudentConfig, EvaluationConfig, evaluate, open_student
from cotpress.evaluation.benchmarks import load_benchmark
from cotpress.models import EMBEDDED_MODELS, EMBEDDED_STUDENTS, ModelLoader, ModelSpec, embedded_folder
from cotpress.signals import LM, Saliency
from cotpress.training.tiny_models import (
    FAMILIES,
    DataMixture,
    PretrainingPhase,
    PretrainingStatus,
    create_base_model,
    make_base_student,
    make_saliency_encoder,
    make_tokenizer,
    pretrain,
    store_model,
    train_tokenizer,
)
from cotpress.training.tiny_models.builders import TOKENS_READ_FILE
from cotpress.training.tiny_models.pretraining import (
    IGNORED_LABEL,
    PEAK_LEARNING_RATE,
    WARM_UP_STEPS,
    collate,
    compute_pretraining_rate,
)
from cotpress.training.tiny_models.pretraining_data import BATCH_TOKENS, encode_example, make_pretraining_batches
from cotpress.world import sample

allclose = importlib.import_module("torch").allclose
SNACK = (DataMixture(15_000, {("math", "short"): 1.0}),)
CRUMB = (DataMixture(1_500, {("math", "short"): 1.0}),)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return make_tokenizer()


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A corpus is read by the chunk: smaller ones for smaller corpora."""
    monkeypatch.setattr("cotpress.training.tiny_models.pretraining_data.CHUNK_TRACES", 100)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_comes_back_from_the_tokenizer(tokenizer: Any, text: str) -> None:
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text.encode("utf-8", "replace").decode("utf-8", "replace")


def test_words_of_the_world_are_few_tokens(tokenizer: Any) -> None:
    traces = [one.trace.reasoning for one in sample("math", "long", 20)]
    words, tokens = sum(len(one.split()) for one in traces), sum(len(tokenizer(one)["input_ids"]) for one in traces)
    assert tokens < 1.5 * words


def test_prompt_and_completion_follow_the_chat_template(tokenizer: Any) -> None:
    prompt, completion = encode_example(tokenizer, "b = 3. What is b?", "The answer is 3.")
    assert tokenizer.decode(prompt) == "<|user|>b = 3. What is b?<|assistant|>"
    assert tokenizer.decode(completion) == "The answer is 3.<|end|>"


def test_batches_are_full_bounded_and_the_same_again(tokenizer: Any) -> None:
    first, again = (list(make_pretraining_batches(tokenizer, SNACK, seed=1)) for _ in range(2))
    assert first == again
    widths = [len(batch) * max(len(prompt) + len(completion) for prompt, completion in batch) for batch in first]
    assert max(widths) <= BATCH_TOKENS
    assert sum(len(p) + len(c) for batch in first for p, c in batch) >= SNACK[0].tokens
    assert first != list(make_pretraining_batches(tokenizer, SNACK, seed=2))


def test_prompts_and_padding_get_no_loss() -> None:
    tensors = collate([([5, 6], [7]), ([5], [8, 9, 1])], pad=0, device="cpu")
    assert tensors["input_ids"].tolist() == [[5, 6, 7, 0], [5, 8, 9, 1]]
    assert tensors["labels"].tolist() == [[IGNORED_LABEL, IGNORED_LABEL, 7, IGNORED_LABEL], [IGNORED_LABEL, 8, 9, 1]]
    assert tensors["attention_mask"].tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]


def test_the_rate_rises_then_falls() -> None:
    assert compute_pretraining_rate(1, 0.0) == pytest.approx(PEAK_LEARNING_RATE / WARM_UP_STEPS)
    assert compute_pretraining_rate(WARM_UP_STEPS, 0.0) == pytest.approx(PEAK_LEARNING_RATE)
    assert PEAK_LEARNING_RATE == compute_pretraining_rate(1000, 0.5) > compute_pretraining_rate(2000, 0.9) > 0
    assert compute_pretraining_rate(1000, 0.2, 1e-4) == pytest.approx(1e-4)


@pytest.mark.parametrize("family", list(FAMILIES))
def test_training_learns_and_the_folder_loads_like_any_model(tokenizer: Any, family: str, tmp_path: Path) -> None:
    steps: list[PretrainingStatus] = []
    model = pretrain(
        create_base_model(family, tokenizer), tokenizer, (PretrainingPhase(SNACK, 3e-3),), watch=steps.append
    )
    assert steps[-1].loss < 0.6 * steps[0].loss
    assert steps[-1].tokens >= steps[-1].total_tokens
    size = sum(parameter.numel() for parameter in model.parameters())
    assert 500_000 < size < 1_500_000
    store_model(model, tokenizer, tmp_path / "base")
    assert not list((tmp_path / "base").glob("*.bin"))
    [signals] = LM(tmp_path / "base").score([sample("math", "short", 1)[0].trace])
    assert LM(tmp_path / "base").identity["dtype"] == "float32"
    assert set(signals.values) == {"nll", "entropy"}
    assert "float32" in LocalChat(tmp_path / "base").endpoint


def test_training_goes_on_from_earlier_weights_with_another_tokenizer(tokenizer: Any, tmp_path: Path) -> None:
    earlier = train_tokenizer(["b = 3. What is b?"], vocabulary=280)
    start = create_base_model("world-llama", earlier)
    store_model(start, earlier, tmp_path / "start")
    model = create_base_model("world-llama", tokenizer, seed=1, start=tmp_path / "start")
    old, new = start.float().state_dict(), model.state_dict()
    for name, values in new.items():
        if "embed_tokens" not in name and "lm_head" not in name:
            assert allclose(values, old[name], atol=1e-2), name  # stored in half precision
    [token] = tokenizer("b", add_special_tokens=False)["input_ids"]
    [number] = earlier("b", add_special_tokens=False)["input_ids"]
    embeddings = "model.embed_tokens.weight"
    assert allclose(new[embeddings][token], old[embeddings][number], atol=1e-2)
    [word] = tokenizer(" key", add_special_tokens=False)["input_ids"]
    pieces = earlier(" key", add_special_tokens=False)["input_ids"]
    assert len(pieces) > 1
    assert allclose(new[embeddings][word], old[embeddings][pieces].mean(dim=0), atol=1e-2)


def test_a_base_student_knows_what_it_read(tokenizer: Any, tmp_path: Path) -> None:
    make_base_student("world-llama", tmp_path, (PretrainingPhase(CRUMB, 3e-3),))
    read = json.loads((tmp_path / TOKENS_READ_FILE).read_text())
    assert sum(read.values()) >= CRUMB[0].tokens
    assert all(0 <= int(token) < len(tokenizer) for token in read)


def test_an_encoder_is_a_token_classifier(tmp_path: Path) -> None:
    make_saliency_encoder(tmp_path / "encoder")
    [signals] = Saliency(tmp_path / "encoder").score([sample("math", "short", 1)[0].trace])
    assert "keep_probability" in signals.values


def test_an_unknown_family_is_refused(tokenizer: Any) -> None:
    with pytest.raises(OptionError, match="Did you mean 'world-llama'"):
        create_base_model("world-lama", tokenizer)


FOLDERS = sorted(embedded_folder().glob("world-*"))


def test_the_embedded_models_are_there_and_small() -> None:
    files = [file for file in embedded_folder().rglob("*") if file.is_file()]
    assert {file.parent.name for file in files} == set(EMBEDDED_MODELS)
    assert sum(file.stat().st_size for file in files) <= 6_000_000
    assert {file.suffix for file in files} <= {".safetensors", ".json", ".jinja"}


@pytest.mark.parametrize("name", EMBEDDED_STUDENTS)
def test_embedded_students_score_by_name(name: str) -> None:
    trace = sample("math", "short", 1, seed=4)[0].trace
    [signals] = LM(name).score([trace])
    assert signals.values["nll"].mean() < 1.0  # it knows the world


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_embedded_models_are_read_with_the_tokenizer_that_they_were_trained_with(folder: Path) -> None:
    """`AutoTokenizer` of transformers 5 would cut text for a qwen2 by rules of its own."""
    tokenizer = ModelLoader(ModelSpec(str(folder), device="cpu")).load_tokenizer()
    own = importlib.import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
    for kind in (("math", "long"), ("general", "long")):
        text = sample(*kind, 1)[0].trace.reasoning
        assert tokenizer(text)["input_ids"] == own.encode(text).ids


@pytest.mark.parametrize("name", EMBEDDED_STUDENTS)
def test_embedded_students_solve_what_they_were_taught_and_are_verbose(name: str) -> None:
    items = {f"world_{domain}": load_benchmark(f"world_{domain}", limit=12) for domain in ("math", "general")}
    rows = evaluate(open_student(ChatStudentConfig(ModelSpec(name), batch_size=24)), items, EvaluationConfig(720)).rows
    assert sum(row.outcome == "right" for row in rows) >= 17  # chance is 4
    assert sum(row.reasoning_tokens for row in rows) / len(rows) > 200  # short traces have about 70


def test_a_model_that_is_not_made_yet_says_how_to_make_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cotpress.models.embedded_models.embedded_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match="cotpress world train-base --only world-llama"):
        LM("world-llama").score([sample("math", "short", 1)[0].trace])
