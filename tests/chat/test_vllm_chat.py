"""The vLLM chat model, against a stand-in with vLLM's call signatures: the library needs a GPU."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import pytest

torch = pytest.importorskip("torch")

from cotpress.chat import ChatReply, ChatRequest, LocalChat, VllmChat  # noqa: E402
from cotpress.errors import MissingExtraError, ModelCallError, ModelError, OptionError  # noqa: E402

Asking = Callable[..., ChatRequest]


@dataclass
class SamplingParams:
    """As `vllm.SamplingParams` is called."""

    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int | None = 16
    seed: int | None = None


@dataclass
class LoRARequest:
    """As `vllm.lora.request.LoRARequest` is called."""

    lora_name: str
    lora_int_id: int
    lora_path: str = ""


class LLM:
    """As `vllm.LLM` is called; it repeats the prompt's last tokens."""

    made: ClassVar[list[dict[str, Any]]] = []
    calls: ClassVar[list[tuple[Any, ...]]] = []

    def __init__(
        self,
        model: str,
        *,
        tokenizer: str | None = None,
        trust_remote_code: bool = False,
        dtype: str = "auto",
        revision: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.made.append({"model": model, "tokenizer": tokenizer, "dtype": dtype, "revision": revision, **kwargs})
        self.llm_engine = SimpleNamespace(model_config=SimpleNamespace(max_model_len=64))

    def generate(
        self,
        prompts: Sequence[dict[str, list[int]]],
        sampling_params: Sequence[SamplingParams] | None = None,
        *,
        use_tqdm: bool = True,
        lora_request: LoRARequest | None = None,
    ) -> list[SimpleNamespace]:
        assert sampling_params is not None
        if any(one.seed == 666 for one in sampling_params):
            raise RuntimeError("CUDA out of memory.")
        self.calls.append((prompts, sampling_params, use_tqdm, lora_request))
        outputs = []
        for prompt, drawn in zip(prompts, sampling_params, strict=True):
            ids = prompt["prompt_token_ids"]
            tokens = ids[-3:][: drawn.max_tokens]
            finish = "length" if len(tokens) < 3 else "stop"
            written = SimpleNamespace(text=f"{len(ids)}", token_ids=tokens, finish_reason=finish)
            outputs.append(SimpleNamespace(outputs=[written], prompt_token_ids=ids))
        return outputs


@pytest.fixture
def vllm(monkeypatch: pytest.MonkeyPatch) -> type[LLM]:
    """The stand-in where `import vllm` finds it."""
    module, lora, request = ModuleType("vllm"), ModuleType("vllm.lora"), ModuleType("vllm.lora.request")
    module.__dict__.update(LLM=LLM, SamplingParams=SamplingParams)
    request.__dict__.update(LoRARequest=LoRARequest)
    for one in (module, lora, request):
        monkeypatch.setitem(sys.modules, one.__name__, one)
    monkeypatch.setattr(LLM, "made", [])
    monkeypatch.setattr(LLM, "calls", [])
    return LLM


def ask_all(chat: VllmChat | LocalChat, requests: Sequence[ChatRequest]) -> list[ChatReply | BaseException]:
    async def run() -> list[ChatReply | BaseException]:
        outcomes = await asyncio.gather(*map(chat.ask, requests), return_exceptions=True)
        await chat.close()
        return outcomes

    return asyncio.run(run())


def test_everybody_at_once(vllm: type[LLM], tiny_chat_model: Path, asking: Asking) -> None:
    chat = VllmChat(tiny_chat_model)
    requests = [asking("What is 2 + 3?", max_tokens=9), asking("Half?", max_tokens=9), asking("x", max_tokens=2)]
    stopped, other, cut = ask_all(chat, requests)
    assert isinstance(stopped, ChatReply)
    assert isinstance(other, ChatReply)
    assert isinstance(cut, ChatReply)
    assert (stopped.finish, stopped.completion_tokens, stopped.text) == ("stop", 3, str(stopped.prompt_tokens))
    assert (cut.finish, cut.completion_tokens) == ("length", 2)
    assert [len(call[0]) for call in vllm.calls] == [2, 1]
    assert vllm.calls[0][2:] == (False, None)
    assert vllm.calls[0][1] == [SamplingParams(0.0, 1.0, 9, None)] * 2
    [made] = vllm.made
    assert made == {
        "model": str(tiny_chat_model),
        "tokenizer": None,
        "dtype": "auto",
        "revision": None,
        "generation_config": "vllm",
    }
    ask_all(chat, requests)
    assert len(vllm.made) == 1


def test_the_prompt_is_that_of_the_other_local_model(vllm: type[LLM], tiny_chat_model: Path, asking: Asking) -> None:
    local = LocalChat(tiny_chat_model, device="cpu")
    request = asking("What is 2 + 3? </s>", max_tokens=1)
    ask_all(local, [request])
    ask_all(VllmChat(tiny_chat_model), [request])
    assert local._generator is not None
    assert vllm.calls[0][0] == [{"prompt_token_ids": local._generator.encode_prompt(request)}]


def test_seeds_and_the_context(vllm: type[LLM], tiny_chat_model: Path, asking: Asking) -> None:
    chat = VllmChat(tiny_chat_model, dtype="bfloat16")
    drawn = [asking("x", temperature=0.7, top_p=0.9, seed=seed) for seed in (1, 2)]
    _, _, long = ask_all(chat, [*drawn, asking("long " * 60, temperature=0.7, top_p=0.9)])
    assert type(long) is ModelCallError
    [(prompts, sampled, _, _)] = vllm.calls
    assert [one.seed for one in sampled] == [1, 2]
    assert {one.max_tokens for one in sampled} == {64 - len(prompts[0]["prompt_token_ids"])}
    assert vllm.made[0]["dtype"] == "bfloat16"


def test_an_adapter_goes_along(vllm: type[LLM], tiny_chat_model: Path, asking: Asking, tmp_path: Path) -> None:
    config = {"peft_type": "LORA", "r": 24, "base_model_name_or_path": str(tiny_chat_model)}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    (tmp_path / "adapter_model.safetensors").write_bytes(b"weights")
    shutil.copy(tiny_chat_model / "tokenizer.json", tmp_path)
    shutil.copy(tiny_chat_model / "tokenizer_config.json", tmp_path)
    chat = VllmChat(tmp_path)
    [reply] = ask_all(chat, [asking("x", max_tokens=5)])
    assert isinstance(reply, ChatReply)
    assert vllm.calls[0][3] == LoRARequest("student", 1, str(tmp_path))
    [made] = vllm.made
    assert (made["model"], made["tokenizer"]) == (str(tiny_chat_model), str(tmp_path))
    assert (made["enable_lora"], made["max_lora_rank"]) == (True, 32)
    assert chat.endpoint.startswith(f"vllm:{tmp_path.name}@")


def test_what_goes_wrong(vllm: type[LLM], tiny_chat_model: Path, asking: Asking, tmp_path: Path) -> None:
    [failed] = ask_all(VllmChat(tiny_chat_model), [asking("x", temperature=1.0, seed=666)])
    assert type(failed) is ModelError
    assert "CUDA out of memory" in str(failed)
    [missing] = ask_all(VllmChat(tmp_path / "none"), [asking("x")])
    assert type(missing) is ModelError
    with pytest.raises(OptionError, match="no dtype"):
        VllmChat(tiny_chat_model, dtype="int3")


def test_not_installed(tiny_chat_model: Path, asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    [missing] = ask_all(VllmChat(tiny_chat_model), [asking("x")])
    assert isinstance(missing, MissingExtraError)
    assert "cotpress[vllm]" in str(missing)
