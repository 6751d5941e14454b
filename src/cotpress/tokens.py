"""Counting with a named tokenizer, and laying its tokens over segments.

Without a named tokenizer cotpress counts its own units (words, numbers, symbols); that needs no file
and is what `counted_with: units` means. With one, every count is of that tokenizer's tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from cotpress.errors import ModelError, require
from cotpress.types import IntArray

UNITS = "units"


class TokenCounter(Protocol):
    """Counts tokens and says where they lie."""

    @property
    def name(self) -> str:
        """What an artifact records as `counted_with`."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special tokens left out."""

    def offsets(self, text: str) -> IntArray:
        """Shape [tokens, 2]: the [start, end) characters of each token."""


@dataclass(frozen=True, eq=False)
class FastTokenizer:
    """A `tokenizers` tokenizer behind the counting protocol."""

    name: str
    backend: Any

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding) for encoding in self.backend.encode_batch(list(texts), add_special_tokens=False)]

    def offsets(self, text: str) -> IntArray:
        encoding = self.backend.encode(text, add_special_tokens=False)
        return np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)


def load_counter(name: str) -> TokenCounter:
    """Load a tokenizer: a hub id, a model's folder or a `tokenizer.json`.

    Raises:
        MissingExtra: the `tokenizers` library is not installed.
        ModelError: there is no such tokenizer, or it cannot be read.
    """
    library = require("tokenizers", "lm")
    path = _local(name) or _from_hub(name)
    try:
        backend = library.Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise ModelError(f"The tokenizer {path} cannot be read: {error}.", "Give a valid tokenizer.json.") from error
    backend.no_truncation()
    backend.no_padding()
    return FastTokenizer(name, backend)


def _local(name: str) -> Path | None:
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if (path / "tokenizer.json").is_file():
        return path / "tokenizer.json"
    if path.exists() or name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise ModelError(
            f"There is no tokenizer.json at {name}.",
            "Name a hub id, a folder that holds tokenizer.json, or the file itself; "
            "AutoTokenizer.from_pretrained(...).save_pretrained(folder) writes one.",
        )
    return None


def _from_hub(name: str) -> Path:
    hub = require("huggingface_hub", "lm")
    try:
        return Path(hub.hf_hub_download(name, "tokenizer.json"))
    except Exception as error:  # offline, unknown id, gated: many classes, one way out
        raise ModelError(
            f"The tokenizer '{name}' is neither a local path nor to be had from the hub ({type(error).__name__}).",
            "Check the name and the connection, or give a local folder with tokenizer.json.",
        ) from error


def tokens_per_segment(offsets: IntArray, bounds: IntArray) -> IntArray:
    """How many tokens begin in each segment: shape [segments], summing to the number of tokens.

    A merged token that straddles a boundary counts where it begins, so that nothing counts twice.
    """
    segments = len(bounds) - 1
    home = np.searchsorted(bounds, offsets[:, 0], side="right") - 1
    return np.bincount(np.clip(home, 0, segments - 1), minlength=segments).astype(np.int64)
