"""Naming, finding and loading models: identity without weights, and what cannot be used."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")

from cotpress import errors  # noqa: E402
from cotpress.errors import CotpressError, MissingExtraError, ModelError, OptionError  # noqa: E402
from cotpress.models import InferenceLimits, ModelLoader, placement, resolution  # noqa: E402
from cotpress.signals import LM, Saliency, lm_loader  # noqa: E402
from cotpress.signals.lm_head import LMHead  # noqa: E402
from cotpress.types import Trace  # noqa: E402

TRACE = Trace("1", "What is x?", "Let x be 12. Then 3x + 4 = 40.")


@pytest.fixture
def copy(tiny_llama: Path, tmp_path: Path) -> Path:
    """A model folder that a test may spoil."""
    return Path(shutil.copytree(tiny_llama, tmp_path / tiny_llama.name))


def edit_json(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_identity_needs_no_loading(tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ModelLoader, "load_model", None)
    monkeypatch.setattr(ModelLoader, "load_tokenizer", None)
    identity = LM(tiny_llama).identity
    assert set(identity) == {"source", "policy", "model", "revision", "tokenizer", "dtype", "prompt", "context"}
    assert identity["dtype"] == "float32"
    assert identity["prompt"] == "chat template"
    assert all(isinstance(value, str) for value in identity.values())


def test_identity_is_of_the_content_not_the_place(tiny_llama: Path, copy: Path) -> None:
    assert LM(copy).identity == LM(tiny_llama).identity == LM(str(tiny_llama)).identity


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (lambda folder: edit_json(folder / "config.json", rms_norm_eps=0.1), "revision"),
        (lambda folder: (folder / "chat_template.jinja").write_text("{{ messages }}"), "tokenizer"),
        (lambda folder: (folder / "chat_template.jinja").unlink(), "prompt"),
    ],
)
def test_identity_changes_with_the_files(
    tiny_llama: Path, copy: Path, spoil: Callable[[Path], Any], field: str
) -> None:
    spoil(copy)
    assert LM(copy).identity[field] != LM(tiny_llama).identity[field]


def test_identity_changes_with_the_weights(tiny_llama: Path, copy: Path) -> None:
    weights = bytearray((copy / "model.safetensors").read_bytes())
    weights[-3] ^= 1
    (copy / "model.safetensors").write_bytes(weights)
    assert LM(copy).identity["revision"] != LM(tiny_llama).identity["revision"]
    assert LM(copy).identity["tokenizer"] == LM(tiny_llama).identity["tokenizer"]


def test_identity_changes_with_what_is_asked(tiny_llama: Path) -> None:
    seen = [LM(tiny_llama), LM(tiny_llama, dtype="bfloat16"), LM(tiny_llama, limits=InferenceLimits(context=64))]
    assert len({json.dumps(dict(lm.identity)) for lm in seen}) == 3
    same = LM(tiny_llama, device="cpu", limits=InferenceLimits(batch_tokens=64))
    assert same.identity == LM(tiny_llama, device="cpu").identity


def test_a_large_file_is_sampled_at_both_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolution, "HASHED_SAMPLE_BYTES", 64)
    data = bytearray(np.random.default_rng(0).bytes(64 * 64 * 10))
    seen = set()
    for at in (None, 0, len(data) - 70):
        changed = data.copy()
        if at is not None:
            changed[at] ^= 1
        (tmp_path / "weights").write_bytes(changed)
        seen.add(resolution.fingerprint([tmp_path / "weights"]))
    assert len(seen) == 3


def test_the_dtype_follows_hardware_and_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    for fast, stored, expected in [
        (True, "bfloat16", "bfloat16"),
        (True, "float32", "float32"),
        (True, "", "bfloat16"),
        (False, "bfloat16", "float32"),
    ]:
        monkeypatch.setattr(placement, "has_fast_bfloat16", lambda kind, fast=fast: fast)
        assert placement.choose_placement("cpu", "", stored).dtype == expected
    assert placement.choose_placement("cpu", "float16", "float32").dtype == "float16"


def test_loading_is_silent(tiny_llama: Path, capfd: pytest.CaptureFixture[str]) -> None:
    transformers.utils.logging.enable_progress_bar()
    try:
        LM(tiny_llama).score([TRACE])
    finally:
        transformers.utils.logging.disable_progress_bar()
    assert capfd.readouterr() == ("", "")


def test_a_hub_model_is_taken_at_one_commit(tiny_llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that is a folder: what is asked of it, and that the commit is pinned from then on."""
    commit = "0123456789abcdef0123456789abcdef01234567"
    snapshot = tmp_path / "models--org--name" / "snapshots" / commit
    shutil.copytree(tiny_llama, snapshot)
    asked = []

    def download(repository: str, file: str, revision: str | None = None, **_: object) -> str:
        asked.append((repository, file, revision))
        if not (snapshot / file).exists():
            raise FileNotFoundError(file)
        return str(snapshot / file)

    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    identity = LM("org/name", revision="v1").identity
    assert asked[0] == ("org/name", "config.json", "v1")
    assert {revision for _, _, revision in asked[1:]} == {commit}
    assert (identity["model"], identity["revision"], identity["prompt"]) == ("org/name", commit, "chat template")
    found = resolution.resolve_model("org/name")
    found.download()
    assert asked[-1] == ("org/name", "model.safetensors", commit)
    assert found.arguments == {"revision": commit}


