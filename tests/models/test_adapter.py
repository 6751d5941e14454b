"""Adapters over their base: the same replies as peft gives, an identity of both, and what cannot be used."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch, peft = pytest.importorskip("torch"), pytest.importorskip("peft")

from tiny_models import TEMPLATE, byte_tokenizer, save, small  # noqa: E402

from cotpress.chat import ChatMessage, ChatRequest, LocalChat, SamplingParameters  # noqa: E402
from cotpress.errors import ModelError  # noqa: E402
from cotpress.models import ModelLoader, ModelSpec, read_adapter_rank  # noqa: E402
from cotpress.signals import LM  # noqa: E402

Spoil = Callable[[Path], Any]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama with random weights and a chat template."""
    from transformers import LlamaConfig

    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    config = LlamaConfig(**small(len(tokenizer), num_key_value_heads=2))
    return save(tmp_path_factory.mktemp("models") / "base", "AutoModelForCausalLM", config, tokenizer)


def make_adapter(base: Path, folder: Path, rank: int = 4) -> Path:
    """A LoRA adapter with random weights, as training leaves it."""
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    config = peft.LoraConfig(r=rank, target_modules=["q_proj", "down_proj"], task_type="CAUSAL_LM")
    model = peft.get_peft_model(AutoModelForCausalLM.from_pretrained(base), config)
    for name, weight in model.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=0.3)
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def adapter(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_adapter(base, tmp_path_factory.mktemp("adapters") / "student")


@pytest.fixture
def copy(adapter: Path, tmp_path: Path) -> Path:
    """An adapter that a test may spoil."""
    return Path(shutil.copytree(adapter, tmp_path / adapter.name))


def wanted(model: str | Path) -> ModelLoader:
    return ModelLoader(ModelSpec(str(model), device="cpu", dtype="float32"))


def edit(folder: Path, **changes: Any) -> None:
    path = folder / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_it_says_what_peft_says(base: Path, adapter: Path) -> None:
    from transformers import AutoModelForCausalLM

    ids = torch.arange(3, 40)[None]
    ours = wanted(adapter).load_model("AutoModelForCausalLM")
    plain = AutoModelForCausalLM.from_pretrained(base)
    theirs = peft.PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter)
    with torch.no_grad():
        got, expected, before = ours(ids).logits, theirs(ids).logits, plain(ids).logits
    assert torch.allclose(got, expected, atol=1e-4)
    assert not torch.allclose(got, before, atol=0.1)
    assert not any(weight.requires_grad for weight in ours.parameters())
    assert not ours.training


def test_it_chats_with_the_template_of_its_base(adapter: Path) -> None:
    chat = LocalChat(adapter, device="cpu")
    request = ChatRequest("", (ChatMessage("user", "What is 2 + 3?"),), SamplingParameters(max_tokens=4))

    async def ask() -> str:
        reply = await chat.ask(request)
        await chat.close()
        return reply.text

    assert asyncio.run(ask())
    assert chat.templated


def test_it_scores(adapter: Path, base: Path) -> None:
    from cotpress.types import Trace

    trace = Trace("1", "What is x?", "Let x be 12. Then 3x + 4 = 40.")
    ours, plain = (LM(model, device="cpu").score([trace])[0].values["nll"] for model in (adapter, base))
    assert abs(ours - plain).max() > 0.1


def test_its_own_tokenizer_goes_before_that_of_its_base(copy: Path) -> None:
    before = wanted(copy).identity
    byte_tokenizer(chat_template="{{ messages[0]['content'] }}").save_pretrained(copy)
    after = wanted(copy)
    assert after.identity["tokenizer"] != before["tokenizer"]
    assert after.identity["revision"] == before["revision"]
    assert after.load_tokenizer().chat_template == "{{ messages[0]['content'] }}"
    assert after.resolved.has_chat_template
    byte_tokenizer().save_pretrained(copy)
    (copy / "chat_template.jinja").unlink(missing_ok=True)
    assert not wanted(copy).resolved.has_chat_template  # not the base's: the tokenizer is another


