"""What the tests of the chat package share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_models import TEMPLATE, byte_tokenizer, save, small

from cotpress.chat import ChatMessage, ChatRequest, LocalChat, SamplingParameters

KEY = "sk-not-a-real-key-0123456789"


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    """A key in the environment, the one that clients send."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return KEY


@pytest.fixture
def asking() -> Callable[..., ChatRequest]:
    """Makes a request of one message."""

    def make(text: str, endpoint: str = "", **sampling: float | None) -> ChatRequest:
        return ChatRequest("made-up", (ChatMessage("user", text),), SamplingParameters(**sampling), endpoint)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def tiny_chat_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a Llama with random weights, a chat template and 256 positions."""
    pytest.importorskip("torch")
    from transformers import LlamaConfig

    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    config = LlamaConfig(**small(len(tokenizer), num_key_value_heads=2))
    return save(tmp_path_factory.mktemp("chat-llama"), "AutoModelForCausalLM", config, tokenizer)


@pytest.fixture(scope="session")
def smollm2_chat(smollm2_folder: Path) -> Iterator[LocalChat]:
    """SmolLM2, loaded once for all."""
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    chat = LocalChat(smollm2_folder, device="cpu", dtype="float32")
    asyncio.run(chat.ask(ChatRequest("", (ChatMessage("user", "Hello."),), SamplingParameters(max_tokens=1))))
    yield chat
    torch.set_num_threads(before)
