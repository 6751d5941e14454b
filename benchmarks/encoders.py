"""Token classifiers with random weights in the shapes of LLMLingua-2's, their tokenizers trained on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    AutoModelForTokenClassification,
    BertConfig,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
)

from cotpress import Trace, read

# The folder's name tells the package which family it is.
SHAPES = {"BERT": "bert-base-multilingual-cased", "XLM-R": "xlm-roberta-large"}


def make_encoder(shape: str, texts: list[Path], place: Path) -> Path:
    """A classifier's folder in `place`; the tokenizer learns from the reasoning of the files `texts`."""
    corpus = [row.reasoning for path in texts for row in read(path) if isinstance(row, Trace)][:2200]
    tokenizer = _wordpiece(corpus) if shape == "BERT" else _unigram(corpus)
    folder = place / SHAPES[shape]
    torch.manual_seed(0)
    model = AutoModelForTokenClassification.from_config(_config(shape, len(tokenizer)))
    model.config.architectures = [type(model).__name__]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _config(shape: str, vocabulary: int) -> Any:
    """BERT base and XLM-R large, but for the vocabulary, which only the embedding knows."""
    if shape == "BERT":
        return BertConfig(vocab_size=vocabulary, num_labels=2, pad_token_id=0, initializer_range=0.05)
    large = {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096}
    return XLMRobertaConfig(
        vocab_size=vocabulary,
        num_labels=2,
        pad_token_id=1,
        max_position_embeddings=514,
        initializer_range=0.04,
        **large,
    )


def _wordpiece(corpus: list[str]) -> Any:
    backend = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=False)
    backend.pre_tokenizer, backend.decoder = pre_tokenizers.BertPreTokenizer(), decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=20000, special_tokens=special, show_progress=False)
    backend.train_from_iterator(corpus, trainer)
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return PreTrainedTokenizerFast(tokenizer_object=backend, mask_token="[MASK]", **names)


def _unigram(corpus: list[str]) -> Any:
    backend = Tokenizer(models.Unigram())
    backend.pre_tokenizer, backend.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.UnigramTrainer(vocab_size=8000, special_tokens=special, unk_token="<unk>", show_progress=False)
    backend.train_from_iterator(corpus, trainer)
    names = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>"}
    return PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="<pad>", unk_token="<unk>", **names)
