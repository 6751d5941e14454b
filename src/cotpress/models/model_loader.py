"""Finding and loading a model and its tokenizer, without chatter."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cached_property
from types import ModuleType
from typing import Any

from cotpress.errors import ModelError, import_optional
from cotpress.models.adapter import is_adapter, merge_adapter, resolve_adapter
from cotpress.models.library_output import silence_libraries, summarize_error
from cotpress.models.model_spec import ModelSpec
from cotpress.models.placement import DevicePlacement, choose_placement
from cotpress.models.resolution import ResolvedModel, resolve_model


class ModelLoader:
    """Finds and loads the model of a `ModelSpec`.

    The files are looked for when `resolved` is first read. Weights are loaded by `load_model` alone.

    Raises:
        ModelError: from each property and method, for a model that cannot be found or loaded.
    """

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec

    @cached_property
    def resolved(self) -> ResolvedModel:
        """Where the files are."""
        if is_adapter(self.spec.name):
            return resolve_adapter(self.spec.name)
        return resolve_model(self.spec.name, self.spec.revision or None)

    @cached_property
    def placement(self) -> DevicePlacement:
        """Where the model will run, and in which dtype."""
        return choose_placement(self.spec.device, self.spec.dtype, self.resolved.stored_dtype)

    @property
    def identity(self) -> dict[str, str]:
        """Model, revision, tokenizer and dtype, from the files alone."""
        origin = self.resolved
        files = {"model": origin.name, "revision": origin.revision, "tokenizer": origin.tokenizer_revision}
        # Weights stored in float32 are used in it on any device: to know that takes no torch, and so no second.
        known = origin.stored_dtype == "float32" and not (self.spec.dtype or self.spec.device)
        return {**files, "dtype": "float32" if known else self.placement.dtype}

    def load_tokenizer(self) -> Any:
        """A fast tokenizer: one that knows the characters of each token.

        Raises:
            ModelError: there is none, or only a slow one without offsets.
        """
        return self._tokenizer

    def load_backend_tokenizer(self) -> Any:
        """The `tokenizers` tokenizer beneath it, which neither cuts nor pads; without torch where its file says all.

        Raises:
            ModelError: as `load_tokenizer`.
        """
        text = self.resolved.read("tokenizer.json") if self._is_plain_tokenizer else ""
        if text:
            with _convert_errors(f"The tokenizer of {self.resolved.name}"):
                tokenizer = import_optional("tokenizers", "lm").Tokenizer.from_str(text)
        else:
            tokenizer = self.load_tokenizer().backend_tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @property
    def _is_plain_tokenizer(self) -> bool:
        """Whether the tokenizer is what tokenizer.json says, and no class of its own."""
        return self.resolved.tokenizer_class in ("TokenizersBackend", "PreTrainedTokenizerFast")

    @cached_property
    def _tokenizer(self) -> Any:
        import_optional("torch", "lm")  # or its absence would come out as an error of the tokenizer
        library, name = import_optional("transformers", "lm"), self.resolved.name
        with silence_libraries(), _convert_errors(f"The tokenizer of {name}"):
            # For some types of model (qwen2 is one) AutoTokenizer of transformers 5 takes its own class whatever the
            # folder says, and cuts text by rules that are not those of tokenizer.json.
            factory = library.PreTrainedTokenizerFast if self._is_plain_tokenizer else library.AutoTokenizer
            tokenizer = factory.from_pretrained(
                trust_remote_code=self.spec.trust_remote_code, **self.resolved.tokenizer_arguments
            )
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
        library, torch, name = import_optional("transformers", "lm"), import_optional("torch", "lm"), self.resolved.name
        self.resolved.download()
        with silence_libraries(), _convert_errors(f"The model {name}"):
            model, report = getattr(library, auto_class).from_pretrained(
                self.resolved.location,
                dtype=getattr(torch, self.placement.dtype),
                output_loading_info=True,
                **self._build_dequantization_arguments(library),
                **self._arguments,
            )
            model.to(self.placement.device).eval().requires_grad_(False)
        missing = sorted(report["missing_keys"])
        if missing:
            raise ModelError(
                f"The model {name} lacks weights that {auto_class} needs ({len(missing)}, such as '{missing[0]}').",
                "Give a causal language model for nll and entropy, a token classifier for saliency.",
            )
        return merge_adapter(model, self.resolved.adapter) if self.resolved.adapter else model

    def _build_dequantization_arguments(self, library: ModuleType) -> dict[str, Any]:
        """A GGUF file's blocks are turned into plain weights, whatever kernels the machine has: the same numbers."""
        if not self.resolved.gguf:
            return {}
        for needed in ("gguf", "accelerate"):
            import_optional(needed, "lm")
        packs = hasattr(library, "GgufConfig")  # older versions know nothing else than plain weights
        return {"quantization_config": library.GgufConfig(dequantize=True)} if packs else {}

    @property
    def _arguments(self) -> dict[str, Any]:
        return {"trust_remote_code": self.spec.trust_remote_code, **self.resolved.arguments}


@contextlib.contextmanager
def _convert_errors(what: str) -> Iterator[None]:
    """Turn whatever a library raises into one `ModelError`."""
    try:
        yield
    except Exception as error:  # OSError, ValueError, KeyError, ImportError, SafetensorError, torch's own ...
        hint = "Check its files, or give another model."
        if "trust_remote_code" in str(error):
            hint = "It brings code of its own: give trust_remote_code (--trust-remote-code) if you trust that."
        raise ModelError(f"{what} cannot be loaded: {summarize_error(error)}", hint) from error
