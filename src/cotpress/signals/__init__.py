"""What a model says about each token of a trace, and where that is kept."""

from cotpress.signals.causal_lm import LM, RankLM
from cotpress.signals.saliency_model import Saliency
from cotpress.signals.signal_store import SignalStore, load_or_score
from cotpress.signals.token_classifier import CLASSIFIER_MODEL_TYPES, TokenClassifier, build_classifier
from cotpress.signals.trace_encoding import encode_texts
from cotpress.signals.validation import score_and_validate

__all__ = [
    "CLASSIFIER_MODEL_TYPES",
    "LM",
    "RankLM",
    "Saliency",
    "SignalStore",
    "TokenClassifier",
    "build_classifier",
    "encode_texts",
    "load_or_score",
    "score_and_validate",
]
