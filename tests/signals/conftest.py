"""Tiny models with random weights and tokenizers trained on the spot, saved as a user's would be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_models import TEMPLATE, byte_tokenizer, save, small, tiny_classifier


@pytest.fixture(scope="session")
def save_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build a model from a configuration and save it with a tokenizer; gives its folder."""
    pytest.importorskip("torch")

    def save_in_new_folder(name: str, auto_class: str, config: Any, tokenizer: Any) -> Path:
        return save(tmp_path_factory.mktemp(name), auto_class, config, tokenizer)

    return save_in_new_folder


@pytest.fixture(scope="session")
def tiny_shape() -> tuple[Any, Callable[..., dict[str, Any]]]:
    """A tokenizer with a chat template, and what gives a configuration of its vocabulary's size its shape."""
    return byte_tokenizer(chat_template=TEMPLATE), small


@pytest.fixture(scope="session")
def tiny_llama(save_model: Callable[..., Path]) -> Path:
    """A Llama with a chat template and 256 positions."""
    from transformers import LlamaConfig

    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    config = LlamaConfig(**small(len(tokenizer), num_key_value_heads=2))
    return save_model("llama", "AutoModelForCausalLM", config, tokenizer)


@pytest.fixture(scope="session")
def tiny_gpt2(save_model: Callable[..., Path]) -> Path:
    """A GPT-2 without a chat template."""
    from transformers import GPT2Config

    tokenizer = byte_tokenizer()
    config = GPT2Config(
        vocab_size=len(tokenizer), n_embd=32, n_layer=2, n_head=4, n_positions=256, initializer_range=0.4
    )
    return save_model("gpt2", "AutoModelForCausalLM", config, tokenizer)


@pytest.fixture(scope="session")
def tiny_bert(save_model: Callable[..., Path]) -> Path:
    """A BERT token classifier with two labels and 64 positions, its tokenizer a WordPiece one."""
    return save_model("bert", "AutoModelForTokenClassification", *tiny_classifier("bert", 64))


@pytest.fixture(scope="session")
def tiny_xlmr(save_model: Callable[..., Path]) -> Path:
    """An XLM-R token classifier with two labels; 64 of its 66 positions are usable, as they start after the padding."""
    return save_model("xlmr", "AutoModelForTokenClassification", *tiny_classifier("xlm-roberta", 64))
