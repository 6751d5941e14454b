"""The tokenizer of the embedded models: byte-level BPE on generated traces, so that any text can be encoded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cotpress.errors import import_optional

VOCABULARY_SIZE = 640
PAD_TOKEN, END_TOKEN, USER_TOKEN, ASSISTANT_TOKEN, START_TOKEN = (
    "<|pad|>",
    "<|end|>",
    "<|user|>",
    "<|assistant|>",
    "<|start|>",
)
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}"
    "{{ '<|assistant|>' + message['content'] + '<|end|>' }}"
    "{% else %}{{ '<|user|>' + message['content'] }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def train_tokenizer(texts: Iterable[str], vocabulary: int = VOCABULARY_SIZE) -> Any:
    """A fast `transformers` tokenizer with a chat template.

    Raises:
        MissingExtraError: transformers is not installed.

    >>> tokenizer = train_tokenizer(["2+3=5", "3+3=6"], vocabulary=300)
    >>> tokenizer.decode(tokenizer("2+3=5").input_ids)
    '2+3=5'
    """
    library, fast = import_optional("tokenizers", "lm"), import_optional("transformers", "lm")
    inner = library.Tokenizer(library.models.BPE())
    inner.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = library.decoders.ByteLevel()
    trainer = library.trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[PAD_TOKEN, END_TOKEN, USER_TOKEN, ASSISTANT_TOKEN, START_TOKEN],
        initial_alphabet=library.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    return fast.PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=PAD_TOKEN,
        eos_token=END_TOKEN,
        cls_token=START_TOKEN,
        sep_token=END_TOKEN,
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
        padding_side="right",
        model_max_length=1024,
    )
