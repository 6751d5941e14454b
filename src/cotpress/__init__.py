"""Compress chain-of-thought traces for reasoning distillation.

>>> import cotpress
>>> trace = cotpress.Trace(id="1", question="2+3?", reasoning="Two and three. Hmm, wait. 2+3=5.", answer="5")
>>> [one] = cotpress.compress([trace], cotpress.Method("random", "token"), keep=0.5)
>>> one.tokens_kept <= one.tokens_original / 2
True
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from cotpress._version import __version__

if TYPE_CHECKING:
    from cotpress.checks import restructuring
    from cotpress.errors import CotpressError
    from cotpress.inspection import inspect
    from cotpress.llmlingua import LLMLingua2
    from cotpress.models import load_counter
    from cotpress.ngram import NGram
    from cotpress.pipeline import Amount, chat_writer, compress, rewrite
    from cotpress.prune import Method, reassemble
    from cotpress.rewriting import Steering
    from cotpress.signals import LM, Saliency
    from cotpress.traces import Fields, read
    from cotpress.types import Compressed, Rejected, Signals, Trace

# Loaded when first asked for, so that `cotpress --help` imports no arrays and no models.
_HOMES = {
    "Amount": "pipeline",
    "Compressed": "types",
    "CotpressError": "errors",
    "Fields": "traces",
    "LLMLingua2": "llmlingua",
    "LM": "signals",
    "Method": "prune",
    "NGram": "ngram",
    "Rejected": "types",
    "Saliency": "signals",
    "Signals": "types",
    "Steering": "rewriting",
    "Trace": "types",
    "chat_writer": "pipeline",
    "compress": "pipeline",
    "inspect": "inspection",
    "load_counter": "models",
    "read": "traces",
    "reassemble": "prune",
    "restructuring": "checks",
    "rewrite": "pipeline",
}

__all__ = [
    "LM",
    "Amount",
    "Compressed",
    "CotpressError",
    "Fields",
    "LLMLingua2",
    "Method",
    "NGram",
    "Rejected",
    "Saliency",
    "Signals",
    "Steering",
    "Trace",
    "__version__",
    "chat_writer",
    "compress",
    "inspect",
    "load_counter",
    "read",
    "reassemble",
    "restructuring",
    "rewrite",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'cotpress' has no attribute '{name}'")
    return getattr(importlib.import_module(f"cotpress.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
