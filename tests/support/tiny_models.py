"""Tokenizers trained on the spot and the shapes of tiny models: the parts that the tests of several packages share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

CORPUS = [
    "The sum of two numbers is 12, so we wait: let x be the first. Then 3x + 4 = 40.",
    "Hmm, wait. If half of them left, then $\\frac{x}{2} = 6$ remain, and the answer is 42.",
    "Élan, naïve, 数学 and ½ are words too.",
]
TEMPLATE = (
    "{% for message in messages %}<s>{{ message['role'] }}\n{{ message['content'] }}</s>\n{% endfor %}"
    "{% if add_generation_prompt %}<s>assistant\n{% endif %}"
)


def byte_tokenizer(**settings: Any) -> Any:
    """A byte-level BPE tokenizer, as GPT-2, Llama 3 and Qwen have."""
    transformers = pytest.importorskip("transformers")
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<s>", "</s>", "<pad>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=alphabet, special_tokens=special, show_progress=False
    )
    backend.train_from_iterator(CORPUS * 4, trainer)
    names = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
    return transformers.PreTrainedTokenizerFast(tokenizer_object=backend, **names, **settings)


def small(vocabulary: int, **more: Any) -> dict[str, Any]:
    """The shape that most configurations share; weights are large enough for peaked distributions."""
    shape = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    ids = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 2}
    return {
        "vocab_size": vocabulary,
        **shape,
        **ids,
        "max_position_embeddings": 256,
        "initializer_range": 0.4,
        **more,
    }


def tiny_classifier(family: str, positions: int) -> tuple[Any, Any]:
    """The configuration of a token classifier with two labels, "bert" or "xlm-roberta", and its tokenizer."""
    from transformers import BertConfig, XLMRobertaConfig

    if family == "bert":
        tokenizer = _wordpiece()
        shape = small(len(tokenizer), max_position_embeddings=positions, num_labels=2, pad_token_id=0)
        return BertConfig(**shape), tokenizer
    tokenizer = _unigram()
    more = {"num_labels": 2, "pad_token_id": 1, "initializer_range": 0.2}
    shape = small(len(tokenizer), max_position_embeddings=positions + 2, **more)
    return XLMRobertaConfig(**shape), tokenizer


def _wordpiece() -> Any:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=False)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=300, special_tokens=special, show_progress=False)
    backend.train_from_iterator(CORPUS * 4, trainer)
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return PreTrainedTokenizerFast(tokenizer_object=backend, **names)


def _unigram() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(models.Unigram())
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.decoder = decoders.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=120, special_tokens=special, unk_token="<unk>", show_progress=False)
    backend.train_from_iterator(CORPUS * 4, trainer)
    names = {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=backend, **names)


def save(folder: Path, auto_class: str, config: Any, tokenizer: Any) -> Path:
    """Build a model with random weights from a configuration and save it with a tokenizer; gives the folder."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(1)  # tiny tensors gain nothing from a second thread, and lose much on a busy machine
    torch.manual_seed(0)
    getattr(transformers, auto_class).from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
