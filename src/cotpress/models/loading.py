"""Choosing device and dtype, and loading models and tokenizers without chatter."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from cotpress.errors import ModelError, OptionError, require
from cotpress.models.adapter import adapted, find_adapted, is_adapter
from cotpress.models.limits import Limits
from cotpress.models.origin import Origin, find_origin
from cotpress.models.quiet import first_line, quiet

DTYPES = ("float32", "bfloat16", "float16")


@dataclass(frozen=True, slots=True)
class Place:
    """A torch device and a dtype by their names, such as "cuda:0" and "bfloat16"."""

    device: str
    dtype: str


def choose_place(device: str | None, dtype: str | None, stored_dtype: str) -> Place:
    """Fill in what was not named: a GPU where there is one, and the dtype that the device is fast in.

    That is bfloat16 where the hardware multiplies in it and the weights are not float32 themselves,
    float32 otherwise: on a CPU without AMX or AVX512-BF16, bfloat16 is several times slower.

    Raises:
        MissingExtra: torch is not installed.
        OptionError: there is no such device or dtype.
    """
    if dtype and dtype not in DTYPES:
        raise OptionError(f"There is no dtype '{dtype}' for scoring.", f"Known: {', '.join(DTYPES)}.")
    torch = require("torch", "lm")
    name = device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        kind = torch.empty(0, device=name).device.type
    except (RuntimeError, AssertionError, ValueError) as error:  # torch has no one class for it
        raise OptionError(
            f"The device '{name}' cannot be used: {first_line(error)}", "Give cpu, or cuda or mps where torch has it."
        ) from error
    return Place(name, dtype or ("bfloat16" if stored_dtype != "float32" and fast_bfloat16(kind) else "float32"))


def fast_bfloat16(kind: str) -> bool:
    """Whether that kind of device multiplies bfloat16 matrices faster than float32 ones."""
    torch = require("torch", "lm")
    if kind == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    checks = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return kind == "cpu" and any(getattr(torch.cpu, check, bool)() for check in checks)


@dataclass(frozen=True)
class Wanted:
    """A model as a user names it. It is looked for when `origin` is first asked, loaded only on `load_...`."""

    model: str | Path
    revision: str | None
    device: str | None
    dtype: str | None
    limits: Limits
    trust_remote_code: bool

    @cached_property
    def origin(self) -> Origin:
        """Where its files are."""
        if is_adapter(self.model):
            return find_adapted(self.model)
        return find_origin(self.model, self.revision or None)

    @cached_property
    def place(self) -> Place:
        """Where it will run, and in which dtype."""
        return choose_place(self.device, self.dtype, self.origin.stored_dtype)

    @property
    def identity(self) -> dict[str, str]:
        """Model, revision, tokenizer and dtype, from the files alone."""
        origin = self.origin
        found = {"model": origin.name, "revision": origin.revision, "tokenizer": origin.tokenizer}
        # Weights stored in float32 are used in it on any device: to know that takes no torch, and so no second.
        known = origin.stored_dtype == "float32" and not (self.dtype or self.device)
        return {**found, "dtype": "float32" if known else self.place.dtype}

    def load_tokenizer(self) -> Any:
        """A fast tokenizer: one that knows the characters of each token.

        Raises:
            ModelError: there is none, or only a slow one without offsets.
        """
        return self._tokenizer

    def load_counting(self) -> Any:
        """The `tokenizers` tokenizer beneath it, which neither cuts nor pads; without torch where its file says all.

        Raises:
            ModelError: as `load_tokenizer`.
        """
        text = self.origin.read("tokenizer.json") if self._plain else ""
        if text:
            with _one_line(f"The tokenizer of {self.origin.name}"):
                tokenizer = require("tokenizers", "lm").Tokenizer.from_str(text)
        else:
            tokenizer = self.load_tokenizer().backend_tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @property
    def _plain(self) -> bool:
        """Whether the tokenizer is what tokenizer.json says, and no class of its own."""
        return self.origin.tokenizer_class in ("TokenizersBackend", "PreTrainedTokenizerFast")

    @cached_property
    def _tokenizer(self) -> Any:
        require("torch", "lm")  # or its absence would come out as an error of the tokenizer
        library, name = require("transformers", "lm"), self.origin.name
        with quiet(), _one_line(f"The tokenizer of {name}"):
            # For some types of model (qwen2 is one) AutoTokenizer of transformers 5 takes its own class whatever the
            # folder says, and cuts text by rules that are not those of tokenizer.json.
            door = library.PreTrainedTokenizerFast if self._plain else library.AutoTokenizer
            tokenizer = door.from_pretrained(trust_remote_code=self.trust_remote_code, **self.origin.words_arguments)
        if not tokenizer.is_fast:
            raise ModelError(
                f"The tokenizer of {name} is a slow one ({type(tokenizer).__name__}): it does not say which characters "
                "its tokens cover.",
                "Use a model that has a tokenizer.json.",
            )
        return tokenizer

    def load_model(self, auto_class: str) -> Any:
        """Weights on their device, for inference only. `auto_class` is the `transformers` class that loads them.

        Raises:
            ModelError: they cannot be loaded, or are not all there (the model is of another kind).
        """
        library, torch, name = require("transformers", "lm"), require("torch", "lm"), self.origin.name
        self.origin.download()
        with quiet(), _one_line(f"The model {name}"):
            model, report = getattr(library, auto_class).from_pretrained(
                self.origin.location,
                dtype=getattr(torch, self.place.dtype),
                output_loading_info=True,
                **self._unpacked(library),
                **self._arguments,
            )
            model.to(self.place.device).eval().requires_grad_(False)
        missing = sorted(report["missing_keys"])
        if missing:
            raise ModelError(
                f"The model {name} lacks weights that {auto_class} needs ({len(missing)}, such as '{missing[0]}').",
                "Give a causal language model for nll and entropy, a token classifier for saliency.",
            )
        return adapted(model, self.origin.adapter) if self.origin.adapter else model

    def _unpacked(self, library: ModuleType) -> dict[str, Any]:
        """A GGUF file's blocks are turned into plain weights, whatever kernels the machine has: the same numbers."""
        if not self.origin.gguf:
            return {}
        for needed in ("gguf", "accelerate"):
            require(needed, "lm")
        packs = hasattr(library, "GgufConfig")  # older versions know nothing else than plain weights
        return {"quantization_config": library.GgufConfig(dequantize=True)} if packs else {}

    @property
    def _arguments(self) -> dict[str, Any]:
        return {"trust_remote_code": self.trust_remote_code, **self.origin.arguments}


@contextlib.contextmanager
def _one_line(what: str) -> Iterator[None]:
    """Turn whatever a library raises into one `ModelError`."""
    try:
        yield
    except Exception as error:  # OSError, ValueError, KeyError, ImportError, SafetensorError, torch's own ...
        hint = "Check its files, or give another model."
        if "trust_remote_code" in str(error):
            hint = "It brings code of its own: give trust_remote_code (--trust-remote-code) if you trust that."
        raise ModelError(f"{what} cannot be loaded: {first_line(error)}", hint) from error
