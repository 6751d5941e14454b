"""Tiny models with random weights and tokenizers trained on the spot, saved as a user's would be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_models import CORPUS, TEMPLATE, byte_tokenizer, save, small


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
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import BertConfig, PreTrainedTokenizerFast

    backend = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=False)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    backend.train_from_iterator(
        CORPUS * 4, trainers.WordPieceTrainer(vocab_size=300, special_tokens=special, show_progress=False)
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, **names)
    config = BertConfig(**small(len(tokenizer), max_position_embeddings=64, num_labels=2, pad_token_id=0))
    return save_model("bert", "AutoModelForTokenClassification", config, tokenizer)


@pytest.fixture(scope="session")
def tiny_xlmr(save_model: Callable[..., Path]) -> Path:
    """An XLM-R token classifier with two labels; 64 of its 66 positions are usable, as they start after the padding."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, XLMRobertaConfig

    backend = Tokenizer(models.Unigram())
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=120, special_tokens=special, unk_token="<unk>", show_progress=False)
    backend.train_from_iterator(CORPUS * 4, trainer)
    names = {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, **names)
    shape = small(len(tokenizer), max_position_embeddings=66, num_labels=2, pad_token_id=1, initializer_range=0.2)
    return save_model("xlmr", "AutoModelForTokenClassification", XLMRobertaConfig(**shape), tokenizer)
