"""Compress chain-of-thought traces for reasoning distillation.

>>> import cotpress
>>> trace = cotpress.Trace(id="1", question="2+3?", reasoning="Two and three. Hmm, wait. 2+3=5.", answer="5")
>>> [one] = cotpress.compress([trace], cotpress.Method("random", "token"), keep=0.5)
>>> one.tokens_kept <= one.tokens_original / 2
True
"""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING, Any

from cotpress._version import __version__

if TYPE_CHECKING:
    from cotpress.analysis.advice import Advice
    from cotpress.analysis.outcome_frames import to_frame
    from cotpress.analysis.rating import RatedTrace
    from cotpress.api import advise, evaluate, inspect, measure, rate, report, sweep
    from cotpress.criteria import Criterion, Evidence, Order, register_criterion
    from cotpress.errors import CotpressError
    from cotpress.evaluation import ChatStudentConfig, EvaluationConfig
    from cotpress.export import ExampleStyle
    from cotpress.llmlingua import LLMLingua2
    from cotpress.models import ModelSpec, load_counter
    from cotpress.pipeline import BudgetConfig, compress, make_chat_writer, push, rewrite, write
    from cotpress.progress.display import show_progress
    from cotpress.pruning import Method, reassemble
    from cotpress.rewriting import RewritePolicy
    from cotpress.rewriting.checks import measure_restructuring
    from cotpress.served import ServedLM, ServerConfig
    from cotpress.signals import LM, RankLM, Saliency
    from cotpress.signals.ngram import NGram
    from cotpress.study import ExecutorConfig
    from cotpress.traces import FieldNames, RowSelection, read
    from cotpress.training import train
    from cotpress.types import Compressed, Rejected, Signals, Trace

# Loaded when first asked for, so that `cotpress --help` imports no arrays and no models.
_LAZY_EXPORTS = {
    "Advice": "analysis.advice",
    "ChatStudentConfig": "evaluation",
    "BudgetConfig": "pipeline",
    "Compressed": "types",
    "CotpressError": "errors",
    "Criterion": "criteria",
    "EvaluationConfig": "evaluation",
    "Evidence": "criteria",
    "ExampleStyle": "export",
    "ExecutorConfig": "study",
    "FieldNames": "traces",
    "LLMLingua2": "llmlingua",
    "LM": "signals",
    "Method": "pruning",
    "ModelSpec": "models",
    "NGram": "signals.ngram",
    "Order": "criteria",
    "RankLM": "signals",
    "RatedTrace": "analysis.rating",
    "Rejected": "types",
    "RewritePolicy": "rewriting",
    "RowSelection": "traces",
    "Saliency": "signals",
    "ServedLM": "served",
    "ServerConfig": "served",
    "Signals": "types",
    "Trace": "types",
    "advise": "api",
    "compress": "pipeline",
    "evaluate": "api",
    "inspect": "api",
    "load_counter": "models",
    "make_chat_writer": "pipeline",
    "measure": "api",
    "measure_gauges": "pipeline",
    "measure_restructuring": "rewriting.checks",
    "push": "pipeline",
    "rate": "api",
    "read": "traces",
    "reassemble": "pruning",
    "register_criterion": "criteria",
    "report": "api",
    "rewrite": "pipeline",
    "show_progress": "progress.display",
    "sweep": "api",
    "to_frame": "analysis.outcome_frames",
    "train": "training",
    "write": "pipeline",
}
# Names of earlier versions: they work, with a warning, until the next one.
_RENAMED = {
    "Amount": "BudgetConfig",
    "Fields": "FieldNames",
    "Steering": "RewritePolicy",
    "chat_writer": "make_chat_writer",
    "restructuring": "measure_restructuring",
}

__all__ = [
    "LM",
    "Advice",
    "BudgetConfig",
    "ChatStudentConfig",
    "Compressed",
    "CotpressError",
    "Criterion",
    "EvaluationConfig",
    "Evidence",
    "ExampleStyle",
    "ExecutorConfig",
    "FieldNames",
    "LLMLingua2",
    "Method",
    "ModelSpec",
    "NGram",
    "Order",
    "RankLM",
    "RatedTrace",
    "Rejected",
    "RewritePolicy",
    "RowSelection",
    "Saliency",
    "ServedLM",
    "ServerConfig",
    "Signals",
    "Trace",
    "__version__",
    "advise",
    "compress",
    "evaluate",
    "inspect",
    "load_counter",
    "make_chat_writer",
    "measure",
    "measure_gauges",
    "measure_restructuring",
    "push",
    "rate",
    "read",
    "reassemble",
    "register_criterion",
    "report",
    "rewrite",
    "show_progress",
    "sweep",
    "to_frame",
    "train",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _RENAMED:
        warnings.warn(f"cotpress.{name} is now cotpress.{_RENAMED[name]}.", DeprecationWarning, stacklevel=2)
        name = _RENAMED[name]
    if name not in _LAZY_EXPORTS:
        raise AttributeError(f"module 'cotpress' has no attribute '{name}'")
    return getattr(importlib.import_module(f"cotpress.{_LAZY_EXPORTS[name]}"), name)


def __dir__() -> list[str]:
    return __all__
