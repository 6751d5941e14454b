"""The architectures of the embedded models: two families of students, and an encoder for saliency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cotpress.errors import import_optional

MAX_POSITIONS = 1024  # positions
INITIALIZER_RANGE = (
    0.06  # of random weights: the libraries' 0.02 is meant for models many times as wide, and learns slowly here
)


def make_llama(vocabulary: int, end: int, pad: int) -> Any:
    """A Llama causal LM with random weights."""
    library = import_optional("transformers", "lm")
    config = library.LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=3,
        num_attention_heads=4,
        max_position_embeddings=MAX_POSITIONS,
        tie_word_embeddings=True,
        initializer_range=INITIALIZER_RANGE,
        bos_token_id=None,
        eos_token_id=end,
        pad_token_id=pad,
    )
    return library.LlamaForCausalLM(config)


def make_qwen2(vocabulary: int, end: int, pad: int) -> Any:
    """A Qwen2 causal LM with random weights: wider than the Llama, keys and values shared by pairs of heads."""
    library = import_optional("transformers", "lm")
    config = library.Qwen2Config(
        vocab_size=vocabulary,
        hidden_size=160,
        intermediate_size=384,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=MAX_POSITIONS,
        tie_word_embeddings=True,
        initializer_range=INITIALIZER_RANGE,
        bos_token_id=None,
        eos_token_id=end,
        pad_token_id=pad,
    )
    return library.Qwen2ForCausalLM(config)


def make_bert_classifier(vocabulary: int, pad: int) -> Any:
    """A BERT token classifier with random weights, drop and keep its labels.

    >>> make_bert_classifier(640, pad=0).config.id2label
    {0: 'drop', 1: 'keep'}
    """
    library = import_optional("transformers", "lm")
    config = library.BertConfig(
        vocab_size=vocabulary,
        hidden_size=96,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=MAX_POSITIONS,
        pad_token_id=pad,
        type_vocab_size=1,
        id2label={0: "drop", 1: "keep"},
        label2id={"drop": 0, "keep": 1},
    )
    return library.BertForTokenClassification(config)


FAMILIES: Mapping[str, Callable[[int, int, int], Any]] = {"world-llama": make_llama, "world-qwen2": make_qwen2}
