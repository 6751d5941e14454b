"""What a model says about each token of a trace, and where that is kept."""

from cotpress.signals.classifier import KNOWN, Classifier, as_classifier
from cotpress.signals.encoding import encode_texts
from cotpress.signals.lm import LM
from cotpress.signals.saliency import Saliency
from cotpress.signals.sound import sound_scores
from cotpress.signals.stored import SignalStore, scored

__all__ = [
    "KNOWN",
    "LM",
    "Classifier",
    "Saliency",
    "SignalStore",
    "as_classifier",
    "encode_texts",
    "scored",
    "sound_scores",
]
