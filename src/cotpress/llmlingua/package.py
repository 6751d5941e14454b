"""The `llmlingua` package's LLMLingua-2, number for number, for comparison with what was published with it.

Source: Pan et al., arXiv 2403.12968; llmlingua 0.2.2, `compress_prompt_llmlingua2` with its default arguments. Its
defects are kept on purpose: XLM-R is given `<unk>` where `<s>`, `</s>` and padding belong; a chunk without a full stop
loses its last token and its end mark; chunks share no context; the percentile is of each chunk by itself and one
percent too high; words are glued together by the tokenizer's idea of white space.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from cotpress.errors import ModelError, PackageFails, require
from cotpress.llmlingua.words import FAMILIES, POSITIONS, Family, Float32Array, chunks, labels, merged, plain_words
from cotpress.models import Limits, Wanted, first_line, quiet

BATCH = 50  # chunks of one text run together
ADDED = 100  # tokens that the package adds for words that must stay; "[NEW0]" in a text is one token then


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """A part of a text: its tokens with P(keep) of each, shape [tokens], and the words they make."""

    tokens: tuple[str, ...]
    values: Float32Array
    words: tuple[str, ...]
    word_values: tuple[np.float32, ...]


@dataclass(frozen=True, slots=True)
class Shortened:
    """What the package returns: the text, and of each word whether it stayed."""

    text: str
    words: tuple[str, ...]
    kept: tuple[bool, ...]


class LLMLingua2:
    """A BERT or XLM-R token classifier used as the package uses it.

    `weigh` counts a word's tokens for the percentile: by default those of GPT-3.5, as there, for which `tiktoken`
    fetches its table once ($TIKTOKEN_CACHE_DIR keeps it).

    Raises:
        ModelError: on first use, for a model that cannot be loaded or is of another kind.
        MissingExtra: likewise, where torch, transformers or tiktoken is not installed.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        revision: str | None = None,
        device: str | None = None,
        dtype: str | None = None,
        weigh: Callable[[str], int] | None = None,
    ) -> None:
        self._wanted = Wanted(model, revision, device, dtype, Limits(), False)
        self._given_weigh = weigh

    def chunks(self, text: str) -> list[Chunk]:
        """The text as the classifier sees it. One pass serves every rate.

        Raises:
            PackageFails: the package would stop on this text.
        """
        tokenizer = self._tokenizer
        parts = [tokenizer.convert_tokens_to_string(list(part)) for part in chunks(tokenizer.tokenize(text))]
        return [chunk for some in _batches(parts) for chunk in self._run(some)]

    def shorten(self, text: str, rate: float, known: list[Chunk] | None = None) -> Shortened:
        """The text at a rate (fraction kept, 0.01..1); `known` are its chunks where they are at hand.

        Raises:
            PackageFails: the package would stop on this text.
        """
        tokenizer = self._tokenizer
        self._count(text)
        if rate >= 1:
            parts = [tokenizer.convert_tokens_to_string(list(part)) for part in chunks(tokenizer.tokenize(text))]
            words = [word for part in parts for word in plain_words(part)]
            return Shortened("".join(parts), tuple(words), (True,) * len(words))
        texts, words, kept = [], [], []
        for chunk in self.chunks(text) if known is None else known:
            stays = self._labels(chunk, rate)
            left = [word for word, stay in zip(chunk.words, stays, strict=True) if stay]
            texts.append(tokenizer.convert_tokens_to_string(left))
            words += [word.lstrip("▁") if self._family.mark == "▁" else word for word in chunk.words]
            kept += stays
        return Shortened("".join(texts), tuple(words), tuple(kept))

    def _count(self, text: str) -> int:
        try:
            return self._weigh(text)
        except ValueError as error:  # "<|endoftext|>" and its like
            raise PackageFails(f"The package cannot count the text's tokens: {first_line(error)}") from error

    def _labels(self, chunk: Chunk, rate: float) -> list[bool]:
        try:
            return labels(chunk.words, chunk.word_values, rate, self._weigh)
        except (ValueError, IndexError) as error:
            raise PackageFails(f"The package cannot choose among the words of a chunk: {first_line(error)}") from error

    def _run(self, parts: tuple[str, ...]) -> Iterator[Chunk]:
        torch, model, family = require("torch", "lm"), self._model, self._family
        laid = [self._laid_out(part) for part in parts]
        ids = torch.tensor([self._tokenizer.convert_tokens_to_ids(tokens) for tokens in laid])
        real = torch.tensor([[token != "[PAD]" for token in tokens] for tokens in laid])
        with torch.inference_mode():
            logits = model(input_ids=ids.to(model.device), attention_mask=real.to(model.device)).logits
        values = torch.nn.functional.softmax(logits, dim=-1)[:, :, 1].float().cpu().numpy()
        for row, active in enumerate(real.numpy()):
            seen = self._tokenizer.convert_ids_to_tokens(ids[row, active].tolist())
            yield self._chunk(tuple(seen), values[row, active], family)

    def _chunk(self, tokens: tuple[str, ...], values: Float32Array, family: Family) -> Chunk:
        try:
            words, word_values = merged(tokens, values, self._special, family)
        except IndexError as error:
            raise PackageFails("A chunk begins within a word, which the package cannot merge.") from error
        return Chunk(tokens, values, tuple(words), tuple(word_values))

    def _laid_out(self, part: str) -> list[str]:
        """A chunk's tokens, cut or padded to all positions, with BERT's marks whatever the model."""
        tokens = ["[CLS]", *self._tokenizer.tokenize(part), "[SEP]"][:POSITIONS]
        return tokens + ["[PAD]"] * (POSITIONS - len(tokens))

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = self._wanted.load_tokenizer()
        tokenizer.add_special_tokens({"additional_special_tokens": [f"[NEW{i}]" for i in range(ADDED)]})
        return tokenizer

    @cached_property
    def _special(self) -> frozenset[str]:
        named = self._wanted.load_tokenizer().special_tokens_map
        return frozenset(token for token in named.values() if isinstance(token, str))

    @cached_property
    def _family(self) -> Family:
        kind = self._model.config.model_type
        if kind not in FAMILIES or self._model.config.num_labels != 2:
            raise ModelError(
                f"{self._wanted.origin.name} is a '{kind}' model with {self._model.config.num_labels} labels.",
                f"The package knows token classifiers with 2 labels of the kinds {', '.join(FAMILIES)}.",
            )
        return FAMILIES[kind]

    @cached_property
    def _model(self) -> Any:
        model = self._wanted.load_model("AutoModelForTokenClassification")
        places = max(len(self._tokenizer), model.get_input_embeddings().num_embeddings)
        with quiet():
            model.resize_token_embeddings(places, mean_resizing=False)
        return model

    @cached_property
    def _weigh(self) -> Callable[[str], int]:
        return self._given_weigh or gpt_tokens()


def _batches(parts: list[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(parts)
    return iter(lambda: tuple(islice(rest, BATCH)), ())


def gpt_tokens() -> Callable[[str], int]:
    """Counts a word's tokens with GPT-3.5's tokenizer.

    Raises:
        MissingExtra: `tiktoken` is not installed.
        ModelError: its table is not at hand and cannot be fetched.
    """
    library = require("tiktoken", "llmlingua")
    try:
        encoding = library.encoding_for_model("gpt-3.5-turbo")
    except Exception as error:  # whatever fetching raises
        raise ModelError(
            f"The table of GPT-3.5's tokenizer, which weighs words here, cannot be had ({type(error).__name__}).",
            "Connect once, or point $TIKTOKEN_CACHE_DIR at a folder that holds it.",
        ) from error
    return lambda word: len(encoding.encode(word))
