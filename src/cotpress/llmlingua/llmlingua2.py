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
from typing import Any, Unpack

import numpy as np

from cotpress.errors import LLMLinguaPackageError, ModelError, import_optional
from cotpress.llmlingua.words import (
    MAX_POSITIONS,
    TOKENIZER_FAMILIES,
    Float32Array,
    TokenizerFamily,
    list_plain_words,
    merge_words,
    select_words,
    split_chunks,
)
from cotpress.models import ModelLoader, ModelSettings, ModelSpec, make_model_spec, silence_libraries, summarize_error

CHUNKS_PER_BATCH = 50  # chunks of one text run together
ADDED_TOKENS = 100  # tokens that the package adds for words that must stay; "[NEW0]" in a text is one token then


@dataclass(frozen=True, slots=True, eq=False)
class ScoredChunk:
    """A part of a text: its tokens with P(keep) of each, shape [tokens], and the words they make."""

    tokens: tuple[str, ...]
    values: Float32Array
    words: tuple[str, ...]
    word_values: tuple[np.float32, ...]


@dataclass(frozen=True, slots=True)
class LLMLinguaResult:
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
        MissingExtraError: likewise, where torch, transformers or tiktoken is not installed.
    """

    def __init__(
        self,
        model: ModelSpec | str | Path,
        *,
        weigh: Callable[[str], int] | None = None,
        **settings: Unpack[ModelSettings],
    ) -> None:
        self._loader = ModelLoader(make_model_spec(model, **settings))
        self._custom_word_counter = weigh
        self._name = str(make_model_spec(model).name)

    def __repr__(self) -> str:
        return f"LLMLingua2({self._name!r})"

    def score_chunks(self, text: str) -> list[ScoredChunk]:
        """The text as the classifier sees it. One pass serves every rate.

        Raises:
            PackageFails: the package would stop on this text.
        """
        tokenizer = self._tokenizer
        parts = [tokenizer.convert_tokens_to_string(list(part)) for part in split_chunks(tokenizer.tokenize(text))]
        return [chunk for some in _split_batches(parts) for chunk in self._score_batch(some)]

    def compress_text(self, text: str, rate: float, known: list[ScoredChunk] | None = None) -> LLMLinguaResult:
        """The text at a rate (fraction kept, 0.01..1); `known` are its chunks where they are at hand.

        Raises:
            PackageFails: the package would stop on this text.
        """
        tokenizer = self._tokenizer
        self._count_tokens(text)
        if rate >= 1:
            parts = [tokenizer.convert_tokens_to_string(list(part)) for part in split_chunks(tokenizer.tokenize(text))]
            words = [word for part in parts for word in list_plain_words(part)]
            return LLMLinguaResult("".join(parts), tuple(words), (True,) * len(words))
        texts, words, kept = [], [], []
        for chunk in self.score_chunks(text) if known is None else known:
            stays = self._select_words(chunk, rate)
            left = [word for word, stay in zip(chunk.words, stays, strict=True) if stay]
            texts.append(tokenizer.convert_tokens_to_string(left))
            words += [word.lstrip("▁") if self._tokenizer_family.mark == "▁" else word for word in chunk.words]
            kept += stays
        return LLMLinguaResult("".join(texts), tuple(words), tuple(kept))

    def _count_tokens(self, text: str) -> int:
        try:
            return self._word_counter(text)
        except ValueError as error:  # "<|endoftext|>" and its like
            raise LLMLinguaPackageError(
                f"The package cannot count the text's tokens: {summarize_error(error)}"
            ) from error

    def _select_words(self, chunk: ScoredChunk, rate: float) -> list[bool]:
        try:
            return select_words(chunk.words, chunk.word_values, rate, self._word_counter)
        except (ValueError, IndexError) as error:
            raise LLMLinguaPackageError(
                f"The package cannot choose among the words of a chunk: {summarize_error(error)}"
            ) from error

    def _score_batch(self, parts: tuple[str, ...]) -> Iterator[ScoredChunk]:
        torch, model, family = import_optional("torch", "lm"), self._model, self._tokenizer_family
        laid = [self._pad_tokens(part) for part in parts]
        ids = torch.tensor([self._tokenizer.convert_tokens_to_ids(tokens) for tokens in laid])
        real = torch.tensor([[token != "[PAD]" for token in tokens] for tokens in laid])
        with torch.inference_mode():
            logits = model(input_ids=ids.to(model.device), attention_mask=real.to(model.device)).logits
        values = torch.nn.functional.softmax(logits, dim=-1)[:, :, 1].float().cpu().numpy()
        for row, active in enumerate(real.numpy()):
            seen = self._tokenizer.convert_ids_to_tokens(ids[row, active].tolist())
            yield self._build_chunk(tuple(seen), values[row, active], family)

    def _build_chunk(self, tokens: tuple[str, ...], values: Float32Array, family: TokenizerFamily) -> ScoredChunk:
        try:
            words, word_values = merge_words(tokens, values, self._special_tokens, family)
        except IndexError as error:
            raise LLMLinguaPackageError("A chunk begins within a word, which the package cannot merge.") from error
        return ScoredChunk(tokens, values, tuple(words), tuple(word_values))

    def _pad_tokens(self, part: str) -> list[str]:
        """A chunk's tokens, cut or padded to all positions, with BERT's marks whatever the model."""
        tokens = ["[CLS]", *self._tokenizer.tokenize(part), "[SEP]"][:MAX_POSITIONS]
        return tokens + ["[PAD]"] * (MAX_POSITIONS - len(tokens))

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = self._loader.load_tokenizer()
        tokenizer.add_special_tokens({"additional_special_tokens": [f"[NEW{i}]" for i in range(ADDED_TOKENS)]})
        return tokenizer

    @cached_property
    def _special_tokens(self) -> frozenset[str]:
        named = self._loader.load_tokenizer().special_tokens_map
        return frozenset(token for token in named.values() if isinstance(token, str))

    @cached_property
    def _tokenizer_family(self) -> TokenizerFamily:
        kind = self._model.config.model_type
        if kind not in TOKENIZER_FAMILIES or self._model.config.num_labels != 2:
            raise ModelError(
                f"{self._loader.resolved.name} is a '{kind}' model with {self._model.config.num_labels} labels.",
                f"The package knows token classifiers with 2 labels of the kinds {', '.join(TOKENIZER_FAMILIES)}.",
            )
        return TOKENIZER_FAMILIES[kind]

    @cached_property
    def _model(self) -> Any:
        model = self._loader.load_model("AutoModelForTokenClassification")
        places = max(len(self._tokenizer), model.get_input_embeddings().num_embeddings)
        with silence_libraries():
            model.resize_token_embeddings(places, mean_resizing=False)
        return model

    @cached_property
    def _word_counter(self) -> Callable[[str], int]:
        return self._custom_word_counter or load_gpt_counter()


def _split_batches(parts: list[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(parts)
    return iter(lambda: tuple(islice(rest, CHUNKS_PER_BATCH)), ())


def load_gpt_counter() -> Callable[[str], int]:
    """Counts a word's tokens with GPT-3.5's tokenizer.

    Raises:
        MissingExtraError: `tiktoken` is not installed.
        ModelError: its table is not at hand and cannot be fetched.
    """
    library = import_optional("tiktoken", "llmlingua")
    try:
        encoding = library.encoding_for_model("gpt-3.5-turbo")
    except Exception as error:  # whatever fetching raises
        raise ModelError(
            f"The table of GPT-3.5's tokenizer, which weighs words here, cannot be had ({type(error).__name__}).",
            "Connect once, or point $TIKTOKEN_CACHE_DIR at a folder that holds it.",
        ) from error
    return lambda word: len(encoding.encode(word))
