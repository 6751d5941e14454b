"""A causal LM that is loaded and ready: one for all sources that ask the same model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from cotpress.models import ModelLoader
from cotpress.signals.lm_loader import PROBE_TEXT, split_lm
from cotpress.signals.lm_runner import LMRunner
from cotpress.signals.trace_encoding import TracePromptEncoder, encode_texts


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class LoadedLM:
    """A model on its device, what words its prompts, and the most tokens that it looks at together."""

    prompter: TracePromptEncoder
    runner: LMRunner
    context: int

    @property
    def tokenizer(self) -> Any:
        """The model's tokenizer."""
        return self.prompter.tokenizer


_LOADED: WeakValueDictionary[Any, LoadedLM] = WeakValueDictionary()  # weights live as long as a source that uses them


def load_lm(loader: ModelLoader) -> LoadedLM:
    """The model of `loader`. Two sources with the same loader share it, so that it is loaded once.

    Raises:
        ModelError: it cannot be loaded or used.
        MissingExtraError: torch or transformers is not installed.
    """
    key = (loader.spec, *sorted(loader.identity.items()))
    loaded = _LOADED.get(key)
    if loaded is None:
        loaded = _LOADED[key] = _load(loader)
    return loaded


def _load(loader: ModelLoader) -> LoadedLM:
    origin, limits = loader.resolved, loader.spec.limits
    tokenizer, model = loader.load_tokenizer(), loader.load_model("AutoModelForCausalLM")
    positions = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    context = limits.resolve_context(positions, origin.name)
    [(probe, _)] = encode_texts(tokenizer, [PROBE_TEXT])
    runner = split_lm(model, origin.name, limits.batch_tokens, probe)
    return LoadedLM(TracePromptEncoder(tokenizer, origin.has_chat_template), runner, context)