def test_identity_is_of_base_and_adapter(base: Path, copy: Path, tmp_path: Path) -> None:
    first, plain = wanted(copy).identity, wanted(base).identity
    assert first["revision"] != plain["revision"]
    assert first["tokenizer"] == plain["tokenizer"]
    other = Path(shutil.copytree(base, tmp_path / "other"))
    settings = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps({**settings, "rms_norm_eps": 0.1}))
    edit(copy, base_model_name_or_path=str(other))
    second = wanted(copy).identity
    assert second["revision"] != first["revision"]


def test_its_rank(copy: Path) -> None:
    assert read_adapter_rank(str(copy)) == 4
    edit(copy, rank_pattern={"q_proj": 32})
    assert read_adapter_rank(str(copy)) == 32


def truncate(folder: Path) -> None:
    path = folder / "adapter_model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def as_pickle(folder: Path) -> None:
    (folder / "adapter_model.safetensors").rename(folder / "adapter_model.bin")


def less(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    path = folder / "adapter_model.safetensors"
    weights = load_file(path)
    del weights[sorted(weights)[0]]
    save_file(weights, path)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (truncate, "cannot be read"),
        (as_pickle, "in a .bin file only"),
        (lambda folder: (folder / "adapter_model.safetensors").unlink(), "has no weights"),
        (lambda folder: (folder / "adapter_model.safetensors").write_bytes(b""), "cannot be read"),
        (lambda folder: (folder / "adapter_config.json").write_text("{"), "cannot be read"),
        (lambda folder: edit(folder, peft_type="IA3"), "of the kind 'IA3'"),
        (lambda folder: edit(folder, base_model_name_or_path=""), "names no base model"),
        (lambda folder: edit(folder, base_model_name_or_path="/nowhere/at/all"), "base model '/nowhere/at/all'"),
        (lambda folder: edit(folder, target_modules=["c_attn"]), "does not fit"),
        (lambda folder: edit(folder, target_modules=["q_proj"]), "does not fit"),
        (less, "does not fit"),
    ],
)
def test_what_cannot_be_used(copy: Path, spoil: Spoil, said: str) -> None:
    spoil(copy)
    with pytest.raises(ModelError, match=said) as caught:
        wanted(copy).load_model("AutoModelForCausalLM")
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_an_adapter_for_another_base(copy: Path, tmp_path: Path) -> None:
    from transformers import LlamaConfig

    tokenizer = byte_tokenizer()
    shape = small(len(tokenizer), num_key_value_heads=2) | {"hidden_size": 64}
    wide = save(tmp_path / "wide", "AutoModelForCausalLM", LlamaConfig(**shape), tokenizer)
    edit(copy, base_model_name_or_path=str(wide))
    with pytest.raises(ModelError, match="does not fit its base model"):
        wanted(copy).load_model("AutoModelForCausalLM")


def test_an_adapter_for_other_weights_of_the_same_shape(copy: Path, base: Path) -> None:
    (copy / "training.json").write_text(json.dumps({"student": {"revision": wanted(base).resolved.revision}}))
    assert wanted(copy).load_model("AutoModelForCausalLM") is not None
    (copy / "training.json").write_text(json.dumps({"student": {"revision": "of other weights"}}))
    with pytest.raises(ModelError, match="trained on other weights"):
        wanted(copy).load_model("AutoModelForCausalLM")


def test_the_identity_of_float32_weights_takes_no_torch(base: Path) -> None:
    assert json.loads((base / "config.json").read_text())["dtype"] == "float32"
    code = (
        "import sys; from cotpress.models import ModelLoader, ModelSpec; "
        "found = ModelLoader(ModelSpec(sys.argv[1])).identity; "
        "print(found['dtype'], 'torch' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code, str(base)], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["float32", "False"]