def bert_as_lm(save_model: Callable[..., Path], tiny_shape: Any) -> Path:
    tokenizer, shape = tiny_shape
    return save_model("bertlm", "AutoModelForCausalLM", transformers.BertConfig(**shape(len(tokenizer))), tokenizer)


def test_a_model_that_looks_ahead_is_refused(save_model: Callable[..., Path], tiny_shape: Any) -> None:
    with pytest.raises(ModelError, match="looks ahead"):
        LM(bert_as_lm(save_model, tiny_shape)).score([TRACE])


def test_an_unknown_kind_of_head_is_refused(tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers that are not the model's own never come out: here a scaling that nobody told us of."""
    honest = lm_loader.find_lm_head
    monkeypatch.setattr(lm_loader, "find_lm_head", lambda model, name: LMHead(honest(model, name).weight, scale=0.5))
    with pytest.raises(ModelError, match=r"not known here.*another architecture"):
        LM(tiny_llama).score([TRACE])


def test_a_model_without_a_cache_runs_in_one_piece(tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transformers.DynamicCache", None)
    lm = LM(tiny_llama)
    assert len(lm.score([TRACE])[0]) > 0
    assert not lm._loaded.runner.backbone.supports_cache


def test_weights_that_are_not_finite_are_refused(copy: Path) -> None:
    model = transformers.AutoModelForCausalLM.from_pretrained(copy)
    model.model.norm.weight.data[0] = float("nan")
    model.save_pretrained(copy)
    with pytest.raises(ModelError, match="not finite"):
        LM(copy).score([TRACE])


def test_running_out_of_memory_says_what_to_lower(tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lm = LM(tiny_llama)
    lm.score([TRACE])

    def full(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr("cotpress.signals.causal_lm.compute_nll_and_entropy", full)
    with pytest.raises(ModelError, match="batch_tokens"):
        lm.score([TRACE])


def no_file(folder: Path) -> str:
    return str(folder / "nowhere")


def no_config(folder: Path) -> str:
    (folder / "config.json").unlink()
    return str(folder)


def bad_config(folder: Path) -> str:
    (folder / "config.json").write_text("{ not json")
    return str(folder)


def unknown_type(folder: Path) -> str:
    edit_json(folder / "config.json", model_type="nonesuch")
    return str(folder)


def own_code(folder: Path) -> str:
    edit_json(
        folder / "config.json", model_type="own", auto_map={"AutoConfig": "own.Own", "AutoModelForCausalLM": "own.M"}
    )
    return str(folder)


def no_weights(folder: Path) -> str:
    (folder / "model.safetensors").unlink()
    return str(folder)


def cut_weights(folder: Path) -> str:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:2000])
    return str(folder)


def other_weights(folder: Path) -> str:
    edit_json(
        folder / "config.json", model_type="gpt2", n_embd=32, n_layer=1, n_head=4, architectures=["GPT2LMHeadModel"]
    )
    return str(folder)


def no_tokenizer(folder: Path) -> str:
    for path in [*folder.glob("tokenizer*"), *folder.glob("*.jinja")]:
        path.unlink()
    return str(folder)


def bad_tokenizer(folder: Path) -> str:
    (folder / "tokenizer.json").write_text("{}")
    return str(folder)


def slow_tokenizer(folder: Path) -> str:
    """CANINE's tokenizer is written in Python: it splits into characters and keeps no offsets."""
    no_tokenizer(folder)
    transformers.CanineTokenizer().save_pretrained(folder)
    return str(folder)


def not_a_gguf(folder: Path) -> str:
    (folder / "model.gguf").write_bytes(b"PK\x03\x04 something else")
    return str(folder / "model.gguf")


def empty_gguf(folder: Path) -> str:
    (folder / "model.gguf").write_bytes(b"")
    return str(folder / "model.gguf")


def cut_gguf(folder: Path) -> str:
    (folder / "model.gguf").write_bytes(b"GGUF\x03\x00\x00\x00")
    return str(folder / "model.gguf")


def gone_gguf(folder: Path) -> str:
    return "gone.gguf"


def no_such_hub_id(folder: Path) -> str:
    return "org/name"


def no_hub_id_at_all(folder: Path) -> str:
    return "two words"


def nothing(folder: Path) -> str:
    return ""


SPOILED = [
    (no_file, "There is no model at"),
    (no_config, "holds no config.json"),
    (bad_config, "cannot be loaded"),
    (unknown_type, "cannot be loaded"),
    (own_code, "trust_remote_code"),
    (no_weights, "cannot be loaded"),
    (cut_weights, "cannot be loaded"),
    (other_weights, "cannot be loaded|lacks weights"),
    (no_tokenizer, "tokenizer"),
    (bad_tokenizer, "tokenizer .* cannot be loaded"),
    (slow_tokenizer, "slow one"),
    (not_a_gguf, "is not a GGUF file"),
    (empty_gguf, "is not a GGUF file"),
    (cut_gguf, "cannot be loaded"),
    (gone_gguf, "There is no model at"),
    (no_such_hub_id, "neither a local path nor to be had from the Hugging Face hub"),
    (no_hub_id_at_all, "neither a local path nor to be had from the Hugging Face hub"),
    (nothing, "There is no model at"),
]


@pytest.mark.parametrize(("spoil", "message"), SPOILED, ids=lambda value: getattr(value, "__name__", ""))
def test_what_cannot_be_used_is_said_in_one_line(
    copy: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], str], message: str
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=message) as caught:
        LM(spoil(copy)).score([TRACE])
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(("option", "message"), [({"dtype": "int4"}, "Known: float32"), ({"device": "tpu9"}, "tpu9")])
def test_options_that_are_not_known(tiny_llama: Path, option: dict[str, str], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        LM(tiny_llama, **option).identity  # type: ignore[arg-type]  # noqa: B018


@pytest.mark.parametrize("source", [LM, Saliency])
@pytest.mark.parametrize("library", ["torch", "transformers"])
def test_a_missing_library_names_the_extra(
    tiny_llama: Path, monkeypatch: pytest.MonkeyPatch, source: Any, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=r"cotpress\[lm\]"):
        source(tiny_llama).score([TRACE])
    assert issubclass(errors.MissingExtraError, CotpressError)


def test_a_token_classifier_is_no_causal_lm(tiny_bert: Path) -> None:
    with pytest.raises(ModelError, match=r"lacks weights that AutoModelForCausalLM needs"):
        LM(tiny_bert).score([TRACE])
