"""The tokenizer of the embedded models: byte-level BPE on generated traces, so that any text can be encoded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cotpress.errors import require

VOCABULARY = 640
PAD, END, USER, ASSISTANT, START = "<|pad|>", "<|end|>", "<|user|>", "<|assistant|>", "<|start|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}"
    "{{ '<|assistant|>' + message['content'] + '<|end|>' }}"
    "{% else %}{{ '<|user|>' + message['content'] }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def train_tokenizer(texts: Iterable[str], vocabulary: int = VOCABULARY) -> Any:
    """A fast `transformers` tokenizer with a chat template.

    Raises:
        MissingExtra: transformers is not installed.
    """
    library, fast = require("tokenizers", "lm"), require("transformers", "lm")
    inner = library.Tokenizer(library.models.BPE())
    inner.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = library.decoders.ByteLevel()
    trainer = library.trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[PAD, END, USER, ASSISTANT, START],
        initial_alphabet=library.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    return fast.PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=PAD,
        eos_token=END,
        cls_token=START,
        sep_token=END,
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
        padding_side="right",
        model_max_length=1024,
    )
